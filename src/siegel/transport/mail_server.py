"""Reaching a mail server that somebody entered: which addresses, how secure, and what failed.

A clerk enters host names, so this could be turned against the office's own network: a name is
resolved once, its addresses are judged, and the connection goes to the judged address itself (no
second look-up that could answer differently). TLS is checked against the system's authorities and
the host name (RFC 8314 §3, RFC 9525). A failure carries one code; a server's own words never go
further than the log of whoever asks for them.
"""

import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from ipaddress import ip_address

from siegel.base.errors import TransportFailure
from siegel.policy.mail_problems import PASSING, STAGES, MailProblem, Stage
from siegel.transport.fetching import MAX_ADDRESSES, Budget, Resolve, in_time, resolve
from siegel.transport.web_address import is_public

__all__ = [
    "MailProblem",
    "Reach",
    "Security",
    "Server",
    "Stage",
    "failure",
    "problem_of",
    "refusal",
    "stage_of",
    "tls_failure",
]

USUAL_PORTS = frozenset({143, 993, 465, 587, 2525})  # others only for hosts that are approved


class Security(StrEnum):
    """TLS: from the first octet. STARTTLS: demanded. NONE: only where nobody listens in."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


def failure(problem: MailProblem, detail: str = "", stage: Stage | None = None) -> TransportFailure:
    """The one error of this floor's connections; ``problem_of`` reads the code again."""
    words = f"{problem.value}: {detail}" if detail else problem.value
    reached = stage or STAGES.get(problem, Stage.LOGIN)
    return TransportFailure(words, temporary=problem in PASSING, problem=problem, stage=reached)


def problem_of(error: TransportFailure) -> MailProblem:
    """The code of a failure; one that came from elsewhere counts as not reached."""
    found = error.params.get("problem")
    return found if isinstance(found, MailProblem) else MailProblem.NOT_REACHED


def stage_of(error: TransportFailure) -> Stage:
    """How far the connection came."""
    found = error.params.get("stage")
    return found if isinstance(found, Stage) else Stage.LOGIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What an installation lets its accounts connect to.

    ``private_hosts``: "host" or "host:port" with any address and port. ``unencrypted_hosts``: may
    be used without TLS. ``is_approved``: an administrator entered this host, so it may lie in the
    office's own network, but not on this machine.
    """

    private_hosts: frozenset[str] = frozenset()
    unencrypted_hosts: frozenset[str] = frozenset()
    is_approved: bool = False
    resolve: Resolve = field(default=resolve, repr=False)
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context, repr=False)

    def approved(self, yes: bool) -> "Reach":
        return replace(self, is_approved=yes)

    def addresses(self, host: str, port: int, budget: Budget) -> list[str]:
        """The addresses that may be connected to; raises ``TransportFailure`` if there are none."""
        named = _is_named(host, port, self.private_hosts)
        if not (named or self.is_approved or port in USUAL_PORTS):
            raise failure(MailProblem.HOST_NOT_ALLOWED, "the port")
        try:
            found = in_time(lambda: self.resolve(host, port), budget)
        except TimeoutError as error:
            raise failure(MailProblem.TIMED_OUT, "looking up the name", Stage.NAME) from error
        except OSError as error:
            raise failure(MailProblem.NAME_NOT_FOUND, host) from error
        permitted = [one for one in found if named or self._allows(one)]
        if not permitted:
            raise failure(MailProblem.HOST_NOT_ALLOWED if found else MailProblem.NAME_NOT_FOUND)
        return permitted[:MAX_ADDRESSES]

    def _allows(self, address: str) -> bool:
        return is_public(address) or (self.is_approved and _is_of_an_office(address))

    def allows_unencrypted(self, host: str, port: int, address: str) -> bool:
        return _is_loopback(address) or _is_named(host, port, self.unencrypted_hosts)


def _is_named(host: str, port: int, names: frozenset[str]) -> bool:
    return host.lower() in names or f"{host.lower()}:{port}" in names


def _is_of_an_office(address: str) -> bool:
    """A private network (RFC 1918, RFC 4193); never the machine, the link or a group."""
    try:
        one = ip_address(address)
    except ValueError:
        return False
    special = one.is_loopback or one.is_link_local or one.is_multicast or one.is_reserved
    return one.is_private and not (special or one.is_unspecified)


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One service of a mail server, and how an installation reaches it."""

    host: str
    port: int
    security: Security
    reach: Reach = field(default_factory=Reach, repr=False)

    def connected(self, budget: Budget) -> socket.socket:
        """A connection, under TLS where it begins with it; raises ``TransportFailure``."""
        addresses = self.reach.addresses(self.host, self.port, budget)
        if self.security is Security.NONE:
            addresses = [a for a in addresses if self._may_be_plain(a)]
            if not addresses:
                raise failure(MailProblem.UNENCRYPTED, self.host)
        connection = _first(addresses, self.port, budget)
        return self.secured(connection, budget) if self.security is Security.TLS else connection

    def secured(self, connection: socket.socket, budget: Budget) -> ssl.SSLSocket:
        """The same connection under TLS; closed if that fails."""
        try:
            connection.settimeout(_left(budget))
            return self.reach.tls().wrap_socket(connection, server_hostname=self.host)
        except BaseException as error:
            connection.close()
            if isinstance(error, OSError):
                raise tls_failure(error) from error
            raise

    def _may_be_plain(self, address: str) -> bool:
        return self.reach.allows_unencrypted(self.host, self.port, address)


def _first(addresses: list[str], port: int, budget: Budget) -> socket.socket:
    """A connection to the first address that answers; a dead one leaves time for the next."""
    problem = failure(MailProblem.NOT_REACHED)
    for position, address in enumerate(addresses):
        share = _left(budget) / (len(addresses) - position)
        try:
            return socket.create_connection((address, port), share)
        except TimeoutError:
            problem = failure(MailProblem.TIMED_OUT, "connecting")
        except OSError as error:
            problem = failure(MailProblem.NOT_REACHED, error.strerror or "")
    raise problem


def _left(budget: Budget) -> float:
    if budget.left <= 0:
        raise failure(MailProblem.TIMED_OUT)
    return budget.left


_EXPIRED = frozenset({9, 10})  # X509_V_ERR_CERT_NOT_YET_VALID, …_HAS_EXPIRED
_OTHER_NAME = frozenset({62, 64})  # X509_V_ERR_HOSTNAME_MISMATCH, …_IP_ADDRESS_MISMATCH


def tls_failure(error: OSError) -> TransportFailure:
    """What a handshake that did not succeed means."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _EXPIRED:
            return failure(MailProblem.CERTIFICATE_EXPIRED)
        if error.verify_code in _OTHER_NAME:
            return failure(MailProblem.CERTIFICATE_OTHER_NAME)
        return failure(MailProblem.CERTIFICATE_NOT_TRUSTED)
    if isinstance(error, TimeoutError):
        return failure(MailProblem.TIMED_OUT, "TLS", Stage.ENCRYPTED)
    return failure(MailProblem.TLS_NOT_OFFERED, "no TLS is spoken there")


_REFUSALS = (
    (
        MailProblem.NEEDS_APP_PASSWORD,
        re.compile(r"application-specific password|app password|app-specific|5\.7\.9\b", re.I),
    ),
    (
        MailProblem.NEEDS_OAUTH,
        re.compile(r"basic ?auth|web browser|5\.7\.139|modern auth|logondenied-basic", re.I),
    ),
    (
        MailProblem.TOO_MANY_CONNECTIONS,
        re.compile(r"\[LIMIT\]|too many|maximum number of connections", re.I),
    ),
    (
        MailProblem.SERVER_SAID_NO,
        re.compile(r"\[(UNAVAILABLE|INUSE|SERVERBUG|CONTACTADMIN|NOPERM)\]|temporar|4\.7\.0", re.I),
    ),
)


def refusal(said: str) -> MailProblem | None:
    """What a server means by its words: codes of RFC 5530 and RFC 4954, and the words of the large
    providers, whose codes say nothing. None: nothing that is known here."""
    return next((problem for problem, words in _REFUSALS if words.search(said)), None)
