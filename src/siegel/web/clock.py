"""The moment of a request; tests put another one in its place."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
