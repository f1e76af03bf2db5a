"""Programs of the system: needed by name, run with bounds."""

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

PATIENCE: Final = 120.0
"""Seconds after which a foreign program counts as hanging; the slowest needs about 3."""

_SYSTEM_FOLDERS: Final = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin:/usr/local/sbin"


class PeerError(Exception):
    """The program said no. ``words`` is what it wrote for people."""

    def __init__(self, command: Sequence[str], status: int, words: str) -> None:
        super().__init__(f"{' '.join(command[:3])} … ended with {status}: {words.strip()}")
        self.status = status
        self.words = words


def program(name: str) -> str:
    """The full path of ``name``; a test that needs a missing program is skipped."""
    found = shutil.which(name, path=_SYSTEM_FOLDERS)
    if found is None:
        pytest.skip(f"the program {name} is missing: run tools/install-system.sh")
    return found


def library(path: str) -> str:
    """``path``, a file of a system package; a test that needs a missing one is skipped."""
    if not Path(path).exists():
        pytest.skip(f"the file {path} is missing: run tools/install-system.sh")
    return path


def run(
    command: Sequence[str],
    *,
    given: bytes = b"",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run to the end and return what was written, whatever the status."""
    return subprocess.run(
        list(command),
        input=given,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
        env=None if env is None else dict(env),
        cwd=cwd,
    )


def must(
    command: Sequence[str],
    *,
    given: bytes = b"",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> bytes:
    """The standard output of a command that must succeed; ``PeerError`` otherwise."""
    done = run(command, given=given, env=env, cwd=cwd)
    if done.returncode != 0:
        raise PeerError(command, done.returncode, done.stderr.decode("utf-8", "replace"))
    return done.stdout
