"""Killed again and again while a mailbox and its server are brought into step: afterwards both hold
the same messages, none lost and none doubled."""

import hashlib
import imaplib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from siegel.flows.points import SyncPoint
from tests.flows.sync_scene import letter
from tests.kill.mailbox import MOVED, SENT
from tests.peers.installation import Hops, Installation
from tests.peers.mailstack import USERS, MailStack
from tests.world import WORLD

pytestmark = [pytest.mark.interop, pytest.mark.slow]

ALICE = WORLD.person("alice").address
MAILS = 40
EVERY = {SyncPoint.CHANGE_TRIED: 4, SyncPoint.CHANGED: 4, SyncPoint.FILED: 15, SyncPoint.READ: 1}
MOST_KILLS = 5  # before the marks move nothing is noted, so that READ would never end


@pytest.fixture(scope="module")
def stack() -> Iterator[MailStack]:
    with MailStack() as running:
        yield running


@pytest.fixture(scope="module")
def connected(stack: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("connected")
    made = Installation(folder, Hops.maildirs(folder))
    with made.config.open("a") as file:
        file.write('\n[mail]\nprivate_hosts = ["127.0.0.1"]\n')
    made.siegel("account", "add", ALICE)
    _run(made, "connect", str(stack.ports.imap), USERS[ALICE])
    return made


@pytest.mark.parametrize("point", list(SyncPoint))
def test_killed_at(
    point: SyncPoint, stack: MailStack, connected: Installation, tmp_path: Path
) -> None:
    office = connected.copied_to(tmp_path / "office")
    _fill(stack)

    here = json.loads(_run(office, "play", point.value, str(EVERY[point]), str(MOST_KILLS)))

    print(f"{point}: {here['kills']} kills")
    assert here["kills"] > 0, "the trap was never sprung"
    assert here["waiting"] == 0
    assert here["items"] == MAILS + SENT
    for folder, count in (("INBOX", MAILS - MOVED), ("Archiv", MOVED + SENT)):
        there = _there(stack, folder)
        assert len(there) == len(set(there)) == count
        assert sorted(sha256 for sha256, _ in here["folders"][folder]) == sorted(there)
        assert all(uid is not None for _, uid in here["folders"][folder])


def _run(office: Installation, verb: str, *arguments: str) -> str:
    command = (sys.executable, "-m", "tests.kill.mailbox", str(office.config), verb, ALICE)
    done = subprocess.run(
        [*command, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def _client(stack: MailStack) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", stack.ports.imap, timeout=30)
    client.login(ALICE, USERS[ALICE])
    return client


def _fill(stack: MailStack) -> None:
    with _client(stack) as client:
        client.delete("Archiv")
        client.create("Archiv")
        client.select("INBOX")
        client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
        client.expunge()
        for number in range(MAILS):
            client.append("INBOX", "", "", letter(number, ALICE))


def _there(stack: MailStack, folder: str) -> list[str]:
    with _client(stack) as client:
        client.select(folder, readonly=True)
        found: list[Any] = client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
    texts = (each[1] for each in found if isinstance(each, tuple))
    return [hashlib.sha256(text).hexdigest() for text in texts]
