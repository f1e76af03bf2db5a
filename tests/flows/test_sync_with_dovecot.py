"""The sync against a real server: what Dovecot says is understood, and it learns what we do."""

import imaplib
import re
import threading
import time
from collections.abc import Iterator

import pytest

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.store.mail_rows import Flags
from siegel.store.models.mail import ChangeKind
from siegel.transport.imap_login import Login, connect
from siegel.transport.imap_session import ImapSession
from siegel.transport.mail_server import Reach, Security
from tests.flows.office import ALICE, Office
from tests.flows.sync_scene import Scene, letter
from tests.peers.mailstack import USERS, MailStack

pytestmark = [pytest.mark.interop]


@pytest.fixture(scope="module")
def stack() -> Iterator[MailStack]:
    with MailStack() as running:
        yield running


@pytest.fixture
def other(stack: MailStack) -> Iterator[imaplib.IMAP4]:
    """Another mail program of the same person; her mailbox is empty."""
    client = imaplib.IMAP4("127.0.0.1", stack.ports.imap, timeout=30)
    client.login(ALICE.address, USERS[ALICE.address])
    for line in client.list()[1]:
        assert isinstance(line, bytes)
        name = line.rpartition(b' "." ')[2].decode()
        if name.strip('"') != "INBOX":
            client.delete(name)
    client.select("INBOX")
    client.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
    client.expunge()
    client.create("Archiv")
    client.create('"Gel&APY-schte Elemente"')
    yield client
    client.logout()


def session(stack: MailStack) -> ImapSession:
    login = Login(
        host="127.0.0.1",
        port=stack.ports.imap,
        security=Security.NONE,
        user=ALICE.address,
        secret=Secret(USERS[ALICE.address]),
        reach=Reach(private_hosts=frozenset({"127.0.0.1"})),
    )
    return ImapSession(connect(login))


@pytest.fixture
def scene(office: Office, stack: MailStack, other: imaplib.IMAP4) -> Iterator[Scene]:
    del other
    with session(stack) as server:
        yield Scene(office, EmailAddress.parse(ALICE.address), server)


def put(client: imaplib.IMAP4, *numbers: int, folder: str = "INBOX", flags: str = "") -> None:
    for number in numbers:
        answer, _ = client.append(folder, flags, "", letter(number, ALICE.address))
        assert answer == "OK"


def there(client: imaplib.IMAP4, folder: str = "INBOX") -> list[bytes]:
    """What another program sees, and the flags it sees."""
    client.select(folder)
    _, found = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
    return sorted(bytes(each[1]) for each in found if isinstance(each, tuple))


def flags_there(client: imaplib.IMAP4, folder: str = "INBOX") -> list[set[bytes]]:
    client.select(folder)
    _, found = client.uid("FETCH", "1:*", "(FLAGS)")
    lists = (re.search(rb"FLAGS \(([^)]*)\)", each) for each in found if isinstance(each, bytes))
    return [set(each[1].split()) - {rb"\Recent"} for each in lists if each]


def test_everything_is_read_and_nothing_becomes_seen(scene: Scene, other: imaplib.IMAP4) -> None:
    put(other, 1, 2)
    put(other, 3, flags=r"(\Seen \Flagged)")
    put(other, 4, folder="Archiv")

    scene.sync()

    assert scene.texts_in("INBOX") == there(other)
    assert scene.texts_in("Archiv") == there(other, "Archiv")
    assert flags_there(other) == [set(), set(), {rb"\Seen", rb"\Flagged"}]
    assert [(place.seen, place.flagged) for place in scene.places("INBOX")][2] == (True, True)


def test_folders_are_known_by_their_use_and_umlauts_are_kept(scene: Scene) -> None:
    scene.sync()

    roles = {name: scene.folder(name).role for name in ("INBOX", "Archiv", "Gelöschte Elemente")}
    assert roles == {"INBOX": "inbox", "Archiv": "archive", "Gelöschte Elemente": "trash"}


def test_flags_moves_and_deletions_go_both_ways(scene: Scene, other: imaplib.IMAP4) -> None:
    put(other, *range(1, 7))
    scene.sync()
    one, two, three, _, five, six = scene.places("INBOX")

    scene.mark(one, ChangeKind.SEEN, Flags(seen=True))
    scene.move(two, "Archiv")
    scene.delete(three)
    other.select("INBOX")
    other.store("4", "+FLAGS", r"(\Answered)")
    other.uid("MOVE", str(five.uid), "Archiv")
    other.uid("STORE", str(six.uid), "+FLAGS", r"(\Deleted)")
    other.expunge()
    scene.sync()

    assert there(other) == scene.texts_in("INBOX") == _letters(1, 4)
    assert there(other, "Archiv") == scene.texts_in("Archiv") == _letters(2, 5)
    assert flags_there(other) == [{rb"\Seen"}, {rb"\Answered"}]
    assert [place.answered for place in scene.places("INBOX")] == [False, True]


def test_a_sent_mail_lies_on_the_server_octet_for_octet(scene: Scene, other: imaplib.IMAP4) -> None:
    scene.sync()
    scene.append(letter(1, ALICE.address), "Archiv")

    scene.sync()

    assert there(other, "Archiv") == scene.texts_in("Archiv") == _letters(1)
    assert scene.places("Archiv")[0].uid is not None


@pytest.mark.parametrize("name", ['<a"b\\c@d>', "<a(b@c>", "<{5}@c>", "<* ALL@c>"])
def test_a_message_id_is_only_a_message_id(
    stack: MailStack, other: imaplib.IMAP4, name: str
) -> None:
    put(other, 1)
    raw = letter(2, ALICE.address).replace(b"<n2@test.example>", name.encode())
    other.append("Archiv", "", "", raw)

    with session(stack) as server:
        server.select("Archiv")
        assert len(server.with_message_id(name)) == 1


def test_a_recreated_folder_is_read_anew_without_doubles(
    scene: Scene, other: imaplib.IMAP4
) -> None:
    put(other, 1, 2, folder="Archiv")
    scene.sync()
    validity = scene.folder("Archiv").uid_validity
    other.delete("Archiv")
    time.sleep(1.1)  # Dovecot counts UIDVALIDITY in seconds
    other.create("Archiv")
    put(other, 2, 1, 3, folder="Archiv")

    scene.sync()

    assert scene.folder("Archiv").uid_validity != validity
    assert scene.items() == 3
    assert scene.texts_in("Archiv") == _letters(1, 2, 3)


def test_the_server_says_when_mail_comes(stack: MailStack, other: imaplib.IMAP4) -> None:
    with session(stack) as server:
        server.select("INBOX")
        assert server.offers("IDLE")
        assert not server.wait(0.2, lambda: False, step=0.1)
        threading.Timer(0.3, lambda: put(other, 1)).start()

        assert server.wait(60, lambda: False, step=0.5)


def test_waiting_ends_when_asked(stack: MailStack, other: imaplib.IMAP4) -> None:
    del other
    with session(stack) as server:
        server.select("INBOX")
        assert not server.wait(600, lambda: True)


@pytest.mark.slow
def test_five_hundred_messages_are_read_and_then_left_alone(
    scene: Scene, other: imaplib.IMAP4
) -> None:
    put(other, *range(500))

    first, second = scene.sync(), scene.sync()

    assert (first.filed, first.left) == (500, 0)
    assert (second.filed, second.left) == (0, 0)
    assert scene.folder("INBOX").total == 500


def _letters(*numbers: int) -> list[bytes]:
    return sorted(letter(number, ALICE.address) for number in numbers)
