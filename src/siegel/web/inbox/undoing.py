"""The last move, kept with the sign-in, so that one button takes it back."""

from dataclasses import dataclass

from django.http import HttpRequest

from siegel.flows.mail_actions import Moved, Way

_KEY = "mail_undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    words: str


def offer(request: HttpRequest, moved: Moved, words: str) -> None:
    ways = [[way.source, way.target, list(way.items)] for way in moved.ways]
    request.session[_KEY] = {"ways": ways, "words": words, "shown": False}


def shown(request: HttpRequest) -> Offer | None:
    """On the first page after the move; later pages are about something else."""
    kept = request.session.get(_KEY)
    if not kept or kept["shown"]:
        return None
    request.session[_KEY] = {**kept, "shown": True}
    return Offer(words=str(kept["words"]))


def taken(request: HttpRequest) -> Moved | None:
    """What is to be taken back; once."""
    kept = request.session.pop(_KEY, None)
    if not kept:
        return None
    return Moved(
        ways=tuple(
            Way(source=source, target=target, items=tuple(items))
            for source, target, items in kept["ways"]
        )
    )
