"""``siegel store``: create it, save it, bring it back."""

from pathlib import Path

import click

from siegel.cli.exits import Exit
from siegel.cli.output import say
from siegel.cli.settings import configured, now, ready
from siegel.config.values import SqliteUrl


@click.group()
def store() -> None:
    """The store: database and kept messages."""


@store.command()
@click.pass_obj
def migrate(config_file: str | None) -> int:
    """Create the store, or bring it up to date after an update."""
    configured(config_file)
    from siegel.store.schema import migrate as migrate_it
    from siegel.store.transaction import reachable

    with reachable():
        migrate_it()
    say("the store is up to date")
    return int(Exit.GOOD)


@store.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def backup(config_file: str | None, folder: Path) -> int:
    """Copy everything but the key file into an empty FOLDER while Siegel runs."""
    ready(config_file)
    from siegel.flows.health import note_backup
    from siegel.store.backup import backup as backup_it

    copied = backup_it(folder)
    note_backup(at=now())
    what = "database and" if copied.database else "without the database (pg_dump does that):"
    say(f"copied {what} {copied.messages} messages to {folder}")
    return int(Exit.GOOD)


@store.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.pass_obj
def restore(config_file: str | None, folder: Path) -> int:
    """Bring a backup back into an empty data folder."""
    settings = configured(config_file)
    from siegel.store.backup import restore as restore_it

    url = settings.store.url
    database = Path(url.path) if isinstance(url, SqliteUrl) else None
    copied = restore_it(folder, data_dir=settings.store.data_dir, database=database)
    say(f"restored {copied.messages} messages; now: siegel config check")
    return int(Exit.GOOD)
