"""The tables themselves: create or bring up to date, and look whether they are."""

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from siegel.base.errors import ConfigurationError


def migrate() -> None:
    """Create what is missing. One process at a time: the supervisor, before it starts others."""
    call_command("migrate", interactive=False, verbosity=0)


def is_current() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def require_current() -> None:
    """Raises ``ConfigurationError`` for a store made by another version."""
    if not is_current():
        raise ConfigurationError("the store is not up to date; run: siegel store migrate")


def is_empty() -> bool:
    """Whether this is a new installation, without any table of ours."""
    return not MigrationExecutor(connection).loader.applied_migrations
