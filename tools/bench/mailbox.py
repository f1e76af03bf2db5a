"""Reading a mailbox from a mail server: the first time, when nothing happened, and one mail later.

``python -m tools.bench.mailbox [--messages 100000] [--every 10000]`` prints milliseconds of
processor time. The server is a model in this process that costs next to nothing, so what is timed
is ours: looking for what is missing, opening, judging, keeping, lines and figures of lists.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from siegel.base.address import EmailAddress
from siegel.config.django import configure
from siegel.config.schema import Organisation, Settings, Store
from siegel.config.values import SqliteUrl

ACCOUNT = EmailAddress.parse("bench@office.example")
AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench.mailbox")
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--every", type=int, default=10_000, help="messages between two figures")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configure(
            Settings(
                organisation=Organisation(name="Bench", domains=("office.example",)),
                store=Store(url=SqliteUrl(str(folder / "bench.db")), data_dir=folder),
            )
        )
        _measure(folder, asked.messages, asked.every)


def _measure(folder: Path, messages: int, every: int) -> None:
    from tests.flows.model_server import ModelServer
    from tests.flows.sync_scene import letter

    from siegel.flows import accounts, syncing
    from siegel.flows.site import Site
    from siegel.store.queries import organisation
    from siegel.store.schema import migrate
    from siegel.store.vault import create_key_file, open_vault
    from siegel.wording.words import Language

    migrate()
    organisation.establish(name="Bench", language="en", domains=("office.example",))
    accounts.create(ACCOUNT, "", by="bench", at=AT)
    create_key_file(folder / "key")
    site = Site(
        hostname="siegel.office.example",
        language=Language.EN,
        vault=open_vault(folder / "key", at=AT),
        hops={},
    )
    server = ModelServer()

    def look() -> object:
        return syncing.sync(ACCOUNT, server, site, at=AT)

    print("messages  first reading, each  nothing new  one new mail   (milliseconds)")
    for done in range(0, messages, every):
        for number in range(done, done + every):
            server.put("INBOX", letter(number, str(ACCOUNT)))
        first = _milliseconds(look) / every
        quiet = _milliseconds(look)
        server.put("INBOX", letter(messages + done, str(ACCOUNT)))
        new = _milliseconds(look)
        print(f"{done + every:>8,}  {first:>19.1f}  {quiet:>11.1f}  {new:>12.1f}", flush=True)


def _milliseconds(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return (time.process_time() - begun) * 1000


if __name__ == "__main__":
    main()
