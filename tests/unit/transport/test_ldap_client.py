"""The LDAP client against servers that do what they like: every answer is bounded."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from siegel.base import ber, der
from siegel.base.errors import MalformedMessage, TransportFailure
from siegel.base.secret import Secret
from siegel.directory.ldap_entry import MAX_ENTRIES
from siegel.policy.lookups import DirectoryProblem, DirectoryStage
from siegel.transport.fetching import Budget
from siegel.transport.ldap_client import LdapServer, directory_problem, directory_stage, search
from siegel.transport.mail_server import Reach, Security

HERE = Reach(private_hosts=frozenset({"localhost"}))
ENTRY = der.tlv(
    0x64,
    der.octet_string(b"x"),
    der.sequence(
        der.sequence(der.octet_string(b"mail"), der.set_of(der.octet_string(b"a" * 2000)))
    ),
)


def done(code: int = 0, tag: int = 0x65) -> bytes:
    result = b"\x0a\x01" + bytes((code,))
    return der.tlv(tag, result, der.octet_string(b""), der.octet_string(b""))


Act = Callable[[socket.socket], None]


@contextmanager
def server(act: Act) -> Iterator[int]:
    """Serves one connection after another with ``act``."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    act(connection)
                except (OSError, MalformedMessage):  # the client has gone, or never asked
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        listener.close()


def asked(port: int, **more: object) -> LdapServer:
    given: dict[str, object] = {
        "host": "localhost",
        "port": port,
        "security": Security.NONE,
        "base": "o=x",
        "reach": HERE,
    }
    return LdapServer(**given | more)  # type: ignore[arg-type]  # fields by name


def problem(act: Act, *, seconds: float = 5.0, **more: object) -> DirectoryProblem:
    with server(act) as port, pytest.raises(TransportFailure) as caught:
        search(asked(port, **more), "(mail=a@b.example)", budget=Budget(seconds))
    return directory_problem(caught.value)


def numbered(request: bytes, operation: bytes) -> bytes:
    """The message that answers this request."""
    return der.sequence(bytes(ber.read(request).children()[0].raw), operation)


def answers(*operations: bytes) -> Act:
    def act(connection: socket.socket) -> None:
        request = connection.recv(4096)
        for each in operations:
            connection.sendall(numbered(request, each))

    return act


def says(octets: bytes) -> Act:
    def act(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(octets)

    return act


def test_entries_are_read_until_the_server_is_done() -> None:
    with server(answers(ENTRY, ENTRY, done())) as port:
        found = search(asked(port), "(mail=a@b.example)", budget=Budget(5))
    assert len(found) == 2


def test_more_entries_than_asked_for_are_not_taken() -> None:
    with server(answers(*[ENTRY] * 30, done())) as port:
        found = search(asked(port), "(mail=a@b.example)", budget=Budget(5))
    assert len(found) == MAX_ENTRIES


def test_an_endless_answer_ends() -> None:
    def act(connection: socket.socket) -> None:
        request = connection.recv(4096)
        while True:
            connection.sendall(numbered(request, ENTRY))

    assert problem(act, seconds=60.0) is DirectoryProblem.TOO_MUCH


@pytest.mark.parametrize(
    "octets",
    [
        b"\x30\x84\xff\xff\xff\xff" + b"x" * 100_000,
        b"\x30\x88" + b"\xff" * 8 + b"x" * 100_000,
        b"\x30\x80" + b"\0" * 100,
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x03\x02\x01\x01",
        der.sequence(der.integer(70_000), done()),
        b"",
    ],
    ids=["huge", "huger", "indefinite", "http", "empty message", "other number", "nothing"],
)
def test_what_is_no_answer_is_a_problem(octets: bytes) -> None:
    heard = problem(says(octets), seconds=2.0)
    assert heard in (DirectoryProblem.OTHER_PROTOCOL, DirectoryProblem.SAID_NO)


def test_a_server_that_says_nothing_is_left_when_the_time_is_over() -> None:
    ended = threading.Event()

    def act(connection: socket.socket) -> None:
        del connection
        ended.wait(20)

    try:
        assert problem(act, seconds=0.3) is DirectoryProblem.TIMED_OUT
    finally:
        ended.set()


def test_a_server_that_drips_does_not_hold_anybody() -> None:
    ended = threading.Event()

    def act(connection: socket.socket) -> None:
        connection.sendall(b"\x30\x84\x00\x10\x00\x00")
        while not ended.wait(0.01):
            connection.sendall(b"x")

    try:
        assert problem(act, seconds=0.5) is DirectoryProblem.TIMED_OUT
    finally:
        ended.set()


def test_no_password_goes_where_it_can_be_read() -> None:
    """STARTTLS that the server refuses."""
    heard: list[bytes] = []

    def act(connection: socket.socket) -> None:
        heard.append(connection.recv(4096))
        connection.sendall(numbered(heard[0], done(2, 0x78)))
        heard.append(connection.recv(4096))

    secret = Secret("geheimgeheim")
    heard_of = problem(act, security=Security.STARTTLS, user="cn=x", password=secret)
    assert heard_of is DirectoryProblem.TLS_NOT_OFFERED
    assert b"geheim" not in b"".join(heard)


def test_a_server_without_tls_gets_nothing() -> None:
    assert problem(says(b"no"), security=Security.TLS) is DirectoryProblem.TLS_NOT_OFFERED


def test_a_name_without_its_password_is_not_tried() -> None:
    assert problem(answers(done()), user="cn=x") is DirectoryProblem.CREDENTIALS_MISSING


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (32, DirectoryProblem.NO_SUCH_BASE),
        (50, DirectoryProblem.LOGIN_NEEDED),
        (21, DirectoryProblem.NOT_UNDERSTOOD),
        (10, DirectoryProblem.SAID_NO),
        (52, DirectoryProblem.SAID_NO),
    ],
)
def test_codes_are_told_apart(code: int, meaning: DirectoryProblem) -> None:
    assert problem(answers(done(code))) is meaning


def test_a_partial_answer_is_an_answer() -> None:
    with server(answers(ENTRY, done(4))) as port:
        assert len(search(asked(port), "(mail=a@b.example)", budget=Budget(5))) == 1


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"])
def test_a_stranger_does_not_send_us_into_our_own_network(address: str) -> None:
    reach = Reach(resolve=lambda host, port: (address,))
    with pytest.raises(TransportFailure) as caught:
        search(asked(389, host="ldap.evil.example", reach=reach), "(a=b)", budget=Budget(2))
    assert directory_problem(caught.value) is DirectoryProblem.HOST_NOT_ALLOWED
    assert directory_stage(caught.value) is DirectoryStage.NAME


def test_a_filter_that_is_none_is_told() -> None:
    with server(answers(done())) as port, pytest.raises(TransportFailure) as caught:
        search(asked(port), "(((", budget=Budget(2))
    assert directory_problem(caught.value) is DirectoryProblem.NOT_UNDERSTOOD
