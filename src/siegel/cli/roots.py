"""A word on stderr when the list of public roots is old; never a reason to fail."""

from datetime import datetime
from pathlib import Path

import click

from siegel.base.errors import ConfigurationError
from siegel.cli.output import day, printable
from siegel.cli.settings import configured
from siegel.config.values import SqliteUrl


def warn_of_old_roots(at: datetime) -> None:
    """About the list in force; the store has to be ready."""
    from siegel.flows.public_roots import in_force
    from siegel.policy.root_lists import is_old

    published_at = in_force(at).published_at
    if is_old(published_at, at):
        _warn(published_at)


def warn_without_store(config_file: str, at: datetime) -> None:
    """The same before the store is there, or while it cannot be asked: the shipped list."""
    from siegel.pki.anchors import shipped_roots
    from siegel.policy.root_lists import is_old

    published_at = shipped_roots().published_at
    if is_old(published_at, at) and not _asked(config_file, at):
        _warn(published_at)


def _asked(config_file: str, at: datetime) -> bool:
    """Whether the store could say which list counts."""
    try:
        settings = configured(config_file)
        if isinstance(settings.store.url, SqliteUrl) and not Path(settings.store.url.path).exists():
            return False
        return _told_by_store(at)
    except ConfigurationError:
        return False


def _told_by_store(at: datetime) -> bool:
    from siegel.store.schema import is_current
    from siegel.store.transaction import reachable

    with reachable():
        current = is_current()
        if current:
            warn_of_old_roots(at)
    return current


def _warn(published_at: datetime) -> None:
    advice = "siegel trust refresh --file certdata.txt"
    text = f"warning: the public roots are of {day(published_at)}, older than 180 days; {advice}"
    click.echo(printable(text), err=True)
