"""Killed again and again, a re-issue replaces every certificate once, tells every partner once and
revokes every old one; a partner hears twice only if the plug is pulled between the next hop's 250
and our record, and then it is the same message."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from siegel.flows.issuing import Step
from siegel.flows.points import Point
from tests.kill.test_the_outbox_loses_nothing import field
from tests.peers.installation import Hops, Installation

pytestmark = [pytest.mark.slow]

PEOPLE: Final = 6
EVERY: Final = 2  # passes of the point between two kills
POINTS: Final = (
    Point.REISSUE_TAKEN,
    Step.KEY_KEPT,
    Step.SERIAL_RESERVED,
    Step.SIGNED,
    Step.ISSUED,
    Point.REISSUE_ORDERED,
    Step.REVOKED,
    Step.LISTED,
    Point.SUBMITTED,
    Point.RECORDED,
    Point.FINISHED,
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("prepared")
    made = Installation(folder, Hops.maildirs(folder))
    made.siegel(
        "authority", "create", "Amt", "--publish-at", "http://pki.office.example",
        "--key", "p-256", "--trust",
    )  # fmt: skip
    return made


@pytest.mark.requirement("C10", "B34")
@pytest.mark.parametrize("point", POINTS)
def test_killed_at(point: Point | Step, prepared: Installation, tmp_path: Path) -> None:
    office = prepared.copied_to(tmp_path / "office")
    command = [sys.executable, "-m", "tests.kill.reissue", str(office.config)]
    done = subprocess.run(
        [*command, str(PEOPLE), point.value, str(EVERY)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert int(done.stdout) > 0, "the trap was never sprung"

    shown = json.loads(office.siegel("authority", "show", "Amt Issuing", "--json"))
    made = shown["certificates"]
    assert len(made) == 2 * PEOPLE, "each certificate has one replacement"
    assert len({one["serial"] for one in made}) == len(made)
    by_subject = Counter(one["subject"] for one in made)
    assert set(by_subject.values()) == {2}
    revoked = Counter(one["subject"] for one in made if one["reason"])
    assert set(revoked.values()) == {1}
    assert len(revoked) == PEOPLE

    told: Counter[str] = Counter()
    ids: dict[str, set[bytes]] = {}
    for file in (office.folder / "outside").rglob("new/*"):
        partner, content = file.parent.parent.name, file.read_bytes()
        told[partner] += 1
        ids.setdefault(partner, set()).add(field(content, b"Message-ID"))
        assert b"multipart/signed" in content
    assert len(told) == PEOPLE
    assert {len(found) for found in ids.values()} == {1}
    if point is not Point.SUBMITTED:
        assert set(told.values()) == {1}
