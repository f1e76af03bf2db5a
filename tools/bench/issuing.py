"""``python -m tools.bench.issuing [PEOPLE] [KEY]``: certificates for many accounts, as a worker
goes through a list, against the bare making of a key and one signature, in a store of its own.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from siegel.config.django import configure
from siegel.config.load import load
from siegel.pki.key_generation import KeyChoice, generate

_CONFIG = """\
[organisation]
name = "Bench"
domains = ["office.example"]
[store]
url = "sqlite:///{folder}/siegel.db"
data_dir = "{folder}/data"
[keys]
file = "{folder}/siegel.key"
"""


def main(people: int, choice: KeyChoice) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "siegel.toml"
        config.write_text(_CONFIG.format(folder=folder), "utf-8")
        configure(load(config))
        bare, ours = _bare(people, choice), _ours(people, choice, Path(folder))
    print(
        f"{people} people, {choice}: {ours / people * 1000:.0f} ms each, bare "
        f"{bare / people * 1000:.0f} ms, ratio {ours / bare:.2f}"
    )


def _bare(people: int, choice: KeyChoice) -> float:
    from cryptography.hazmat.primitives.asymmetric import rsa

    signing = rsa.generate_private_key(65537, 4096)
    start = time.perf_counter()
    for _ in range(people):
        generate(choice)
        signing.sign(bytes(1000), PKCS1v15(), SHA256())
    return time.perf_counter() - start


def _ours(people: int, choice: KeyChoice, folder: Path) -> float:
    from siegel.base.address import EmailAddress
    from siegel.ca.names import Organisation
    from siegel.ca.profiles import LEAF_DAYS
    from siegel.flows import authorities, enrolling_many, enrolling_work
    from siegel.flows.enrolling_many import Plan
    from siegel.flows.issuing import Workshop
    from siegel.flows.staff_list import StaffLine, StaffMember
    from siegel.serve.enrolling import AT_ONCE
    from siegel.store.queries import organisation
    from siegel.store.schema import migrate
    from siegel.store.vault import create_key_file, open_vault

    migrate()
    organisation.establish(name="Bench", language="de", domains=("office.example",))
    at, key_file = datetime.now(UTC), folder / "siegel.key"
    create_key_file(key_file)
    tools = Workshop(vault=open_vault(key_file, at=at), rng=os.urandom)
    plan = authorities.AuthorityPlan(
        name="Bench", organisation=Organisation(name="Bench"), publish_at="http://pki.example"
    )
    created = authorities.create(plan, tools.vault, rng=tools.rng, by="bench", at=at, trust=True)
    issuing = created.issuing
    addresses = [EmailAddress.parse(f"p{number}@office.example") for number in range(people)]
    lines = [
        StaffLine(number=number, member=StaffMember(address=address))
        for number, address in enumerate(addresses)
    ]
    job = enrolling_many.prepare(
        lines,
        Plan(
            authority=issuing.name,
            key=choice,
            second_key=None,
            days=LEAF_DAYS,
            create_accounts=True,
        ),
        by="bench",
        at=at,
    )
    enrolling_many.start(job, by="bench", at=at)
    start = time.perf_counter()
    while enrolling_work.work_some(tools, limit=AT_ONCE, at=at):
        pass
    took = time.perf_counter() - start
    assert enrolling_many.get(job).figures.issued == people
    return took


if __name__ == "__main__":
    asked = sys.argv[1:]
    main(int(asked[0]) if asked else 1000, KeyChoice(asked[1] if asked[1:] else "rsa-3072"))
