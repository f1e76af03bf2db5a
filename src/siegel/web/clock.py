"""The moment of a request; tests put another one in its place."""

from datetime import UTC, datetime

from django.utils import timezone


def now() -> datetime:
    return datetime.now(UTC)


def stamp() -> float:
    """The clock by which sessions and tokens of others are stamped; no test moves it."""
    return timezone.now().timestamp()
