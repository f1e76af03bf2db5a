"""Mail servers that were reached and logged in to, and then say what no server should."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from siegel.base.errors import TransportFailure
from siegel.base.secret import Secret
from siegel.transport import imap_folders
from siegel.transport.imap_login import Login, connect
from siegel.transport.imap_session import Head, ImapSession, Refused, ServerFlags
from siegel.transport.mail_server import MailProblem, Reach, Security, problem_of
from tests.peers.server_tls import HOST, scripted

NO_FLAGS = ServerFlags()
SELECTED = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n"
LONG = 10 * 1024 * 1024  # octets without an end of line

Answers = dict[bytes, bytes]


def _talk(answers: Answers) -> Callable[[socket.socket], None]:
    """Honest, except where ``answers`` says what comes before the tagged OK. An answer with
    ``TAG …`` brings its own end."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        lines = connection.makefile("rb")
        while line := lines.readline():
            tag, _, rest = line.rstrip().partition(b" ")
            said = _answer(answers, rest)
            if b"TAG" in said:
                connection.sendall(said.replace(b"TAG", tag))
            else:
                connection.sendall(said + tag + b" OK done\r\n")

    return talk


def _answer(answers: Answers, rest: bytes) -> bytes:
    honest = {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 UIDPLUS MOVE\r\n", b"EXAMINE": SELECTED}
    for command, said in {**honest, **answers}.items():
        if rest.upper().removeprefix(b"UID ").startswith(command):
            return said
    return b""


@contextmanager
def talking_to(answers: Answers) -> Iterator[ImapSession]:
    with scripted(_talk(answers)) as port:
        login = Login(
            host=HOST,
            port=port,
            security=Security.NONE,
            user="alice",
            secret=Secret("correct horse"),
            reach=Reach(private_hosts=frozenset({HOST})),
        )
        with ImapSession(connect(login)) as session:
            session.select("INBOX")
            yield session


def _failure(answers: Answers, ask: Callable[[ImapSession], object]) -> TransportFailure:
    with talking_to(answers) as session, pytest.raises(TransportFailure) as caught:
        ask(session)
    assert "horse" not in str(caught.value)
    return caught.value


def _head(uid: int) -> Head:
    return Head(uid=uid, size=10, received_at=None, flags=NO_FLAGS)


@pytest.mark.parametrize(
    "said",
    [
        b"* SEARCH -1 2\r\n",
        b"* SEARCH one two\r\n",
        b"* SEARCH 99999999999999999999999999\r\n",
        b"* SEARCH (((1\r\n",
    ],
)
def test_what_is_no_uid_is_no_answer(said: bytes) -> None:
    error = _failure({b"SEARCH": said}, lambda session: session.uids())
    assert problem_of(error) is MailProblem.OTHER_PROTOCOL


@pytest.mark.parametrize(
    "said",
    [
        b"* 1 FETCH (UID 1 BODY[] {4000000000}\r\nabc",
        b"* 1 FETCH (UID 1 BODY[] {-5}\r\nabc)\r\n",
        b"* 1 FETCH (UID 1 BODY[] {99999999999999999999}\r\nabc)\r\n",
        b"* 1 FETCH (UID x BODY[] {3}\r\nabc)\r\n",
        b"* 1 FETCH (UID 1 BODY[] {3}\r\nabc))))\r\n",
        b"* 1 FETCH " + b"(" * 200_000 + b"\r\n",
        b"x" * LONG + b"\r\n",
        b"* BYE enough\r\nTAG OK done\r\n",
    ],
    ids=["huge", "negative", "overflow", "no uid", "brackets", "nested", "endless line", "bye"],
)
def test_a_broken_answer_is_a_failure_and_nothing_else(said: bytes) -> None:
    error = _failure({b"FETCH": said}, lambda session: list(session.texts([_head(1)])))
    assert problem_of(error) in (MailProblem.OTHER_PROTOCOL, MailProblem.NOT_REACHED)


def test_what_was_not_asked_for_is_not_taken() -> None:
    said = b"* 1 FETCH (UID 66 BODY[] {3}\r\nbad)\r\n* 2 FETCH (UID 2 BODY[] {4}\r\ngood)\r\n"
    with talking_to({b"FETCH": said}) as session:
        assert list(session.texts([_head(1), _head(2)])) == [(2, b"good")]


def test_a_date_that_is_none_is_no_date() -> None:
    said = b'* 1 FETCH (UID 1 FLAGS (\\Seen x) RFC822.SIZE 5 INTERNALDATE "99-Foo-0000 x")\r\n'
    with talking_to({b"FETCH": said}) as session:
        head = session.heads([1])[1]
    assert head.received_at is None
    assert head.flags == ServerFlags(seen=True)


def test_a_folder_without_uidvalidity_cannot_be_read() -> None:
    error = _failure(
        {b"SELECT": b"* 3 EXISTS\r\n"}, lambda session: session.select("x", to_change=True)
    )
    assert problem_of(error) is MailProblem.OTHER_PROTOCOL


def test_no_is_an_answer_and_its_words_are_not_repeated() -> None:
    said = b"TAG NO [OVERQUOTA] your password is correct horse\r\n"
    error = _failure({b"STORE": said}, lambda session: session.set_flag(1, "seen", True))
    assert isinstance(error, Refused)
    assert error.params["detail"] == "OVERQUOTA"


def test_folders_that_cannot_be_kept_are_passed_over() -> None:
    lines = [b'* LIST () "/" "Ordner %d"\r\n' % number for number in range(1500)]
    strange = [
        b'* LIST () "/" {5}\r\na\x01b\x7fc\r\n',
        b'* LIST () "/" "' + b"x" * 501 + b'"\r\n',
        b'* LIST () "/" "INBOX"\r\n',
    ]
    with talking_to({b"LIST": b"".join([*lines, *strange])}) as session:
        found = session.folders()

    assert len(found.folders) == imap_folders.MOST
    assert found.passed_over == 1503 - imap_folders.MOST
    assert found.folders[0].role == "inbox"


def test_a_list_of_folders_that_is_none_is_a_failure() -> None:
    error = _failure({b"LIST": b"* LIST ( NIL\r\n"}, lambda session: session.folders())
    assert problem_of(error) is MailProblem.OTHER_PROTOCOL


def test_a_view_of_all_mail_is_not_read_twice() -> None:
    """Users suffered: with one provider each mail was there twice, in its folder and in All."""
    said = (
        b'* LIST (\\HasNoChildren) "/" "INBOX"\r\n'
        b'* LIST (\\All) "/" "[Gmail]/Alle Nachrichten"\r\n'
        b'* LIST (\\Sent) "/" "[Gmail]/Gesendet"\r\n'
        b'* LIST (\\Noselect) "/" "[Gmail]"\r\n'
    )
    with talking_to({b"LIST": said}) as session:
        found = {each.name: (each.role, each.selectable) for each in session.folders().folders}

    assert found == {
        "INBOX": ("inbox", True),
        "[Gmail]/Alle Nachrichten": ("", False),
        "[Gmail]/Gesendet": ("sent", True),
        "[Gmail]": ("", False),
    }
