"""Lists of the pages with very many rows behind them, against a page that shows nothing.

A process of its own, because Django is set up once for a process: ``python -m tools.bench.pages
FOLDER ROWS ROUNDS`` prints seconds of processor time for each page as JSON.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.config.django import configure
from siegel.config.schema import Organisation, Settings, Store, Web
from siegel.config.values import SqliteUrl

ROOT = Path(__file__).parents[2]
EMPTY = "an empty page"
ADMINISTRATOR = "bench@office.example"


def measured(folder: Path, *, rows: int, rounds: int) -> Mapping[str, tuple[float, float]]:
    """Seconds of processor time by page without rows and with them; medians of ``rounds``."""
    command = [sys.executable, "-m", "tools.bench.pages", str(folder), str(rows), str(rounds)]
    done = subprocess.run(command, capture_output=True, check=True, text=True, cwd=ROOT)
    return {name: (empty, full) for name, (empty, full) in json.loads(done.stdout).items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("rounds", type=int)
    asked = parser.parse_args()
    configure(
        Settings(
            organisation=Organisation(name="Bench", domains=("office.example",)),
            store=Store(url=SqliteUrl(str(asked.folder / "pages.db")), data_dir=asked.folder),
            web=Web(require_second_factor=False),
        )
    )
    print(json.dumps(_timed(asked.rows, asked.rounds)))


def _timed(rows: int, rounds: int) -> dict[str, tuple[float, float]]:
    from django.conf import settings
    from django.test import Client
    from tests.store.given import NOW
    from tests.web.crowd import LISTS, fill

    from siegel.flows.people import make_administrator
    from siegel.flows.site import Site
    from siegel.store.models import User
    from siegel.store.schema import migrate
    from siegel.store.vault import create_key_file, open_vault
    from siegel.web import running
    from siegel.wording.words import Language

    migrate()
    (settings.SIEGEL_DATA_DIR / "static").mkdir(exist_ok=True)
    password = Secret("nobody signs in with it")
    make_administrator(EmailAddress.parse(ADMINISTRATOR), "", password, by="bench", at=NOW)
    key_file = settings.SIEGEL_DATA_DIR / "siegel.key"
    create_key_file(key_file)
    vault = open_vault(key_file, at=NOW)
    running.install(Site(hostname="bench.example", language=Language.EN, vault=vault, hops={}))
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=ADMINISTRATOR))
    paths = {EMPTY: "/menu/", **LISTS}
    before = _medians(client.get, paths, rounds)
    fill(0, rows)
    after = _medians(client.get, paths, rounds)
    return {name: (before[name], after[name]) for name in paths}


def _medians(get: Callable[..., Any], paths: Mapping[str, str], rounds: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(rounds + 1):
        for name, path in paths.items():
            seconds = _one(get, path)
            if number:  # the first round is warm-up
                taken[name].append(seconds)
    return {name: median(each) for name, each in taken.items()}


def _one(get: Callable[..., Any], path: str) -> float:
    begun = time.process_time()
    answer = get(path)
    seconds = time.process_time() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answers {answer.status_code}")
    return seconds


if __name__ == "__main__":
    main()
