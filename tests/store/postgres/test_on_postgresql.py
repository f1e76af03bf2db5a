"""The whole suite of the store once more, on PostgreSQL; and what only PostgreSQL can show."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.postgres.server import PASSWORD, Server, installed, server

SUITE = Path(__file__).resolve().parents[1]

RACE = """
import sys, threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from siegel.config import django
from siegel.config.load import load
django.configure(load(Path(sys.argv[1])))
from django.db import connection
from siegel.base.errors import Conflict
from siegel.store import models, schema, transaction
from siegel.store.queries import deliveries, journal, messages, trust
schema.migrate()
schema.migrate()
schema.require_current()
NOW = datetime(2026, 11, 21, tzinfo=UTC)
failed, refused = [], []
threading.excepthook = lambda caught: failed.append(repr(caught.exc_value))

def work():
    with transaction.session():
        for number in range(30):
            messages.keep(
                f"{number}".encode(), direction=messages.Direction.INBOUND, received_at=NOW,
                keep_until=NOW - timedelta(days=1), recipients=["a@x", "b@x"],
            )
            messages.forget_due(at=NOW)
            deliveries.record(f"{number:064x}", ["a@x", "b@x"], "250", at=NOW)
            journal.write(at=NOW, actor="x", action="x", recipients=["a@x"])
            try:
                trust.decide(f"{number:064x}", trust.Decision.TRUSTED, who="x", when=NOW)
            except Conflict:
                refused.append(number)
    connection.close()

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not failed, failed
assert models.JournalEntry.objects.count() == 240
assert models.Delivery.objects.count() == 60
assert len(trust.decisions()) == 30
assert sum(len(trust.history(f"{n:064x}")) for n in range(30)) == 240 - len(refused)
"""


@pytest.fixture(scope="module")
def postgres() -> Iterator[Server]:
    if not installed():
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with server() as running:
        yield running


@pytest.fixture
def configuration(postgres: Server, tmp_path: Path) -> Path:
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    password.chmod(0o600)
    file = tmp_path / "siegel.toml"
    file.write_text(
        f'[store]\nurl = "postgresql://{postgres.user}@127.0.0.1:{postgres.port}/siegel"\n'
        'password_file = "password"\ndata_dir = "data"\n'
    )
    return file


def run(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        cwd=SUITE.parents[1],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.slow
def test_the_tests_of_the_store_pass_on_postgresql(configuration: Path) -> None:
    done = run(
        [
            "-m", "pytest", str(SUITE), "-q", "--create-db",
            f"--ignore={SUITE / 'postgres'}", f"--ignore={SUITE / 'sqlite'}",
        ],
        SIEGEL_CONFIG=str(configuration),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 150


@pytest.mark.slow
def test_eight_threads_at_once_lose_nothing_and_never_fork_a_decision(
    postgres: Server, configuration: Path
) -> None:
    postgres.psql("CREATE DATABASE siegel")
    done = run(["-W", "error", "-c", RACE, str(configuration)])
    assert done.returncode == 0, done.stdout + done.stderr
