"""``python -m tools.bench.lists [--rows 100000]``: server time of list pages, few rows and many.

Goal: a list at 100,000 rows takes at most four times as long as the same page without any row.
Times are the best of several requests inside one process, with a store of SQLite in a folder that
goes afterwards; only their ratios mean something.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from siegel.config.django import configure
from siegel.config.load import load

if TYPE_CHECKING:
    from django.test import Client

PATHS = (
    "/certificates/",
    "/certificates/?kind=own",
    "/certificates/?kind=partner&source=imported",
    "/certificates/?validity=expiring",
    "/certificates/?q=nummer77",
    "/certificates/?q=anna viele",
    "/certificates/?q=p77@viele.example",
    "/contacts/",
    "/contacts/?q=nummer77",
)
REPEATED = 9  # the best of so many requests counts
_CONFIGURATION = """
[organisation]
domains = ["office.example"]
[store]
url = "sqlite:siegel.db"
data_dir = "."
[keys]
file = "siegel.key"
[gateway]
hostname = "siegel.office.example"
[web]
require_second_factor = false
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.lists")
    parser.add_argument("--rows", type=int, default=100_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "siegel.toml").write_text(_CONFIGURATION)
        configure(load(place / "siegel.toml"))
        print("\n".join(_table(place, rows)))


def _table(place: Path, rows: int) -> Iterator[str]:
    client = _signed_in(place)
    without = {path: _milliseconds(client, path) for path in PATHS}
    _fill(rows)
    yield f"| page | no rows, ms | {rows:,} rows, ms | ratio |"
    yield "|---|---|---|---|"
    for path in PATHS:
        now = _milliseconds(client, path)
        yield f"| `{path}` | {without[path]:.1f} | {now:.1f} | {now / without[path]:.1f} |"


def _signed_in(place: Path) -> "Client":
    from siegel.store.schema import migrate

    migrate()
    from django.test import Client
    from tests.flows.office import Office

    from siegel.policy.roles import Role
    from siegel.store.models import Membership, User
    from siegel.web import running

    office = Office(place)
    running.install(office.site)
    user = User.objects.create(email="mira@office.example", created_at=office.at)
    Membership.objects.create(user=user, role=Role.MEMBER, since=office.at)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    return client


def _fill(rows: int) -> None:
    from tests.store.many import fill, fill_contacts

    fill(rows)
    fill_contacts(rows)


def _milliseconds(client: "Client", path: str) -> float:
    best = float("inf")
    for _ in range(REPEATED):
        begin = time.perf_counter()
        answer = client.get(path)
        best = min(best, time.perf_counter() - begin)
        assert answer.status_code == 200, (path, answer.status_code)
    return best * 1000


if __name__ == "__main__":
    main()
