"""Fifty mails through Postfix while the gateway dies again and again at one point of its work.

Each mail goes to a partner and, blind, to a second one: two copies in one transaction.
"""

import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from siegel.flows.points import Point
from tests.peers.installation import Hops, Installation
from tests.peers.mailstack import MailStack
from tests.peers.mime import mail, text_entity
from tests.peers.process import Child
from tests.world import WORLD

MAILS: Final = 50
EVERY: Final = 8  # passes of the point between two kills
SECRET: Final = b"DAS DARF NIEMAND LESEN"
PATIENCE: Final = 240.0  # seconds until every mail must have arrived

ALICE, HUBER, DANA = (WORLD.person(name) for name in ("alice", "huber", "dana"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of the mails at one point; ``twice`` counts copies beyond the first."""

    point: Point
    sent: int
    arrived: int
    twice: int
    plain: int
    kills: int
    message_ids_differ: int

    def line(self) -> str:
        return (
            f"{self.point:<10} sent {self.sent:>3}  arrived {self.arrived:>3}  "
            f"twice {self.twice:>3}  plain {self.plain:>3}  kills {self.kills:>2}"
        )


def office_for(stack: MailStack, folder: Path) -> Installation:
    ports = stack.ports
    hops = Hops(
        outbound_port=ports.outbound_filter,
        inbound_port=ports.inbound_filter,
        outbound_hop=f"smtp://127.0.0.1:{ports.outbound_reinject}",
        inbound_hop=f"smtp://127.0.0.1:{ports.inbound_reinject}",
    )
    office = Installation(folder, hops)
    # one message at a time: then every duplicate has exactly one explanation
    text = office.config.read_text("utf-8").replace(
        "drain_seconds = 5", "drain_seconds = 5\nworkers = 1"
    )
    office.config.write_text(text, "utf-8")
    office.trust_root()
    office.add_person(ALICE)
    for partner in (HUBER, DANA):
        office.add_certificate(partner)
    return office


def play(stack: MailStack, office: Installation, point: Point, mails: int = MAILS) -> Outcome:
    """Send, kill, restart, until everything has arrived or patience ends."""
    stack.wait_for_empty_queue()
    stack.empty()
    command = (sys.executable, "-m", "tests.kill.gateway", str(office.config), point.value)
    child = Child((*command, str(EVERY)), log=office.folder / f"{point}.log")
    stopping = threading.Event()
    kills = [0]
    keeper = threading.Thread(target=_keep_alive, args=(child, stopping, kills))
    keeper.start()
    try:
        for number in range(mails):
            stack.submit(ALICE.address, [HUBER.address, DANA.address], _message(number))
        _wait(stack, mails * 2)
        stack.wait_for_empty_queue(patience=PATIENCE)
    finally:
        stopping.set()
        keeper.join()
        if child.running:
            child.kill()
    return _outcome(stack, point, mails, kills[0])


def _keep_alive(child: Child, stopping: threading.Event, kills: list[int]) -> None:
    """Start the gateway anew whenever it has died."""
    child.start()
    while not stopping.wait(0.05):
        if not child.running:
            kills[0] += 1
            child.start()


def _wait(stack: MailStack, wanted: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and len(_copies(stack)) < wanted:
        time.sleep(0.2)


def _message(number: int) -> bytes:
    return mail(
        text_entity(SECRET.decode()),
        sender=ALICE.address,
        recipients=(HUBER.address,),
        subject=f"Kill {number:03}",
    )


def _copies(stack: MailStack) -> Counter[tuple[bytes, str]]:
    """How often each (subject, recipient) arrived."""
    return Counter(
        (_field(one.content, b"Subject"), recipient)
        for one in stack.outside.received
        for recipient in one.recipients
    )


def _field(message: bytes, name: bytes) -> bytes:
    header = message.partition(b"\r\n\r\n")[0]
    lines = [line for line in header.split(b"\r\n") if line.lower().startswith(name.lower() + b":")]
    return lines[0].partition(b":")[2].strip() if lines else b""


def _outcome(stack: MailStack, point: Point, mails: int, kills: int) -> Outcome:
    copies = _copies(stack)
    ids: dict[bytes, set[bytes]] = {}
    for one in stack.outside.received:
        ids.setdefault(_field(one.content, b"Subject"), set()).add(
            _field(one.content, b"Message-ID")
        )
    return Outcome(
        point=point,
        sent=mails * 2,
        arrived=len(copies),
        twice=sum(count - 1 for count in copies.values()),
        plain=sum(SECRET in one.content for one in stack.outside.received),
        kills=kills,
        message_ids_differ=sum(len(found) > 1 for found in ids.values()),
    )
