"""Rows that are written once: certificates, decisions, judgements, the journal.

Two guards: Python refuses ``save`` on an existing row, ``update`` and ``delete``; the database
refuses UPDATE by a trigger, whoever asks. Deleting is left to Python alone, because retention
(``purge``, after the time the organisation set) has to be possible.
"""

from collections.abc import Iterable
from typing import NoReturn, TypeVar

from django.apps import AppConfig
from django.db import connections, models

from siegel.base.errors import Conflict

Row = TypeVar("Row", bound=models.Model)

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_written_once BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is written once'); END
"""
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION siegel_written_once() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME
   USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRES = """
CREATE OR REPLACE TRIGGER {table}_written_once BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION siegel_written_once()
"""


class AppendOnlyQuerySet(models.QuerySet[Row]):
    def update(self, **changes: object) -> NoReturn:
        raise Conflict(f"{self.model.__name__} rows are written once", fields=sorted(changes))

    def bulk_update(
        self, objs: Iterable[Row], fields: Iterable[str], batch_size: int | None = None
    ) -> NoReturn:
        raise Conflict(f"{self.model.__name__} rows are written once", fields=sorted(fields))

    def delete(self) -> NoReturn:
        raise Conflict(f"{self.model.__name__} rows are not deleted")

    def purge(self) -> int:
        """Delete because the retention time is over; the one way to remove such rows."""
        return super().delete()[0]


class AppendOnly(models.Model):
    """Base of the models whose rows never change."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise Conflict(f"{type(self).__name__} rows are written once")
        super().save(force_insert=True)

    def delete(self, *args: object, **kwargs: object) -> NoReturn:
        raise Conflict(f"{type(self).__name__} rows are not deleted")


def install_triggers(sender: AppConfig, using: str, **_: object) -> None:
    """After every migration, because SQLite forgets triggers when a table is rebuilt."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        statement = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
        existing = set(connection.introspection.table_names(cursor))
        for model in sender.get_models():
            if issubclass(model, AppendOnly) and model._meta.db_table in existing:
                cursor.execute(statement.format(table=model._meta.db_table))
