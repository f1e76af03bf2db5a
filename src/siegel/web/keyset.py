"""Lists page by page: where the neighbours of a page begin; the search stays in the query."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.http import HttpRequest

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress

Row = TypeVar("Row")
AFTER, BEFORE = "after", "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What ``parts/pager.html`` shows; empty = there is no such page."""

    older: str = ""
    newer: str = ""


def cut(request: HttpRequest, rows: Sequence[Row], size: int) -> tuple[tuple[Row, ...], bool, bool]:
    """Of ``size + 1`` rows the page, and whether there is something behind and before it. Asked
    backwards, the surplus row stands in front."""
    has_more, backwards = len(rows) > size, BEFORE in request.GET and AFTER not in request.GET
    shown = tuple(rows[-size:] if backwards else rows[:size])
    return shown, backwards or has_more, has_more if backwards else AFTER in request.GET


def query(request: HttpRequest, **cursor: object) -> str:
    """The query of this page with another place to begin at."""
    asked = request.GET.copy()
    for name in (AFTER, BEFORE):
        asked.pop(name, None)
    for name, value in cursor.items():
        asked[name] = str(value)
    return asked.urlencode()


def neighbours(
    request: HttpRequest,
    shown: Sequence[Row],
    place: Callable[[Row], object],
    *,
    older: bool,
    newer: bool,
) -> Neighbours:
    """Queries for the pages behind and before this one; ``place`` is what rows are ordered by."""
    if not shown:
        return Neighbours(newer=query(request) if newer or older else "")
    return Neighbours(
        older=query(request, **{AFTER: place(shown[-1])}) if older else "",
        newer=query(request, **{BEFORE: place(shown[0])}) if newer else "",
    )


def address_in(request: HttpRequest, name: str) -> EmailAddress | None:
    """An address given as a place to begin at; nonsense is none."""
    try:
        return EmailAddress.parse(request.GET.get(name, ""))
    except MalformedAddress:
        return None
