"""Logging in at a real Dovecot and a real Postfix, with right and wrong certificates."""

from collections.abc import Callable, Iterator

import pytest

from siegel.base.errors import TransportFailure
from siegel.base.secret import Secret
from siegel.transport.imap_login import Login, connect
from siegel.transport.mail_server import MailProblem, Reach, Security, problem_of
from siegel.transport.smtp_login import SmtpSubmission
from tests.peers.mailstack import MailStack
from tests.peers.mailstack.passthrough import PassThrough
from tests.peers.server_tls import HOST, ServerAuthority, ServerFiles, front

pytestmark = pytest.mark.interop
ALICE = "alice@office.example"
MAIL = b"From: alice@office.example\r\nTo: huber@school.example\r\nSubject: Hallo\r\n\r\nText\r\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> ServerAuthority:
    folder = tmp_path_factory.mktemp("servers")
    for each in (folder, *folder.parents):
        if str(each).startswith("/tmp/pytest"):
            each.chmod(0o755)
    return ServerAuthority(folder)


@pytest.fixture(scope="module")
def stack(authority: ServerAuthority) -> Iterator[MailStack]:
    with MailStack(tls=authority.good()) as running:
        yield running


@pytest.fixture(params=["imap", "smtp"])
def attempt(
    request: pytest.FixtureRequest, stack: MailStack, authority: ServerAuthority
) -> "Attempt":
    return Attempt(request.param, stack, authority)


class Attempt:
    """One login, by either protocol; the answer is its problem, or None."""

    def __init__(self, protocol: str, stack: MailStack, authority: ServerAuthority) -> None:
        self.is_imap = protocol == "imap"
        self.port = stack.ports.imap if self.is_imap else stack.ports.submission
        self._authority = authority

    def login(self, security: Security, port: int, *, password: str = "alice-pw") -> Login:
        return Login(
            host=HOST,
            port=port,
            security=security,
            user=ALICE,
            secret=Secret(password),
            reach=Reach(private_hosts=frozenset({HOST}), tls=self._authority.trusted),
        )

    def by(self, login: Login) -> MailProblem | None:
        try:
            if self.is_imap:
                connect(login).logout()
            else:
                SmtpSubmission(login, local_hostname="siegel.office.example").try_login()
        except TransportFailure as error:
            return problem_of(error)
        return None


def test_a_login_under_tls_succeeds(attempt: Attempt, authority: ServerAuthority) -> None:
    with front(authority.good(), attempt.port) as port:
        assert attempt.by(attempt.login(Security.TLS, port)) is None


def test_a_login_after_starttls_succeeds(attempt: Attempt) -> None:
    assert attempt.by(attempt.login(Security.STARTTLS, attempt.port)) is None


def test_a_wrong_password_is_said_to_be_refused(attempt: Attempt) -> None:
    login = attempt.login(Security.STARTTLS, attempt.port, password="another")
    assert attempt.by(login) is MailProblem.LOGIN_REFUSED


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (ServerAuthority.expired, MailProblem.CERTIFICATE_EXPIRED),
        (ServerAuthority.of_another_name, MailProblem.CERTIFICATE_OTHER_NAME),
    ],
)
def test_a_wrong_certificate_is_named(
    attempt: Attempt,
    authority: ServerAuthority,
    made: Callable[[ServerAuthority], ServerFiles],
    problem: MailProblem,
) -> None:
    with front(made(authority), attempt.port) as port:
        assert attempt.by(attempt.login(Security.TLS, port)) is problem


def test_an_unknown_authority_is_not_trusted(
    attempt: Attempt, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = ServerAuthority(tmp_path_factory.mktemp("stranger"))
    with front(stranger.good(), attempt.port) as port:
        found = attempt.by(attempt.login(Security.TLS, port))
    assert found is MailProblem.CERTIFICATE_NOT_TRUSTED


def test_tls_where_none_is_spoken_is_said(attempt: Attempt) -> None:
    assert attempt.by(attempt.login(Security.TLS, attempt.port)) is MailProblem.TLS_NOT_OFFERED


def test_a_port_where_nobody_listens_is_not_reached(attempt: Attempt) -> None:
    assert attempt.by(attempt.login(Security.TLS, 9)) is MailProblem.NOT_REACHED


def test_what_is_submitted_with_a_login_arrives(
    stack: MailStack, authority: ServerAuthority
) -> None:
    ports = stack.ports
    login = Attempt("smtp", stack, authority).login(Security.STARTTLS, ports.submission)
    hop = SmtpSubmission(login, local_hostname="siegel.office.example")
    with PassThrough("out", ports.outbound_filter, ports.outbound_reinject):
        receipt = hop.submit(ALICE, ["huber@school.example"], [MAIL])
        assert receipt.accepted == ("huber@school.example",)
        assert b"Hallo" in stack.outside.wait_for(lambda one: True).content
