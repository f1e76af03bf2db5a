"""Servers as child processes: started quietly, waited for, ended gently or with ``kill -9``.

A child never inherits our streams: a daemon that keeps the pipe of a captured test run open
would make the run hang. What it says goes to a log file.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Final, Self

START_PATIENCE: Final = 180.0  # a loaded machine; what does not start ends by itself
STOP_PATIENCE: Final = 180.0
_STEP: Final = 0.02


class Child:
    """One child process in a process group of its own.

    with Child.siegel("serve", "--config", str(config), log=tmp_path / "log") as child:
        child.wait_for_port(10025)
        child.kill()        # like a power cut: nothing is flushed, nobody is told
        child.start()       # and up again, with the same command
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.command = tuple(command)
        self.log = log
        self._env = {**os.environ, **(env or {})}
        self._cwd = cwd
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def siegel(cls, *arguments: str, log: Path, env: Mapping[str, str] | None = None) -> "Child":
        """``python -m siegel …`` with the interpreter that runs the tests."""
        return cls.python("-m", "siegel", *arguments, log=log, env=env)

    @classmethod
    def python(cls, *arguments: str, log: Path, env: Mapping[str, str] | None = None) -> "Child":
        """The interpreter that runs the tests, with other arguments."""
        return cls((sys.executable, *arguments), log=log, env=env)

    def start(self) -> Self:
        assert not self.running, "already running"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._env,
                cwd=self._cwd,
                start_new_session=True,
            )
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def said(self) -> str:
        """Everything in the log so far."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def wait_for_port(self, port: int, *, patience: float = START_PATIENCE) -> None:
        self._wait_for(lambda: port_open(port), f"port {port}", patience)

    def wait_for_words(self, words: str, *, patience: float = START_PATIENCE) -> None:
        """Until the log contains ``words``."""
        self._wait_for(lambda: words in self.said, repr(words), patience)

    def wait(self, *, patience: float = STOP_PATIENCE) -> int:
        """Until it ends by itself; its status."""
        assert self._process is not None, "not started"
        return self._process.wait(patience)

    def kill(self) -> None:
        """SIGKILL to the whole group, so that no worker lives on without its parent."""
        self._signal(signal.SIGKILL)
        self.wait()

    def terminate(self, *, patience: float = STOP_PATIENCE) -> int:
        """SIGTERM to the parent alone, as a service manager does; its status."""
        assert self._process is not None, "not started"
        self._process.terminate()
        return self._process.wait(patience)

    def __enter__(self) -> Self:
        return self if self.running else self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self.kill()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return

    def _wait_for(self, happened: Callable[[], bool], what: str, patience: float) -> None:
        end = time.monotonic() + patience
        while not happened():
            if not self.running:
                raise AssertionError(f"ended before {what}; it said:\n{self.said[-4000:]}")
            if time.monotonic() > end:
                raise AssertionError(f"no {what} in {patience} s; it said:\n{self.said[-4000:]}")
            time.sleep(_STEP)


_PORTS: Final = range(11_000, 32_000)  # below those that systems give to clients (32768 on Linux)


def free_ports(count: int) -> tuple[int, ...]:
    """Ports of 127.0.0.1 that nobody uses now; all different. No client gets one by chance before
    its server is there."""
    sockets: list[socket.socket] = []
    try:
        while len(sockets) < count:
            one = socket.socket()
            try:
                one.bind(("127.0.0.1", secrets.choice(_PORTS)))
            except OSError:
                one.close()
                continue
            sockets.append(one)
        return tuple(int(one.getsockname()[1]) for one in sockets)
    finally:
        for one in sockets:
            one.close()


def port_open(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(port: int, *, patience: float = START_PATIENCE) -> None:
    """For servers that are not our children (daemons that detached themselves)."""
    end = time.monotonic() + patience
    while not port_open(port):
        if time.monotonic() > end:
            raise AssertionError(f"port {port} did not open in {patience} s")
        time.sleep(_STEP)
