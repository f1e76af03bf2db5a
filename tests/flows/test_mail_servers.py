"""Mail servers that mean harm, and addresses that nobody may be sent to."""

import socket
import time
from collections.abc import Callable
from functools import partial

import pytest

from siegel.base.errors import TransportFailure
from siegel.base.secret import Secret
from siegel.transport.fetching import Budget
from siegel.transport.imap_login import MAX_BEFORE_LOGIN, Login, connect
from siegel.transport.mail_server import MailProblem, Reach, Security, Server, problem_of
from siegel.transport.smtp_login import SmtpSubmission
from tests.peers.server_tls import HOST, scripted

Talk = Callable[[socket.socket], None]
PASSWORD = "correct horse"
SHORT = 1.0  # seconds for a login at a server that is slow on purpose


def attempted(protocol: str, talk: Talk, **changes: object) -> TransportFailure:
    with scripted(talk) as port:
        given: dict[str, object] = {
            "host": HOST,
            "port": port,
            "security": Security.NONE,
            "user": "alice@office.example",
            "secret": Secret(PASSWORD),
            "timeout": SHORT,
            "reach": Reach(private_hosts=frozenset({HOST})),
        }
        login = Login(**(given | changes))  # type: ignore[arg-type]  # by name
        submission = SmtpSubmission(login, local_hostname="siegel.example")
        attempt = partial(connect, login) if protocol == "imap" else submission.try_login
        with pytest.raises(TransportFailure) as caught:
            attempt()
    assert PASSWORD not in str(caught.value)
    assert PASSWORD not in repr(caught.value.params)
    return caught.value


def said(*lines: bytes) -> Talk:
    """Says a line, hears one, and so on; then only listens."""

    def talk(connection: socket.socket) -> None:
        for line in lines:
            connection.sendall(line)
            connection.recv(4096)
        while connection.recv(4096):
            pass

    return talk


def never(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def dripping(connection: socket.socket) -> None:
    connection.sendall(b"* ")
    while True:
        connection.sendall(b"x")
        time.sleep(0.05)


def endless(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"x" * 65536)


def chatty(connection: socket.socket) -> None:
    connection.sendall(b"* OK hello\r\n")
    while True:
        connection.sendall(b"* OK still here\r\n" * 1000)


def imap(answer: Callable[[bytes, bytes], bytes], capabilities: bytes = b"IMAP4rev1") -> Talk:
    """A server that is honest until it is asked for a login; ``answer`` gets tag and line."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        lines = connection.makefile("rb")
        while line := lines.readline():
            tag, _, rest = line.partition(b" ")
            if rest.upper().startswith(b"CAPABILITY"):
                connection.sendall(
                    b"* CAPABILITY " + capabilities + b"\r\n" + tag + b" OK done\r\n"
                )
            else:
                connection.sendall(answer(tag, rest))

    return talk


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
@pytest.mark.parametrize("talk", [never, dripping], ids=["silent", "an octet at a time"])
def test_a_server_that_does_not_come_to_an_end_is_left(protocol: str, talk: Talk) -> None:
    assert problem_of(attempted(protocol, talk)) is MailProblem.TIMED_OUT


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
def test_a_line_without_an_end_is_no_answer(protocol: str) -> None:
    found = problem_of(attempted(protocol, endless, timeout=20.0))
    assert found is MailProblem.OTHER_PROTOCOL


def test_a_server_that_talks_without_end_is_left() -> None:
    assert MAX_BEFORE_LOGIN < 10**6
    found = problem_of(attempted("imap", chatty, timeout=20.0))
    assert found is MailProblem.OTHER_PROTOCOL


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
@pytest.mark.parametrize(
    "greeting",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\0\0\0\r\n"],
)
def test_a_server_of_another_protocol_is_recognised(protocol: str, greeting: bytes) -> None:
    assert problem_of(attempted(protocol, said(greeting))) is MailProblem.OTHER_PROTOCOL


@pytest.mark.parametrize("size", [b"99999999999", b"9" * 5000])
def test_a_huge_literal_is_not_waited_for(size: bytes) -> None:
    talk = imap(lambda tag, rest: b"* OK {" + size + b"}\r\n")
    found = problem_of(attempted("imap", talk, timeout=20.0))
    assert found in (MailProblem.OTHER_PROTOCOL, MailProblem.NOT_REACHED)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"NO [AUTHENTICATIONFAILED] Invalid credentials", MailProblem.LOGIN_REFUSED),
        (b"NO [ALERT] Application-specific password required", MailProblem.NEEDS_APP_PASSWORD),
        (b"NO [ALERT] Please log in via your web browser", MailProblem.NEEDS_OAUTH),
        (b"NO [LIMIT] Too many simultaneous connections", MailProblem.TOO_MANY_CONNECTIONS),
        (b"NO [UNAVAILABLE] Temporary failure", MailProblem.SERVER_SAID_NO),
        (b"BAD what", MailProblem.LOGIN_REFUSED),
    ],
)
def test_a_refused_login_is_understood(answer: bytes, problem: MailProblem) -> None:
    talk = imap(lambda tag, rest: tag + b" " + answer + b"\r\n")
    assert problem_of(attempted("imap", talk)) is problem


def test_what_a_server_repeats_is_not_told_on() -> None:
    talk = imap(lambda tag, rest: tag + b" NO you said " + PASSWORD.encode() + b"\r\n")
    attempted("imap", talk)


def test_starttls_is_demanded() -> None:
    talk = imap(lambda tag, rest: tag + b" OK done\r\n")
    found = problem_of(attempted("imap", talk, security=Security.STARTTLS))
    assert found is MailProblem.TLS_NOT_OFFERED


def test_a_greeting_that_logs_in_by_itself_does_not_avoid_tls() -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"* PREAUTH ready\r\n")
        tag = connection.recv(4096).split(b" ")[0]
        connection.sendall(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n" + tag + b" OK done\r\n")
        connection.recv(4096)

    found = problem_of(attempted("imap", talk, security=Security.STARTTLS))
    assert found is MailProblem.TLS_NOT_OFFERED


def test_the_password_is_not_said_where_only_tokens_are_taken() -> None:
    heard: list[bytes] = []

    def answer(tag: bytes, rest: bytes) -> bytes:
        heard.append(rest)
        return tag + b" NO\r\n"

    talk = imap(answer, b"IMAP4rev1 LOGINDISABLED AUTH=XOAUTH2")
    assert problem_of(attempted("imap", talk)) is MailProblem.NEEDS_OAUTH
    assert heard == []


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"535 5.7.8 Authentication failed", MailProblem.LOGIN_REFUSED),
        (b"535 5.7.139 Authentication unsuccessful, basic authentication is disabled",
         MailProblem.NEEDS_OAUTH),
        (b"534 5.7.9 Application-specific password required", MailProblem.NEEDS_APP_PASSWORD),
        (b"454 4.7.0 Temporary authentication failure", MailProblem.SERVER_SAID_NO),
        (b"421 4.7.0 Too many connections", MailProblem.TOO_MANY_CONNECTIONS),
    ],
)  # fmt: skip
def test_a_refused_submission_is_understood(answer: bytes, problem: MailProblem) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"220 ready\r\n")
        connection.recv(4096)
        connection.sendall(b"250-me\r\n250 AUTH PLAIN\r\n")
        connection.recv(4096)
        connection.sendall(answer + b"\r\n")
        connection.recv(4096)

    assert problem_of(attempted("smtp", talk)) is problem


@pytest.mark.parametrize("name", ["user", "secret"])
def test_what_would_end_a_line_is_no_login(name: str) -> None:
    bad = "a\r\nA1 LOGOUT"
    with pytest.raises(TransportFailure):
        Login(
            host=HOST, port=1, security=Security.NONE,
            user=bad if name == "user" else "alice",
            secret=Secret(bad if name == "secret" else "x"),
        )  # fmt: skip


def reached(reach: Reach, port: int = 993) -> list[str]:
    return reach.addresses("imap.office.example", port, Budget(5.0))


def resolving(*addresses: str) -> Callable[[str, int], tuple[str, ...]]:
    return lambda host, port: addresses


PRIVATE = ["10.0.0.5", "192.168.1.1", "fd00::1"]
NEVER = ["127.0.0.1", "::1", "169.254.169.254", "fe80::1", "::", "224.0.0.1", "::ffff:127.0.0.1"]


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER])
def test_a_clerk_does_not_reach_the_network_of_the_office(address: str) -> None:
    with pytest.raises(TransportFailure) as caught:
        reached(Reach(resolve=resolving(address)))
    assert problem_of(caught.value) is MailProblem.HOST_NOT_ALLOWED


@pytest.mark.parametrize("address", PRIVATE)
def test_what_an_administrator_entered_may_lie_in_the_network(address: str) -> None:
    assert reached(Reach(resolve=resolving(address), is_approved=True)) == [address]


@pytest.mark.parametrize("address", NEVER)
def test_not_even_an_administrator_reaches_the_machine_itself(address: str) -> None:
    with pytest.raises(TransportFailure):
        reached(Reach(resolve=resolving(address), is_approved=True))


def test_of_mixed_addresses_only_the_public_ones_are_used() -> None:
    assert reached(Reach(resolve=resolving("10.0.0.5", "8.8.8.8"))) == ["8.8.8.8"]


def test_unusual_ports_are_for_approved_hosts() -> None:
    reach = Reach(resolve=resolving("8.8.8.8"))
    with pytest.raises(TransportFailure):
        reached(reach, port=22)
    assert reached(reach.approved(True), port=22) == ["8.8.8.8"]


def test_without_tls_only_the_machine_itself_is_spoken_to() -> None:
    host = "imap.office.example"
    reach = Reach(private_hosts=frozenset({host}), resolve=resolving("10.0.0.5"))
    server = Server(host=host, port=143, security=Security.NONE, reach=reach)
    with pytest.raises(TransportFailure) as caught:
        server.connected(Budget(1.0))
    assert problem_of(caught.value) is MailProblem.UNENCRYPTED
