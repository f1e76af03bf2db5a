"""One guarded way to fetch what certificates point to: lists, answers, certificates of issuers.

http and https only. A name is resolved first, its addresses are checked, and the connection goes
to the checked address itself (no second look-up that could answer differently); so again after
each redirect. Every step has the one deadline of its budget: also for a server that sends an octet
a second. No cookies, no environment proxies, no authentication, one fixed User-Agent. What comes
back is unverified.
"""

import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPException, HTTPResponse
from urllib.parse import urljoin

from siegel.transport import web_address
from siegel.transport.web_address import NotAllowed, OtherScheme, WebAddress, is_public

MAX_REDIRECTS = 3
MAX_ADDRESSES = 3  # addresses of one host that are tried
CONNECT_SECONDS = 2.0  # for one address, so that a dead one leaves time for the next
READ_SECONDS = 3.0  # without a single octet
LEAST_SECONDS = 0.2  # with less left nothing is begun

_AGENT = "siegel"
_MOVED = frozenset({301, 302, 303, 307, 308})
_OK = 200
_BLOCK = 64 * 1024

Resolve = Callable[[str, int], Sequence[str]]


class Outcome(StrEnum):
    """How one fetch ended; all but the first are reasons to go on without it."""

    FETCHED = "fetched"
    OTHER_SCHEME = "other_scheme"  # ldap and the like: not asked
    REFUSED_ADDRESS = "refused_address"  # not on the public Internet, or no proper address
    NOT_FOUND = "not_found"  # any status but 200
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    BROKEN = "broken"  # no HTTP, or less than was announced
    NO_TIME = "no_time"  # the budget was spent before it began
    USELESS = "useless"  # it came, but cannot be believed or answers nothing


@dataclass(frozen=True, slots=True)
class Fetched:
    """``status``: of an answer that is not 200, where there was one. ``content_type``: as the
    server names what it sent; only who asks for several kinds needs it."""

    outcome: Outcome
    body: bytes = field(default=b"", repr=False)
    status: int = 0
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer, whatever its status; names of ``fields`` in lower case, the first of each."""

    status: int
    fields: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is sent instead of a plain GET."""

    body: bytes
    content_type: str


class Budget:
    """The time that one piece of work may spend on the network, all fetches together."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    @property
    def left(self) -> float:
        return self._end - self._clock()

    @property
    def is_spent(self) -> bool:
        return self.left < LEAST_SECONDS


class _Stop(Exception):
    def __init__(self, outcome: Outcome, status: int = 0) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
        self.status = status


_OUTCOMES: dict[type[Exception], Outcome] = {  # the narrower kind first
    OtherScheme: Outcome.OTHER_SCHEME,
    NotAllowed: Outcome.REFUSED_ADDRESS,
    TimeoutError: Outcome.TIMED_OUT,
    OSError: Outcome.UNREACHABLE,
}


def resolve(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host as the system knows them; raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """``private_hosts``: "host" or "host:port" of the organisation, which may have any address.

    With ``proxy`` (host and port) it resolves names and connects; it is asked for http only.
    """

    private_hosts: frozenset[str] = frozenset()
    proxy: tuple[str, int] | None = None
    resolve: Resolve = field(default=resolve, repr=False)

    def fetch(
        self, url: str, *, most: int, budget: Budget, accept: str = "*/*", post: Post | None = None
    ) -> Fetched:
        """At most ``most`` octets from ``url``, or why not; never raises for what others do."""
        if budget.is_spent:
            return Fetched(Outcome.NO_TIME)
        try:
            body, content_type = self._follow(url, most, budget, accept, post)
            return Fetched(Outcome.FETCHED, body, content_type=content_type)
        except (_Stop, OSError, HTTPException, ValueError) as error:
            return _why(error)

    def exchange(
        self, url: str, *, most: int, budget: Budget, post: Post | None = None
    ) -> Answer | Fetched:
        """The answer to one request, for protocols that say more than "here it is".

        No redirect is followed. Why there is none is said as ``fetch`` says it.
        """
        if budget.is_spent:
            return Fetched(Outcome.NO_TIME)
        try:
            with self._asked(web_address.read(url), budget, "*/*", post) as answer:
                names = dict.fromkeys(name.lower() for name in answer.headers)
                fields = {name: str(answer.headers[name]) for name in names}
                body = _body(answer, most)
                return Answer(status=answer.status, fields=fields, body=body)
        except (_Stop, OSError, HTTPException, ValueError) as error:
            return _why(error)

    def _follow(
        self, url: str, most: int, budget: Budget, accept: str, post: Post | None
    ) -> tuple[bytes, str]:
        for _ in range(MAX_REDIRECTS + 1):
            address = web_address.read(url)
            with self._asked(address, budget, accept, post) as answer:
                moved = answer.headers.get("Location") if answer.status in _MOVED else None
                if moved is None or post is not None:
                    if answer.status != _OK:
                        raise _Stop(Outcome.NOT_FOUND, answer.status)
                    return _body(answer, most), answer.headers.get("Content-Type", "")
            url = urljoin(str(address), moved)
        raise _Stop(Outcome.TOO_MANY_REDIRECTS)

    @contextmanager
    def _asked(
        self, address: WebAddress, budget: Budget, accept: str, post: Post | None
    ) -> Iterator[HTTPResponse]:
        """One request; its answer is read as far as the header section."""
        with self._connection(address, budget) as connection:
            connection.sendall(_request(address, accept, post, whole=self.proxy is not None))
            answer = HTTPResponse(
                _Stream(connection, budget),  # type: ignore[arg-type]  # only makefile is used
                method="POST" if post else "GET",
            )
            answer.begin()
            yield answer

    def _connection(self, address: WebAddress, budget: Budget) -> socket.socket:
        if self.proxy is None:
            connection = _connect(self._permitted(address, budget), address.port, budget)
        else:
            self._check_behind_proxy(address)
            connection = _connect([self.proxy[0]], self.proxy[1], budget)
        if address.scheme == "http":
            return connection
        try:
            connection.settimeout(_patience(budget, READ_SECONDS))
            return ssl.create_default_context().wrap_socket(
                connection, server_hostname=address.host
            )
        except BaseException:
            connection.close()
            raise

    def _permitted(self, address: WebAddress, budget: Budget) -> list[str]:
        """The addresses of the host that may be asked; the connection goes to one of them."""
        known = self._is_ours(address)
        if not (known or address.is_usual_port):
            raise NotAllowed("another port")
        found = in_time(lambda: self.resolve(address.host, address.port), budget)
        permitted = [one for one in found if known or is_public(one)]
        if not permitted:
            raise NotAllowed("no public address")
        return permitted[:MAX_ADDRESSES]

    def _check_behind_proxy(self, address: WebAddress) -> None:
        """The proxy resolves names; bare local addresses and other ports are not handed to it."""
        numeric = ":" in address.host or address.host.replace(".", "").isdigit()
        plain = address.scheme == "http" and address.is_usual_port
        local = numeric and not is_public(address.host)
        if not self._is_ours(address) and (local or not plain or address.host == "localhost"):
            raise NotAllowed("not through the proxy")
        if address.scheme != "http":
            raise NotAllowed("https is not asked through a proxy")

    def _is_ours(self, address: WebAddress) -> bool:
        host, named = address.host, f"{address.host}:{address.port}"
        return named in self.private_hosts or (address.is_usual_port and host in self.private_hosts)


def _why(error: Exception) -> Fetched:
    """What others do is no error of ours: the reason to go on without it."""
    if isinstance(error, _Stop):
        return Fetched(error.outcome, status=error.status)
    for kind, outcome in _OUTCOMES.items():
        if isinstance(error, kind):
            return Fetched(outcome)
    return Fetched(Outcome.BROKEN)


def _patience(budget: Budget, longest: float) -> float:
    if budget.left <= 0:
        raise TimeoutError
    return min(budget.left, longest)


def in_time(ask: Callable[[], Sequence[str]], budget: Budget) -> Sequence[str]:
    """What ``ask`` finds; raises ``OSError``, also for a name that cannot be one.

    The resolver of the system knows no time limit; one that hangs is left behind.
    """
    answers: queue.SimpleQueue[Sequence[str] | OSError] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put(ask())
        except OSError as error:
            answers.put(error)
        except UnicodeError:  # a label that no name may have
            answers.put(OSError("no such name"))

    threading.Thread(target=run, daemon=True, name="resolve").start()
    try:
        found = answers.get(timeout=_patience(budget, budget.left))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(found, OSError):
        raise found
    return found


def _connect(hosts: Sequence[str], port: int, budget: Budget) -> socket.socket:
    problem: OSError = OSError("no address")
    for host in hosts:
        try:
            connection = socket.create_connection((host, port), _patience(budget, CONNECT_SECONDS))
        except OSError as error:
            problem = error
            continue
        connection.settimeout(_patience(budget, READ_SECONDS))
        return connection
    raise problem


def _request(address: WebAddress, accept: str, post: Post | None, *, whole: bool) -> bytes:
    lines = [
        f"{'POST' if post else 'GET'} {address if whole else address.target} HTTP/1.1",
        f"Host: {address.authority}",
        f"User-Agent: {_AGENT}",
        f"Accept: {accept}",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    if post:
        lines += [f"Content-Type: {post.content_type}", f"Content-Length: {len(post.body)}"]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + (post.body if post else b"")


def _body(answer: HTTPResponse, most: int) -> bytes:
    if answer.length is not None and answer.length > most:
        raise _Stop(Outcome.TOO_LARGE)
    announced = answer.length
    body = answer.read(most + 1)
    if len(body) > most:
        raise _Stop(Outcome.TOO_LARGE)
    if announced is not None and len(body) < announced:
        raise _Stop(Outcome.BROKEN)
    return body


class _Stream:
    """What ``HTTPResponse`` reads from: a socket whose every wait ends with the budget."""

    def __init__(self, connection: socket.socket, budget: Budget) -> None:
        self._source = _Source(connection, budget)

    def makefile(self, mode: str) -> io.BufferedReader:
        del mode
        return io.BufferedReader(self._source, _BLOCK)


class _Source(io.RawIOBase):
    def __init__(self, connection: socket.socket, budget: Budget) -> None:
        super().__init__()
        self._connection = connection
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # what io hands in
        self._connection.settimeout(_patience(self._budget, READ_SECONDS))
        return self._connection.recv_into(buffer)
