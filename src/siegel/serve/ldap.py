"""The ldap role: slapd speaks the protocol, this process answers its searches over a socket.

Nothing is kept beside the store: whoever withdraws a publication takes it out of the directory at
once. If slapd ends, so does this role, and whoever restarts us starts both.
"""

import logging
import os
import signal
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from siegel.base.errors import ConfigurationError, SiegelError
from siegel.config.schema import Ldap, Settings
from siegel.directory.back_sock import LONGEST_REQUEST, Code, Search, answer, read
from siegel.flows.ldap_answers import Directory, answered
from siegel.serve import ldap_configuration
from siegel.serve.composing import now
from siegel.store import atomic
from siegel.store.transaction import session
from siegel.transport.client_network import client_network

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds that slapd has to end
POLL = 0.2  # seconds between looks at it
READ_SECONDS = 5.0  # for a question of slapd, which is on this machine
MOST_PEERS = 10_000  # whose searches are counted; a minute's strangers

Answering = Callable[[Search], bytes]


def run_ldap(settings: Settings) -> int:
    """Until SIGTERM, or until slapd ends."""
    asked = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: asked.set())
    ldap = settings.ldap
    if ldap.listen is None:
        raise ConfigurationError("ldap.listen is empty: there is no directory to serve")
    folder = settings.store.data_dir / "ldap"
    folder.mkdir(parents=True, exist_ok=True)
    desk = Desk(ldap)
    with answering(desk.answer) as socket, slapd(ldap, folder, socket) as child:
        log.info("directory listens at %s", ldap_configuration.url(ldap))
        while not asked.wait(POLL):
            if child.poll() is not None:
                log.error("slapd ended by itself with %s", child.returncode)
                return 70
    return 0


@dataclass(slots=True)
class Rate:
    """So many a minute for each peer."""

    per_minute: int
    clock: Callable[[], float] = time.monotonic
    _minute: int = field(default=0, init=False)
    _counted: dict[str, int] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def allows(self, peer: str) -> bool:
        """One more; a crowd of strangers in one minute counts as one peer."""
        with self._lock:
            minute = int(self.clock() // 60)
            if minute != self._minute:
                self._minute, self._counted = minute, {}
            known = peer if peer in self._counted or len(self._counted) < MOST_PEERS else ""
            self._counted[known] = self._counted.get(known, 0) + 1
            return self._counted[known] <= self.per_minute


class Desk:
    """Answers of one directory."""

    def __init__(self, settings: Ldap, clock: Callable[[], datetime] = now) -> None:
        self._clock = clock
        self._directory = Directory(suffix=settings.suffix, listing=settings.listing)
        self._rate = Rate(settings.searches_per_minute)

    def answer(self, asked: Search) -> bytes:
        if not self._rate.allows(client_network(asked.peer)):
            return answer((), self._directory.suffix, Code.BUSY)
        with session():
            return answered(asked, self._directory, at=self._clock())


class _Server(socketserver.ThreadingUnixStreamServer):
    """slapd has four threads, so there are no more than four questions at once."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, path: str, act: Answering) -> None:
        self.act = act
        super().__init__(path, _Question)


class _Question(socketserver.StreamRequestHandler):
    timeout = READ_SECONDS
    server: _Server

    def handle(self) -> None:
        try:
            asked = read(self._request())
            said = self.server.act(asked) if asked is not None else None
        except (SiegelError, OSError):
            said = None
        except Exception:
            log.exception("a search was not answered")
            said = None
        self.wfile.write(answer((), "", Code.UNWILLING) if said is None else said)

    def _request(self) -> bytes:
        """Up to the empty line."""
        found = b""
        while len(found) < LONGEST_REQUEST:
            line = self.rfile.readline(LONGEST_REQUEST)
            if not line.strip():
                break
            found += line
        return found


@contextmanager
def answering(act: Answering) -> Iterator[Path]:
    """A socket that only we and slapd reach; its name is short, as the kernel wants it."""
    with tempfile.TemporaryDirectory(prefix="siegel-ldap-") as folder:
        path = Path(folder) / "s"
        server = _Server(str(path), act)
        thread = threading.Thread(target=server.serve_forever, name="ldap answers", daemon=True)
        thread.start()
        try:
            yield path
        finally:
            server.shutdown()
            server.server_close()


def _end_left_over(folder: Path, configuration: Path) -> None:
    """A slapd whose parent was killed holds the port and answers nothing: it is ours by the
    configuration it was started with, so it goes."""
    try:
        number = int((folder / "slapd.pid").read_text().strip())
        command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return
    if str(configuration).encode() not in command:
        return
    log.warning("a slapd of before is ended pid=%s", number)
    os.kill(number, signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    while Path(f"/proc/{number}").exists() and time.monotonic() < end:
        time.sleep(POLL)


@contextmanager
def slapd(settings: Ldap, folder: Path, socket: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """slapd with its configuration, as long as the block lasts."""
    if not settings.program.exists():
        raise ConfigurationError(f"{settings.program} is missing: install OpenLDAP's slapd")
    file = folder / "slapd.conf"
    _end_left_over(folder, file)
    text = ldap_configuration.written(settings, folder, socket)
    atomic.write(file, text.encode(), replace=True)
    command = [str(settings.program), "-d", "0", "-f", str(file)]
    child = subprocess.Popen(  # noqa: S603 - the program that the configuration names
        [*command, "-h", ldap_configuration.url(settings)], stdin=subprocess.DEVNULL
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
