"""A PostgreSQL server of its own: own folder, own port, own password, stopped by its own id.

Never runs as root (PostgreSQL refuses): under root it runs as the system user ``postgres``.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.process import free_ports

PATIENCE = 30.0  # seconds for a start on a busy machine
PASSWORD = "sesam"


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    user: str

    def psql(self, statement: str) -> str:
        done = subprocess.run(
            [
                str(_program("psql")), "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user,
                "-d", "postgres", "-Atc", statement,
            ],
            env={**os.environ, "PGPASSWORD": PASSWORD}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()


def installed() -> bool:
    return bool(_bin_folders())


@contextmanager
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="siegel-pg-", dir="/tmp"))
    running = None
    try:
        user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        (folder / "password").write_text(PASSWORD)
        _give_to(user, folder)
        _run(
            user, "initdb", "-D", f"{folder}/data", "-U", user, "-A", "scram-sha-256",
            f"--pwfile={folder}/password", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        port = free_ports(1)[0]
        running = _start(user, folder, port)
        yield _wait(Server(port, user), running, folder)
    finally:
        if running is not None:
            _stop(running)
        shutil.rmtree(folder, ignore_errors=True)


def _start(user: str, folder: Path, port: int) -> subprocess.Popen[bytes]:
    who = _identity(user)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [
                str(_program("postgres")), "-D", f"{folder}/data", "-p", str(port),
                "-h", "127.0.0.1", "-k", str(folder), "-c", "fsync=off",
            ],
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd="/",
            user=who.user, group=who.group, extra_groups=who.groups,
        )  # fmt: skip


def _wait(server: Server, running: subprocess.Popen[bytes], folder: Path) -> Server:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            server.psql("SELECT 1")
            return server
        except subprocess.CalledProcessError:
            if running.poll() is not None or time.monotonic() > end:
                raise AssertionError((folder / "log").read_text()) from None
            time.sleep(0.1)


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGINT)  # "fast": ends connections, leaves a clean folder
    try:
        running.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def _run(user: str, program: str, *arguments: str) -> None:
    who = _identity(user)
    done = subprocess.run(
        [str(_program(program)), *arguments],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd="/",
        user=who.user, group=who.group, extra_groups=who.groups,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True, slots=True)
class _Identity:
    """Whose rights a program gets; None: ours."""

    user: int | None = None
    group: int | None = None
    groups: tuple[int, ...] | None = None


def _identity(user: str) -> _Identity:
    if os.geteuid() != 0:
        return _Identity()
    entry = pwd.getpwnam(user)
    return _Identity(entry.pw_uid, entry.pw_gid, ())


def _give_to(user: str, folder: Path) -> None:
    if os.geteuid() == 0:
        for each in (folder, *folder.iterdir()):
            shutil.chown(each, user, user)


def _program(name: str) -> Path:
    return _bin_folders()[-1] / name


def _bin_folders() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"))
