"""Killed again and again, a list of people gets its certificates: each one, and nothing twice."""

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from siegel.flows.issuing import Step
from tests.cli.command import Office
from tests.kill.test_no_serial_number_twice import with_authority
from tests.peers.programs import run

pytestmark = [pytest.mark.slow]

PEOPLE: Final = 6
MOST_KILLS: Final = 40


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path) as made:
        yield with_authority(made)


@pytest.mark.requirement("B21", "B34")
@pytest.mark.parametrize("step", [Step.KEY_KEPT, Step.SIGNED, Step.ISSUED])
def test_killed_at(step: Step, office: Office, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    rows = ["address", *(f"p{number}@office.example" for number in range(PEOPLE)), "nobody"]
    people.write_text("\n".join(rows))
    command = ("-m", "tests.kill.enrolling", str(office.config), step.value, "2", str(people))
    kills = 0
    while run([sys.executable, *command]).returncode != 0:
        kills += 1
        assert kills < MOST_KILLS, "it gets nowhere"
    assert kills > 0, "the trap was never sprung"
    shown = json.loads(office.siegel("authority", "show", "Amt Issuing", "--json"))
    made = shown["certificates"]
    assert shown["issued"] == len(made) == PEOPLE
    assert len({one["serial"] for one in made}) == len({one["subject"] for one in made}) == PEOPLE
    report = tmp_path / "report.csv"
    office.siegel("authority", "enrol-many", str(people), "--report", str(report), status=1)
    rows_of_report = list(csv.DictReader(io.StringIO(report.read_text("utf-8-sig"))))
    assert [one["result"] for one in rows_of_report] == ["there already"] * PEOPLE + ["failed"]
