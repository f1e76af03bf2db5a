"""``make ca-check``: everything our authority can issue, through every judge; a table of what it
issued, and exit status 1 if any of them objects.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from siegel.ca.ocsp import Status
from siegel.pki.key_generation import KeyChoice
from siegel.pki.verdict import PathStatus, Purpose
from tests.authority import linting
from tests.authority.house import House, Kind, kinds
from tests.authority.judging import Files, path_of, purposes


def main() -> int:
    objections = 0
    for choice in (one for one in KeyChoice if one.can_sign):
        house = House(choice)
        found = list(_of_authority(house))
        print(f"authority {choice:<48} {'; '.join(found) or 'good'}", flush=True)
        objections += len(found)
    house = House(KeyChoice.RSA_4096)
    with TemporaryDirectory() as folder:
        files = Files(house, Path(folder))
        for kind in kinds():
            found = list(_of_leaf(house, files, kind))
            print(f"{kind!s:<58} {'; '.join(found) or 'good'}", flush=True)
            objections += len(found)
    print("\nfindings of pkilint that stay, with their reasons:")
    for code, reason in linting.REASONS.items():
        print(f"  {code}: {reason}")
    print(f"{objections} objections")
    return 1 if objections else 0


def _of_authority(house: House) -> Iterator[str]:
    for certificate in (house.root, house.issuing, house.responder):
        yield from linting.of_certificate(certificate.der)
    yield from linting.of_list(house.list_of())
    yield from linting.of_list(house.list_of(house.responder))
    yield from linting.of_list(house.root_list(), of_authorities=True)


def _of_leaf(house: House, files: Files, kind: Kind) -> Iterator[str]:
    leaf, lists = house.leaf(kind), (house.list_of(), house.root_list())
    yield from linting.of_leaf(kind, leaf.der)
    yield from linting.of_certificate(leaf.der)
    for purpose in purposes(kind):
        if said := files.verify(leaf, purpose, *lists):
            yield f"openssl {purpose}: {said.strip()}"
        if "revoked" not in files.verify(leaf, purpose, house.list_of(leaf), lists[1]):
            yield f"openssl {purpose}: not revoked"
    answer = house.answer(files.question(leaf), Status(is_issued=True))
    yield from linting.of_answer(answer)
    if "Response verify OK" not in (said := files.status(leaf, answer)):
        yield f"openssl ocsp: {said.strip()}"
    verdict = path_of(house, leaf, Purpose.ANY, *lists)
    if verdict.status is not PathStatus.VALID:
        yield f"our path: {verdict.status.value}"


if __name__ == "__main__":
    sys.exit(main())
