"""Logging in to an IMAP server (RFC 9051, RFC 3501) that may be anybody's.

TLS as the settings say, STARTTLS never skipped (RFC 8314 §3.2: what came before it is forgotten);
PLAIN (RFC 4616) or LOGIN for a password, XOAUTH2 or OAUTHBEARER (RFC 7628) for a token. Until the
login succeeded, time and octets are limited together; afterwards each wait, and each literal. No
octet of the dialogue is written to a log.
"""

import contextlib
import imaplib
import io
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from siegel.base.errors import TransportFailure
from siegel.base.limits import DEFAULT
from siegel.base.secret import Secret
from siegel.transport.fetching import Budget
from siegel.transport.mail_server import MailProblem, Reach, Security, Server, failure

__all__ = ["Login", "MailClient", "connect"]

PATIENCE = 30.0  # seconds until logged in, and for each wait after that
MAX_BEFORE_LOGIN = 256 * 1024  # octets; greeting, capabilities and answers have a few hundred
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
        self.source = _Source(connection, self._budget)
        self._lines = io.BufferedReader(self.source, _BLOCK)

    def _log(self, line: bytes) -> None:
        """imaplib would keep the last lines, the password among them."""


_MAX_LINE = imaplib._MAXLINE  # type: ignore[attr-defined]  # what the library takes for one line


class _Source(io.RawIOBase):
    """The connection as imaplib reads it; like socket.makefile when it does not wait."""

    def __init__(self, connection: socket.socket, budget: Budget) -> None:
        super().__init__()
        self._connection = connection
        self.budget: Budget | None = budget
        self.octets: int | None = MAX_BEFORE_LOGIN

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # io's own
        if self.budget is not None:
            if self.budget.left <= 0:
                raise TimeoutError
            self._connection.settimeout(self.budget.left)
        try:
            count = self._connection.recv_into(buffer)
        except BlockingIOError:
            return None
        if self.octets is not None:
            self.octets -= count
            if self.octets < 0:
                raise failure(MailProblem.OTHER_PROTOCOL, "more octets than allowed")
        return count


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
        raise failure(_refusal(str(error), login, offered)) from None
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
    return MailProblem.NEEDS_OAUTH if tokens else MailProblem.LOGIN_REFUSED


def _refusal(said: str, login: Login, offered: set[str]) -> MailProblem:
    """What a refused login means; RFC 5530 gives codes, the large providers words."""
    found = refused_login(said)
    if found is MailProblem.LOGIN_REFUSED and login.is_token:
        return MailProblem.CONSENT_EXPIRED
    if found is MailProblem.LOGIN_REFUSED and "PLAIN" not in offered:
        return _no_password(offered)
    return found


_APP_PASSWORD = re.compile(r"application-specific password|app password|app-specific", re.I)
_OAUTH = re.compile(r"basic ?auth|web browser|5\.7\.139|oauth|modern authentication", re.I)
_TOO_MANY = re.compile(r"\[LIMIT\]|too many|maximum number of connections", re.I)
_NOT_NOW = re.compile(
    r"\[(UNAVAILABLE|INUSE|SERVERBUG|CONTACTADMIN|ALREADYEXISTS|NOPERM)\]|temporar", re.I
)


def refused_login(said: str) -> MailProblem:
    """The code for what a server said when it refused a login."""
    for words, problem in (
        (_APP_PASSWORD, MailProblem.NEEDS_APP_PASSWORD),
        (_OAUTH, MailProblem.NEEDS_OAUTH),
        (_TOO_MANY, MailProblem.TOO_MANY_CONNECTIONS),
        (_NOT_NOW, MailProblem.SERVER_SAID_NO),
    ):
        if words.search(said):
            return problem
    return MailProblem.LOGIN_REFUSED


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Everything that goes wrong on the way in as a ``TransportFailure``; nothing a server said,
    because it might repeat what we said."""
    try:
        yield
    except TransportFailure:
        raise
    except TimeoutError:
        raise failure(MailProblem.TIMED_OUT) from None
    except (imaplib.IMAP4.error, IMAPClientError) as error:
        raise failure(_broken(str(error))) from None
    except OSError:
        raise failure(MailProblem.NOT_REACHED, "the connection ended") from None
    except (ValueError, LookupError, TypeError, AttributeError):  # imaplib on hostile answers
        raise failure(MailProblem.OTHER_PROTOCOL) from None


def _broken(said: str) -> MailProblem:
    if _TOO_MANY.search(said):
        return MailProblem.TOO_MANY_CONNECTIONS
    if "BYE" in said or _NOT_NOW.search(said):
        return MailProblem.SERVER_SAID_NO
    return MailProblem.NOT_REACHED if "EOF" in said else MailProblem.OTHER_PROTOCOL
