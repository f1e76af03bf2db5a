"""The worker's part: mail is here within seconds, what people do is told, and the end is quick."""

import imaplib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.flows import mailbox_rounds, mailboxes
from siegel.flows.mail_servers import MailServers
from siegel.serve.mailboxes import Mailboxes, keeping_in_step
from siegel.store import mailbox_lock
from siegel.store.mail_rows import Flags
from siegel.store.mailbox_rows import Authentication, Security, ServerRow, Settings
from siegel.store.models.mail import ChangeKind
from siegel.store.queries import mail_due
from siegel.transport.mail_server import MailProblem, Reach
from tests.flows.office import ALICE, Office
from tests.flows.sync_scene import LocalScene, letter
from tests.peers.mailstack import USERS, MailStack

ALICES = EmailAddress.parse(ALICE.address)
PATIENCE = 90.0  # seconds; on an idle machine two are enough


@pytest.fixture(scope="module")
def stack() -> Iterator[MailStack]:
    with MailStack() as running:
        yield running


@pytest.fixture
def connected(office: Office, stack: MailStack) -> Office:
    reach = Reach(private_hosts=frozenset({"127.0.0.1"}))
    office.site = replace(office.site, mail_servers=MailServers(reach=reach))
    connect(office, stack.ports.imap, USERS[ALICE.address])
    with client(stack) as other:
        other.select("INBOX")
        other.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
        other.expunge()
        other.create("Archiv")
    return office


def connect(office: Office, port: int, password: str) -> None:
    server = ServerRow(host="127.0.0.1", port=port, security=Security.NONE, user=ALICE.address)
    mailboxes.connect(
        ALICES,
        Settings(imap=server, smtp=server, authentication=Authentication.PASSWORD),
        mailboxes.Credentials(password=Secret(password)),
        office.site,
        by="test",
        at=office.at,
    )


def client(stack: MailStack) -> imaplib.IMAP4:
    found = imaplib.IMAP4("127.0.0.1", stack.ports.imap, timeout=30)
    found.login(ALICE.address, USERS[ALICE.address])
    return found


def soon(happened: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "did not happen"
        time.sleep(0.1)


@pytest.mark.interop
@pytest.mark.requirement("A79")
def test_mail_comes_and_changes_go_by_themselves(connected: Office, stack: MailStack) -> None:
    scene = LocalScene(ALICES, connected.site, connected.at)
    with client(stack) as other, keeping_in_step(connected.site):
        soon(lambda: mail_due.state(ALICES).synced_at)
        soon(lambda: any(each.name == "idle" for each in threading.enumerate()))
        # nothing but IDLE can tell of it now: the next look is hours away
        mail_due.look_again(ALICES, due_at=connected.at + timedelta(days=9999))
        soon(lambda: _arrives(other, scene))

        (place, *_) = scene.places("INBOX")
        scene.mark(place, ChangeKind.SEEN, Flags(seen=True))
        scene.move(place, "Archiv")
        soon(lambda: scene.waiting() == 0)

        other.select("Archiv", readonly=True)
        answer = other.uid("FETCH", "1:*", "(FLAGS)")[1]
    assert any(b"\\Seen" in each for each in answer if isinstance(each, bytes))


def _arrives(other: imaplib.IMAP4, scene: LocalScene) -> bool:
    """The listener may not be there yet when the first one comes."""
    other.append("INBOX", "", "", letter(1, ALICE.address))
    time.sleep(1)
    return bool(scene.places("INBOX"))


def test_a_wrong_password_is_a_problem_for_a_person(office: Office, stack: MailStack) -> None:
    """Users suffered: programs that try a wrong password for ever lock the account."""
    reach = Reach(private_hosts=frozenset({"127.0.0.1"}))
    office.site = replace(office.site, mail_servers=MailServers(reach=reach))
    connect(office, stack.ports.imap, "wrong")

    looked = mailbox_rounds.look(ALICES, office.site, at=office.at)

    state = mail_due.state(ALICES)
    assert looked is not None
    assert looked.problem is MailProblem.LOGIN_REFUSED
    assert (state.problem, state.attempts) == ("login_refused", 1)
    assert state.due_at is not None
    assert state.due_at >= office.at + timedelta(hours=6)
    assert ALICES not in mail_due.due(at=office.at + timedelta(hours=5), limit=9)


def test_a_problem_is_over_when_the_next_look_is_good(connected: Office) -> None:
    mailboxes.note_problem(ALICES, MailProblem.TIMED_OUT, at=connected.at)

    mailbox_rounds.look(ALICES, connected.site, at=connected.at)

    state = mail_due.state(ALICES)
    assert (state.problem, state.problem_since, state.attempts) == ("", None, 0)
    assert state.due_at == connected.at + mailbox_rounds.EVERY


def test_a_server_that_is_away_is_asked_less_and_less_often() -> None:
    def wait(attempts: int, octets: bytes = b"\0\0") -> timedelta:
        return mailbox_rounds.retry_after(MailProblem.NOT_REACHED, attempts, lambda _: octets)

    waits = [wait(attempts) for attempts in range(12)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=15)
    assert waits[-1] == timedelta(minutes=15)
    assert waits[3] < wait(3, b"\xff\xff") <= 2 * waits[3]


def test_two_at_once_do_not_read_the_same_mailbox(connected: Office) -> None:
    with mailbox_lock.held(ALICES) as free:
        assert free
        assert mailbox_rounds.look(ALICES, connected.site, at=connected.at) is None


def test_the_end_waits_for_no_server(office: Office) -> None:
    """SIGTERM: the listener hangs at a server that says nothing for ten minutes."""
    reading = Mailboxes(office.site)
    threads = reading.start()

    reading.ended.set()

    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
