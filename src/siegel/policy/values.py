"""Values of rules, read strictly: folded and whole, or a ``ConfigurationError`` saying how."""

from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import TypeVar

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, MalformedAddress

E = TypeVar("E", bound=StrEnum)

MAX_WORD = 60  # characters of the subject word; a longer one does not fit into one header line


def choice(kind: type[E]) -> Callable[[object], E]:
    def read(value: object) -> E:
        if value in list(kind):
            return kind(str(value))
        raise ConfigurationError(f"must be one of {', '.join(kind)}")

    return read


def number(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        raise ConfigurationError(f"must be a number from {least} to {most}")

    return read


def flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ConfigurationError("must be true or false")


def word(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and 0 < len(value.strip()) <= MAX_WORD and value.isprintable():
        return value.strip()
    raise ConfigurationError(f"must be a word of at most {MAX_WORD} characters, or nothing")


def address(text: str) -> str:
    try:
        return str(EmailAddress.parse(text))
    except MalformedAddress as error:
        raise ConfigurationError(str(error)) from error


def domain(text: str) -> str:
    try:
        return EmailAddress.parse(f"x@{text}").domain
    except MalformedAddress as error:
        raise ConfigurationError(f"not a domain: {text[:120]!r}") from error


def each(read_one: Callable[[str], str]) -> Callable[[object], frozenset[str]]:
    def read(value: object) -> frozenset[str]:
        if isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping):
            return frozenset(read_one(_text(one)) for one in value)
        raise ConfigurationError("must be a list of texts")

    return read


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise ConfigurationError("must be a list of texts")
