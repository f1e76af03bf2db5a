"""PKCS #12 files: do they open with the published password, and how much is inside?"""

import re
from functools import cache
from pathlib import Path

from siegel.base.errors import SiegelError, WrongPassphrase
from siegel.base.secret import Secret
from siegel.pki.pkcs12 import Pkcs12, open_pkcs12
from tests.corpora.rows import Outcome, Row

_NO_PASSWORD = ("(empty/none)", "(empty)")
_CERTIFICATES = re.compile(r"(\d+) cert")
_KEYS = re.compile(r"(\d+) (?:private )?key")


@cache
def open_file(path: Path, passphrase: str) -> Pkcs12:
    """Opened once for all tests: some of these files take a second."""
    return open_pkcs12(path.read_bytes(), Secret(passphrase))


def opened(row: Row) -> Outcome:
    passphrase = row.key.removeprefix("password=")
    try:
        found = open_file(row.path, "" if passphrase in _NO_PASSWORD else passphrase)
    except SiegelError as error:
        return Outcome(right=_is_refusal(row.expected, error), says=error.code)
    counts = (len(found.certificates), len(found.keys))
    says = f"{counts[0]} certificates, {counts[1]} keys"
    return Outcome(right=_fits(row.expected, counts), says=says)


def _is_refusal(expected: str, error: SiegelError) -> bool:
    if expected.startswith("fail (bad password)"):
        return isinstance(error, WrongPassphrase)
    return expected.startswith(("refuse", "error"))


def _fits(expected: str, counts: tuple[int, int]) -> bool:
    """What is written must be there; a row that only says "opens" wants something inside."""
    if expected.startswith(("refuse", "error", "fail")):
        return False
    certificates, keys = _CERTIFICATES.search(expected), _KEYS.search(expected)
    if certificates and keys:
        return counts == (int(certificates[1]), int(keys[1]))
    return expected.startswith("opens") and sum(counts) > 0


DRIVERS = {"pkcs12-open": opened}
