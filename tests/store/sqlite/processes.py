"""Programs that the tests run as processes of their own, on a SQLite store in a folder.

Each is started with ``python -c``; ``PREPARE`` sets Django up as the doors do.
"""

import os
import subprocess
import sys
from pathlib import Path

PREPARE = """
import hashlib, os, random, signal, sys, threading, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from siegel.config import django
from siegel.config.load import load
django.configure(load(Path(sys.argv[1]) / "siegel.toml"))
from django.db import connection
from siegel.store import schema, transaction
from siegel.store.queries import deliveries, journal, messages
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

def keep(raw):
    return messages.keep(
        raw, direction=messages.Direction.INBOUND, received_at=NOW,
        keep_until=NOW + timedelta(days=30), recipients=["a@office.example", "b@office.example"],
    )
"""


def prepare(folder: Path) -> None:
    (folder / "siegel.toml").write_text('[store]\nurl = "sqlite:siegel.db"\ndata_dir = "."\n')
    run(folder, "schema.migrate()")


def run(folder: Path, code: str, *arguments: str) -> str:
    """What the program printed; a failure of it is one of the test."""
    done = wait(start(folder, code, *arguments))
    assert done.returncode == 0, done.stderr
    return done.stdout


def start(folder: Path, code: str, *arguments: str) -> subprocess.Popen[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SIEGEL", "DJANGO"))}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PREPARE + code, str(folder), *arguments],
        env=clean,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait(process: subprocess.Popen[str], seconds: float = 120) -> subprocess.CompletedProcess[str]:
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)
