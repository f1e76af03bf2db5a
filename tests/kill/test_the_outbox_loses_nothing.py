"""The outbox, killed again and again at one point of its work: nothing is lost, nothing leaves
plain; a copy goes twice only if the plug is pulled between the next hop's 250 and our record."""

import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from siegel.flows.points import OF_BULK, OF_THE_OUTBOX, Point
from tests.kill.outbox import SECRET
from tests.peers.installation import Hops, Installation
from tests.world import WORLD

pytestmark = [pytest.mark.slow]

LETTERS = 12
EVERY = 3  # passes of the point between two kills
ALICE, HUBER, DANA = (WORLD.person(name) for name in ("alice", "huber", "dana"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How often each (subject, recipient) arrived, and what Sent holds."""

    kills: int
    arrived: Counter[tuple[bytes, str]]
    message_ids: dict[bytes, set[bytes]]
    plain: int
    sent: int


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("prepared")
    made = Installation(folder, Hops.maildirs(folder))
    made.trust_root()
    made.add_person(ALICE)
    for partner in (HUBER, DANA):
        made.add_certificate(partner)
    return made


@pytest.fixture
def office(prepared: Installation, tmp_path: Path) -> Installation:
    return prepared.copied_to(tmp_path / "office")


def play(office: Installation, point: Point, what: str = "accept") -> Outcome:
    command = [sys.executable, "-m", "tests.kill.outbox", str(office.config), what, str(LETTERS)]
    done = subprocess.run(
        [*command, point.value, str(EVERY)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return outcome(office, int(done.stdout))


def outcome(office: Installation, kills: int) -> Outcome:
    arrived: Counter[tuple[bytes, str]] = Counter()
    ids: dict[bytes, set[bytes]] = {}
    plain = 0
    for file in (office.folder / "outside").rglob("new/*"):
        content = file.read_bytes()
        subject = field(content, b"Subject")
        arrived[subject, file.parent.parent.name] += 1
        ids.setdefault(subject, set()).add(field(content, b"Message-ID"))
        plain += SECRET.encode() in content
    kept = [each.read_bytes() for each in (office.folder / "data").rglob("*") if each.is_file()]
    plain += sum(SECRET.encode() in each for each in kept)
    in_sent = sum(b"Subject: Kill" in each for each in kept)
    return Outcome(kills=kills, arrived=arrived, message_ids=ids, plain=plain, sent=in_sent)


def field(message: bytes, name: bytes) -> bytes:
    header = message.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    lines = [line for line in header.splitlines() if line.lower().startswith(name.lower() + b":")]
    return lines[0].partition(b":")[2].strip() if lines else b""


@pytest.mark.requirement("A3")
@pytest.mark.parametrize("point", OF_THE_OUTBOX)
def test_killed_at(point: Point, office: Installation) -> None:
    found = play(office, point)

    assert found.kills > 0, "the trap was never sprung"
    assert len(found.arrived) == 2 * LETTERS
    assert all(len(each) == 1 for each in found.message_ids.values())
    assert found.plain == 0
    assert found.sent == LETTERS, "each letter lies in Sent once"
    twice = sum(count - 1 for count in found.arrived.values())
    assert twice <= (found.kills if point is Point.SUBMITTED else 0)


@pytest.mark.requirement("A83")
@pytest.mark.parametrize("point", OF_BULK)
def test_mail_to_many_killed_at(point: Point, office: Installation) -> None:
    found = play(office, point, "bulk")

    assert found.kills > 0, "the trap was never sprung"
    assert {to for _, to in found.arrived} == {f"p{n:03}@x.example" for n in range(LETTERS)}
    twice = sum(count - 1 for count in found.arrived.values())
    assert twice <= (found.kills if point is Point.BULK_SUBMITTED else 0)
