"""Logging in to an IMAP server (RFC 9051, RFC 3501) that may be anybody's.

TLS as the settings say, STARTTLS never skipped (RFC 8314 §3.2: what came before it is forgotten);
PLAIN (RFC 4616) or LOGIN for a password, XOAUTH2 or OAUTHBEARER (RFC 7628) for a token. Until the
login succeeded, time and octets are limited together; afterwards each wait, and each literal. No
octet of the dialogue is written to a log.
"""

import contextlib
import imaplib
import io
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from siegel.base.errors import TransportFailure
from siegel.base.limits import DEFAULT
from siegel.base.secret import Secret
from siegel.transport.bounded_source import BoundedSource, TooManyOctets
from siegel.transport.fetching import Budget
from siegel.transport.mail_server import (
    MailProblem,
    Reach,
    Security,
    Server,
    Stage,
    failure,
    problem_of,
    refusal,
)

__all__ = ["Login", "MailClient", "connect", "count_folders"]

PATIENCE = 30.0  # seconds until logged in, and for each wait after that
MAX_BEFORE_LOGIN = 256 * 1024  # octets; greeting, capabilities and answers have a few hundred
MAX_FOLDER_LIST = 4 * 1024 * 1024  # octets; 10,000 folders with long names
MAX_LITERAL = DEFAULT.message_size + DEFAULT.header_size  # octets; bigger ones are not fetched
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Where and as whom. ``secret`` is a password, or an OAuth2 access token if ``is_token``."""

    host: str
    port: int
    security: Security
    user: str
    secret: Secret
    is_token: bool = False
    timeout: float = PATIENCE
    reach: Reach = field(default_factory=Reach, repr=False)

    def __post_init__(self) -> None:
        """What would end a line of the protocol, or a part of it, is no login."""
        said = self.user.encode() + self.secret.reveal()
        if any(octet < 32 or octet == 127 for octet in said):
            raise failure(MailProblem.LOGIN_REFUSED, "control characters")

    @property
    def server(self) -> Server:
        return Server(host=self.host, port=self.port, security=self.security, reach=self.reach)


class MailClient(IMAPClient):  # type: ignore[misc]  # the library has no types
    """IMAPClient on a connection of ours. ``allow`` limits what the next answers may cost."""

    _imap: "_Connection"

    def __init__(self, login: Login, budget: Budget) -> None:
        self._login, self._budget = login, budget
        super().__init__(login.host, port=login.port, ssl=False, timeout=login.timeout)
        self._imap.debug = 0  # the library switches on a log of everything that is said

    def allow(self, *, seconds: float | None, octets: int | None) -> None:
        """Until called again; None: each wait has its own time, and there is no sum."""
        self._imap.source.budget = None if seconds is None else Budget(seconds)
        self._imap.source.octets = octets

    def _create_IMAP4(self) -> "_Connection":  # noqa: N802 - the library's name
        return _Connection(self._login.server, self._budget)


def connect(login: Login) -> MailClient:
    """A client that is logged in. Raises ``TransportFailure`` with a ``MailProblem``, never else;
    its words hold nothing of the secret."""
    with _told():
        client = MailClient(login, Budget(login.timeout))
        try:
            if login.security is Security.STARTTLS:
                client._imap.secure()
            _authenticate(client, login)
            client.allow(seconds=None, octets=None)
            client._set_read_timeout()
        except BaseException:
            with contextlib.suppress(OSError):
                client.shutdown()
            raise
        return client


def count_folders(client: MailClient) -> int:
    """How many folders there are; raises ``TransportFailure``. Bounded like a login."""
    client.allow(seconds=client._login.timeout, octets=MAX_FOLDER_LIST)
    try:
        with _told():
            return len(client.list_folders())
    except TransportFailure as error:
        raise failure(problem_of(error), stage=Stage.FOLDERS) from None


class _Connection(imaplib.IMAP4):
    """imaplib's dialogue with an end to what a server may say."""

    def __init__(self, server: Server, budget: Budget) -> None:
        self._server, self._budget = server, budget
        super().__init__(server.host, server.port)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        del timeout
        self.host, self.port = host, port
        self._use(self._server.connected(self._budget))

    def secure(self) -> None:
        if self.state != "NONAUTH" or "STARTTLS" not in self.capabilities:
            raise failure(MailProblem.TLS_NOT_OFFERED)
        answer, _ = self._simple_command("STARTTLS")
        if answer != "OK":
            raise failure(MailProblem.TLS_NOT_OFFERED)
        self._use(self._server.secured(self.sock, self._budget))
        self.untagged_responses = {}  # said before TLS, perhaps by somebody else
        self._get_capabilities()

    def read(self, size: int) -> bytes:
        if size > MAX_LITERAL:
            raise self.abort("a literal that is too big")
        return self._lines.read(size)

    def readline(self) -> bytes:
        return self._lines.readline(_MAX_LINE)

    def shutdown(self) -> None:
        self._lines.close()
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def _use(self, connection: socket.socket) -> None:
        """Anew after STARTTLS: what was read ahead in the clear must not be taken for later."""
        self.sock = connection
        self.source = BoundedSource(connection, self._budget, MAX_BEFORE_LOGIN)
        self._lines = io.BufferedReader(self.source, _BLOCK)

    def _log(self, line: bytes) -> None:
        """imaplib would keep the last lines, the password among them."""


_MAX_LINE = imaplib._MAXLINE  # type: ignore[attr-defined]  # what the library takes for one line


def _authenticate(client: MailClient, login: Login) -> None:
    imap = client._imap
    if imap.state != "NONAUTH":
        raise failure(MailProblem.OTHER_PROTOCOL, "logged in as somebody already")
    offered = {name.removeprefix("AUTH=") for name in imap.capabilities if name[:5] == "AUTH="}
    try:
        if login.is_token:
            _with_token(imap, login, offered)
        else:
            _with_password(imap, login, offered)
    except (imaplib.IMAP4.abort, imaplib.IMAP4.readonly):
        raise
    except imaplib.IMAP4.error as error:
        raise failure(_refusal(str(error), login)) from None
    client._cached_capabilities = None


def _with_password(imap: _Connection, login: Login, offered: set[str]) -> None:
    user, password = login.user, login.secret.reveal().decode()
    if "LOGINDISABLED" in imap.capabilities and "PLAIN" not in offered:
        raise failure(_no_password(offered))
    if "PLAIN" in offered:  # RFC 4616: UTF-8, which LOGIN cannot carry
        imap.authenticate("PLAIN", _once(f"\0{user}\0{password}".encode()))
    elif (user + password).isascii():
        imap.login(imap._quote(user), password)
    else:
        raise failure(MailProblem.LOGIN_REFUSED, "the server takes only ASCII")


def _with_token(imap: _Connection, login: Login, offered: set[str]) -> None:
    token = login.secret.reveal().decode()
    if "XOAUTH2" not in offered and "OAUTHBEARER" in offered:
        name = login.user.replace("=", "=3D").replace(",", "=2C")  # RFC 5801 §4
        said = f"n,a={name},\1auth=Bearer {token}\1\1"
        imap.authenticate("OAUTHBEARER", _once(said.encode(), then=b"\1"))  # RFC 7628 §3.2.3
        return
    said = f"user={login.user}\1auth=Bearer {token}\1\1"
    imap.authenticate("XOAUTH2", _once(said.encode()))


def _once(answer: bytes, then: bytes = b"") -> Callable[[bytes], bytes]:
    """What is said to the first challenge; the second one tells of a refusal and is let go."""
    left = [answer]
    return lambda _: left.pop() if left else then


def _no_password(offered: set[str]) -> MailProblem:
    tokens = bool(offered & {"XOAUTH2", "OAUTHBEARER"})
    return MailProblem.NEEDS_OAUTH if tokens else MailProblem.LOGIN_NOT_OFFERED


def _refusal(said: str, login: Login) -> MailProblem:
    usual = MailProblem.CONSENT_EXPIRED if login.is_token else MailProblem.LOGIN_REFUSED
    return refusal(said) or usual


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Everything that goes wrong on the way in as a ``TransportFailure``; nothing a server said,
    because it might repeat what we said."""
    try:
        yield
    except TransportFailure:
        raise
    except TimeoutError:
        raise failure(MailProblem.TIMED_OUT, stage=Stage.LOGIN) from None
    except (imaplib.IMAP4.error, IMAPClientError) as error:
        raise failure(_broken(str(error))) from None
    except TooManyOctets:
        raise failure(MailProblem.OTHER_PROTOCOL, "more octets than allowed") from None
    except OSError:
        raise failure(MailProblem.NOT_REACHED, "the connection ended", Stage.LOGIN) from None
    except (ValueError, LookupError, TypeError, AttributeError):  # imaplib on hostile answers
        raise failure(MailProblem.OTHER_PROTOCOL) from None


def _broken(said: str) -> MailProblem:
    found = refusal(said)
    if found is not None:
        return found
    if "BYE" in said:
        return MailProblem.SERVER_SAID_NO
    return MailProblem.NOT_REACHED if "EOF" in said else MailProblem.OTHER_PROTOCOL
