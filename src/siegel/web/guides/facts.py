"""Guides as the pages show them: chapters, places, and the facts of this office."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from siegel.flows import guides
from siegel.web import clock
from siegel.wording.guides.facts import GuideFacts
from siegel.wording.guides.model import Guide
from siegel.wording.guides.placing import complete
from siegel.wording.guides.spelled import Chapter, chapters_of, title_of
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chapter with its picture as markup of our own making."""

    chapter: Chapter
    picture: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """``steps`` are done once and in order; ``further`` is read when it is needed."""

    guide: Guide
    title: str
    steps: tuple[Drawn, ...]
    further: tuple[Drawn, ...]


def facts_of(request: HttpRequest, language: Language) -> GuideFacts:
    return guides.with_places(
        guides.gathered(language, clock.now()),
        site=_whole(request, "directory:home") or request.build_absolute_uri("/"),
        own_key=_whole(request, "joining:own_key"),
        robot_page=_whole(request, "joining:robot"),
    )


def shown(guide: Guide, facts: GuideFacts) -> Shown:
    full = complete(guide, facts)
    every = tuple(
        Drawn(chapter=chapter, picture=mark_safe(chapter.picture))  # noqa: S308 - labels are escaped
        for chapter in chapters_of(full)
    )
    return Shown(
        guide=full,
        title=title_of(full),
        steps=tuple(each for each in every if each.chapter.number),
        further=tuple(each for each in every if not each.chapter.number),
    )


def _whole(request: HttpRequest, view: str) -> str:
    """The whole address of a page; "" where that part is not installed."""
    try:
        return request.build_absolute_uri(reverse(view))
    except NoReverseMatch:
        return ""
