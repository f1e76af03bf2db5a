"""Ask an LDAP directory for an address (RFC 4511), as an administrator described it.

The connection is that of ``mail_server``: the name is resolved once, its addresses are judged, TLS
is checked; passwords go over TLS only, unless the configuration names the host. ldap3 writes and
reads the messages on it and never opens one of its own. Referrals are not followed. Whatever a
server sends: so many octets, so many entries, so long – every wait ends with the budget.
"""

import socket
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from siegel.base.errors import TransportFailure
from siegel.base.secret import Secret
from siegel.directory.ldap_entry import ASKED, MAX_ENTRIES, Entry
from siegel.policy.lookups import STAGE_OF, DirectoryProblem, DirectoryStage
from siegel.transport.fetching import Budget
from siegel.transport.mail_server import Reach, Security, Server, problem_of, stage_of

with warnings.catch_warnings():  # ldap3 2.9.1 imports names that pyasn1 has renamed
    warnings.filterwarnings("ignore", "(tagMap|typeMap) is deprecated", DeprecationWarning)
    import ldap3
    from ldap3.core.exceptions import LDAPException

MAX_OCTETS = 512 * 1024  # of all answers of one connection; twenty entries have about 100,000
_START_TLS = "1.3.6.1.4.1.1466.20037"
_GOOD, _TIME_LIMIT, _SIZE_LIMIT, _NO_SUCH_OBJECT, _WRONG_PASSWORD = 0, 3, 4, 32, 49
_PARTIAL = frozenset({_GOOD, _TIME_LIMIT, _SIZE_LIMIT})
_NEEDS_LOGIN = frozenset({1, 8, 48, 50})  # operationsError (Active Directory), stronger, rights
_NOT_UNDERSTOOD = frozenset({2, 17, 18, 21, 34})  # protocol, attribute, matching, syntax, name

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LdapServer:
    """``user`` empty: anonymous."""

    host: str
    port: int
    security: Security
    base: str
    user: str = ""
    password: Secret | None = field(default=None, repr=False)
    reach: Reach = field(default_factory=Reach, repr=False)


def search(server: LdapServer, question: str, *, budget: Budget) -> tuple[Entry, ...]:
    """The entries that match the filter, ``MAX_ENTRIES`` at most; raises ``TransportFailure``."""
    if server.user and server.password is None:
        raise failed(DirectoryProblem.CREDENTIALS_MISSING)
    way = Server(host=server.host, port=server.port, security=server.security, reach=server.reach)
    line = _Bounded(way.connected(budget), budget)
    try:
        connection = _prepared(server, line)
        if server.security is Security.STARTTLS:
            _start_tls(connection, way, line, budget)
        _asked(lambda: _bind(connection, server))
        return _asked(lambda: _search(connection, server.base, question, budget))
    finally:
        line.close()


def failed(problem: DirectoryProblem, stage: DirectoryStage | None = None) -> TransportFailure:
    """The error of this client; ``directory_problem`` reads it again."""
    reached = stage or STAGE_OF[problem]
    return TransportFailure(problem.value, directory_problem=problem, directory_stage=reached)


def directory_problem(error: TransportFailure) -> DirectoryProblem:
    """Also of the connection below, whose codes have the same names."""
    found = error.params.get("directory_problem")
    if isinstance(found, DirectoryProblem):
        return found
    try:
        return DirectoryProblem(problem_of(error).value)
    except ValueError:
        return DirectoryProblem.SAID_NO


def directory_stage(error: TransportFailure) -> DirectoryStage:
    """How far it came."""
    found = error.params.get("directory_stage")
    if isinstance(found, DirectoryStage):
        return found
    try:
        return DirectoryStage(stage_of(error).value)
    except ValueError:
        return DirectoryStage.SEARCH


class _Bounded:
    """What ldap3 takes for its socket: every wait ends with the budget, and so do the octets."""

    def __init__(self, connection: socket.socket, budget: Budget) -> None:
        self.raw = connection
        self._budget = budget
        self._left = MAX_OCTETS

    def recv(self, size: int) -> bytes:
        if self._left <= 0:
            raise failed(DirectoryProblem.TOO_MUCH)
        data = self._in_time(lambda: self.raw.recv(min(size, self._left)))
        self._left -= len(data)
        return data

    def sendall(self, data: bytes) -> None:
        self._in_time(lambda: self.raw.sendall(data))

    def shutdown(self, how: int) -> None:
        self.raw.shutdown(how)

    def close(self) -> None:
        self.raw.close()

    def _in_time(self, act: Callable[[], T]) -> T:
        if self._budget.left <= 0:
            raise failed(DirectoryProblem.TIMED_OUT, DirectoryStage.SEARCH)
        self.raw.settimeout(self._budget.left)
        try:
            return act()
        except TimeoutError as error:
            raise failed(DirectoryProblem.TIMED_OUT, DirectoryStage.SEARCH) from error


def _prepared(server: LdapServer, line: _Bounded) -> Any:
    """ldap3's connection on a socket that is open already."""
    secret = server.password.reveal().decode() if server.password is not None else None
    connection: Any = ldap3.Connection(
        ldap3.Server(server.host, port=server.port, get_info=ldap3.NONE),
        user=server.user or None,
        password=secret,
        authentication=ldap3.SIMPLE if server.user else ldap3.ANONYMOUS,
        client_strategy=ldap3.SYNC,
        auto_referrals=False,
        check_names=False,
        auto_range=False,
    )
    connection.socket = line
    connection.closed, connection.listening = False, True  # what its open() would do
    connection.strategy._outstanding = {}
    return connection


def _start_tls(connection: Any, way: Server, line: _Bounded, budget: Budget) -> None:
    """RFC 4511 §4.14. ldap3 keeps nothing that came in the clear behind the answer."""
    _asked(lambda: connection.extended(_START_TLS))
    if connection.result["result"] != _GOOD:
        raise failed(DirectoryProblem.TLS_NOT_OFFERED)
    line.raw = way.secured(line.raw, budget)


def _bind(connection: Any, server: LdapServer) -> None:
    if not server.user:
        return  # RFC 4513 §4: a connection is anonymous before the first bind
    connection.bind()
    code = connection.result["result"]
    if code == _WRONG_PASSWORD:
        raise failed(DirectoryProblem.LOGIN_REFUSED)
    if code != _GOOD:
        raise failed(DirectoryProblem.SAID_NO, DirectoryStage.LOGIN)


def _search(connection: Any, base: str, question: str, budget: Budget) -> tuple[Entry, ...]:
    connection.search(
        base,
        question,
        dereference_aliases=ldap3.DEREF_ALWAYS,
        attributes=list(ASKED),
        size_limit=MAX_ENTRIES,
        time_limit=max(1, int(budget.left)),
    )
    code = connection.result["result"]
    if code in _PARTIAL:
        found = [one for one in connection.response or () if one["type"] == "searchResEntry"]
        return tuple(one["raw_attributes"] for one in found[:MAX_ENTRIES])
    if code == _NO_SUCH_OBJECT:
        raise failed(DirectoryProblem.NO_SUCH_BASE)
    if code in _NEEDS_LOGIN:
        raise failed(DirectoryProblem.LOGIN_NEEDED)
    if code in _NOT_UNDERSTOOD:
        raise failed(DirectoryProblem.NOT_UNDERSTOOD)
    raise failed(DirectoryProblem.SAID_NO)


def _asked(ask: Callable[[], T]) -> T:
    """ldap3 reads what strangers send and fails in many ways on what is no LDAP."""
    try:
        return ask()
    except TransportFailure:
        raise
    except LDAPException as error:
        raise failed(_meaning(error)) from error
    except OSError as error:
        raise failed(DirectoryProblem.NOT_REACHED) from error
    except Exception as error:
        raise failed(DirectoryProblem.OTHER_PROTOCOL) from error


def _meaning(error: LDAPException) -> DirectoryProblem:
    kind = type(error).__name__
    if "Filter" in kind or "InvalidDn" in kind:
        return DirectoryProblem.NOT_UNDERSTOOD
    return DirectoryProblem.OTHER_PROTOCOL
