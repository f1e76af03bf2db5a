"""Killed again and again, the authority loses nothing and uses no serial number twice."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509

from siegel.flows.issuing import Step
from tests.cli.command import Office
from tests.peers.process import Child
from tests.peers.programs import run

pytestmark = [pytest.mark.slow]

PEOPLE: Final = 6
MOST_KILLS: Final = 60


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path) as made:
        yield with_authority(made)


def with_authority(office: Office) -> Office:
    office.siegel(
        "authority", "create", "Amt", "--publish-at", "http://pki.office.example",
        "--key", "p-256", "--trust",
    )  # fmt: skip
    return office


@pytest.mark.requirement("B34", "B44")
@pytest.mark.parametrize("step", [Step.SERIAL_RESERVED, Step.SIGNED, Step.WRITTEN, Step.LISTED])
def test_killed_at(step: Step, office: Office, tmp_path: Path) -> None:
    every = "2" if step is Step.LISTED else "3"
    command = ("-m", "tests.kill.authority", str(office.config), step.value, every, str(PEOPLE))
    kills = 0
    while run([sys.executable, *command]).returncode != 0:
        kills += 1
        assert kills < MOST_KILLS, "it gets nowhere"
    assert kills > 0, "the trap was never sprung"
    shown = json.loads(office.siegel("authority", "show", "Amt Issuing", "--json"))
    made = shown["certificates"]
    assert shown["issued"] == len(made) == PEOPLE
    assert len({one["serial"] for one in made}) == PEOPLE
    assert len({one["subject"] for one in made}) == PEOPLE
    revoked = {one["serial"] for one in made if one["reason"]}
    assert len(revoked) == shown["revoked"] == PEOPLE // 3
    out = tmp_path / "now.crl"
    office.siegel("authority", "crl", "--authority", "Amt Issuing", "--out", str(out))
    found = x509.load_der_x509_crl(out.read_bytes())
    assert {f"{entry.serial_number:x}" for entry in found} == revoked
    number = found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    assert number == PEOPLE // 3 + 2  # the first, one for each revocation, and this one
    listed = json.loads(office.siegel("certificate", "list", "--own", "--json"))
    usable = [one for one in listed if not one["is_ca"] and not one["signing_obstacles"]]
    assert len(usable) == PEOPLE - PEOPLE // 3


def test_two_at_once_never_share_a_number_or_a_key(office: Office, tmp_path: Path) -> None:
    command = ("-m", "tests.kill.authority", str(office.config), "listed", "999", str(PEOPLE))
    pair = [Child.python(*command, log=tmp_path / f"{name}.log") for name in "ab"]
    for child in pair:
        child.start()
    for child in pair:
        child.wait(patience=120)  # one may find that the other was quicker, and say so
    assert run([sys.executable, *command]).returncode == 0
    shown = json.loads(office.siegel("authority", "show", "Amt Issuing", "--json"))
    made = shown["certificates"]
    assert len({one["serial"] for one in made}) == len(made)
    assert len({one["subject"] for one in made}) == PEOPLE
    good = [one["subject"] for one in made if not one["reason"]]
    assert len(good) == len(set(good)) == PEOPLE - PEOPLE // 3
