"""The gateway's listener: one port, one role, one handler (RFC 5321).

An event loop in a thread of its own speaks SMTP (``smtp_session``); the handler runs in a bounded
pool of threads. The answer 250 is given only after the handler has returned it, and whatever goes
wrong on our side is answered 451, so that no mail server ever bounces a mail for a fault of ours.
"""

import asyncio
import contextlib
import functools
import ipaddress
import logging
import signal
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from siegel.transport.admission import Room, Ticket
from siegel.transport.envelope import Envelope, Role
from siegel.transport.listening import GatewayLimits, Session, Timeouts
from siegel.transport.replies import TRY_LATER, Reply
from siegel.transport.smtp_session import SmtpSession

Handler = Callable[[Envelope, bytes], Reply]
"""Takes a message and answers; runs in a worker thread."""

LIMITS = GatewayLimits()
TIMEOUTS = Timeouts()
DRAIN_SECONDS = 60.0  # what a supervisor may wait for messages on their way

_BUSY = Reply(421, "4.3.2", "too many connections, please come again")
_NOT_ALLOWED = Reply(421, "4.7.1", "this server does not serve your host")
_log = logging.getLogger("siegel.transport.gateway")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """The certificate chain and key of the gateway as a server, PEM."""

    certificate: Path
    key: Path


class Gateway:
    """One listener. ``start`` and ``stop`` once each; ``address`` is known after ``start``."""

    def __init__(
        self,
        role: Role,
        listen: tuple[str, int],
        handler: Handler,
        *,
        hostname: str,
        allowed_clients: Sequence[str] = ("127.0.0.0/8", "::1/128"),
        limits: GatewayLimits = LIMITS,
        timeouts: Timeouts = TIMEOUTS,
        tls: TlsFiles | None = None,
        smtputf8: bool = True,
    ) -> None:
        self.role = role
        self.hostname = hostname
        self.limits = limits
        self.timeouts = timeouts
        self.smtputf8 = smtputf8
        self.tls_context = _server_context(tls) if tls is not None else None
        self.room = Room(limits.octets_in_flight)
        self.draining = False
        self._listen = listen
        self._handler = handler
        self._allowed = [ipaddress.ip_network(network) for network in allowed_clients]
        self._sessions: set[Session] = set()
        self._running: set[Future[Reply]] = set()
        self._pool = ThreadPoolExecutor(limits.workers, f"siegel-{role}")
        self._thread = threading.Thread(target=self._run, name=f"siegel-{role}-smtp", daemon=True)
        self._started: Future[tuple[str, int]] = Future()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Future[float] | None = None
        self._clean = True

    @property
    def address(self) -> tuple[str, int]:
        """Host and port listened on."""
        return self._started.result(timeout=0)

    def start(self) -> None:
        """Listen. Raises ``OSError`` when the port cannot be had."""
        self._thread.start()
        self._started.result()

    def stop(self, drain_seconds: float = DRAIN_SECONDS) -> bool:
        """Take nothing new, finish what is on its way, end.

        False if something was still running when the time was up: its client has no answer and
        will send the message again.
        """
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._begin_to_stop, drain_seconds)
            self._thread.join()
        return self._clean

    def admit(self, session: Session) -> Reply | None:
        self._sessions.add(session)
        if not self._is_allowed(session.client):
            _log.warning("client refused role=%s client=%s", self.role, session.client)
            return _NOT_ALLOWED
        if len(self._sessions) > self.limits.connections:
            return _BUSY
        return None

    def dismiss(self, session: Session) -> None:
        self._sessions.discard(session)

    async def handle(self, envelope: Envelope, message: bytes, ticket: Ticket) -> Reply:
        """Run the handler in the pool. A client that leaves before its turn costs nothing."""
        running = self._pool.submit(self._handled, envelope, message)
        self._running.add(running)
        running.add_done_callback(functools.partial(self._done, ticket))
        try:
            async with asyncio.timeout(self.timeouts.handler):
                return await asyncio.wrap_future(running)
        except TimeoutError:
            _log.error("handler took too long role=%s", self.role)
            return TRY_LATER

    def _handled(self, envelope: Envelope, message: bytes) -> Reply:
        try:
            return self._handler(envelope, message)
        # Also SystemExit: in an asyncio task it would end the whole listener.
        except BaseException:
            _log.exception("handler failed role=%s", self.role)
            return TRY_LATER

    def _done(self, ticket: Ticket, running: "Future[Reply]") -> None:
        """Called in the worker's thread; after the end of the loop nobody counts any more."""
        self._running.discard(running)
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(ticket.release)

    def _is_allowed(self, client: str) -> bool:
        try:
            address = ipaddress.ip_address(client.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self._allowed)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._started.set_exception(error)
        finally:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = self._loop.create_future()
        host, port = self._listen
        server = await self._loop.create_server(lambda: SmtpSession(self), host, port)
        name = server.sockets[0].getsockname()
        self._started.set_result((str(name[0]), int(name[1])))
        drain_seconds = await self._stop
        server.close()
        await self._drain(drain_seconds)

    def _begin_to_stop(self, drain_seconds: float) -> None:
        if self._stop is not None and not self._stop.done():
            self._stop.set_result(drain_seconds)

    async def _drain(self, seconds: float) -> None:
        self.draining = True
        for session in tuple(self._sessions):
            session.drain()
        try:
            async with asyncio.timeout(seconds):
                while self._sessions or self._running:
                    await asyncio.sleep(0.02)
        except TimeoutError:
            self._clean = False
            _log.warning("stopped with messages on their way role=%s", self.role)
        for session in tuple(self._sessions):
            session.abort()


def serve_forever(gateways: Sequence[Gateway], *, drain_seconds: float = DRAIN_SECONDS) -> bool:
    """Start all, wait for SIGTERM or SIGINT, stop all; for the main thread of a process."""
    asked = threading.Event()
    with _signals(asked):
        for gateway in gateways:
            gateway.start()
        asked.wait()
        stopping = [_stop_in_thread(gateway, drain_seconds) for gateway in gateways]
        return all([future.result() for future in stopping])


def _stop_in_thread(gateway: Gateway, drain_seconds: float) -> "Future[bool]":
    done: Future[bool] = Future()
    threading.Thread(target=lambda: done.set_result(gateway.stop(drain_seconds))).start()
    return done


@contextlib.contextmanager
def _signals(asked: threading.Event) -> Iterator[None]:
    kinds = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(kind, lambda *_: asked.set()) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)


def _server_context(tls: TlsFiles) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tls.certificate, tls.key)
    return context
