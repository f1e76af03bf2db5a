"""What a reader asks for in the address of a page."""

from django.http import HttpRequest

from siegel.web.conversation.facts import Wishes

_DIGITS = 18  # of a number in the store, at most


def wishes_of(request: HttpRequest, item: int) -> Wishes:
    return Wishes(
        base=request.path,
        kept=kept(request),
        text=number_in(request, "text") == item,
        anyway=number_in(request, "anyway") == item,
        pictures=number_in(request, "pictures") == item,
    )


def kept(request: HttpRequest) -> dict[str, str]:
    """Where the reader came from, how far back the page goes, which attached message it is."""
    named = {name: number_in(request, name) for name in ("folder", "before")}
    found = {name: str(number) for name, number in named.items() if number is not None}
    way = request.GET.get("in", "")
    return {**found, "in": way[:40]} if way else found


def number_in(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else None
