"""Work on the store as a whole: several changes or none, and connections that are still good.

Flows use these two instead of Django, which they do not know.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, close_old_connections, transaction

from siegel.base.errors import ConfigurationError, Conflict

StoreFailure = DatabaseError
"""The store did not do it, whatever the message: for flows that go on after other errors."""


@contextmanager
def together() -> Iterator[None]:
    """All changes inside become visible at once, at the end; an exception undoes them all.

    Keep it short and free of network: on SQLite it holds the one write lock.
    """
    with transaction.atomic():
        yield


@contextmanager
def reachable() -> Iterator[None]:
    """Around the first look at the store: no database there is a matter of configuration."""
    try:
        yield
    except DatabaseError as error:
        raise ConfigurationError(f"the store cannot be opened: {error}") from error


@contextmanager
def session() -> Iterator[None]:
    """Around one unit of work of a long-lived thread: a connection that broke or grew old since
    the last one is replaced, not used."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


@contextmanager
def conflicting(sentence: str) -> Iterator[None]:
    """A constraint of the database becomes ``Conflict``; what happened inside is undone."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Conflict(sentence) from error
