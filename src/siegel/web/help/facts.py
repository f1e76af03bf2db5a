"""Chapters as the pages show them: HTML, sections, what stands before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from siegel.flows import help_links
from siegel.web.help.chapters import Chapter, chapters
from siegel.web.help.expanding import Lists, expanded
from siegel.web.help.rendering import Section, html_of, sections_of
from siegel.wording.words import Language

_ICONS: Mapping[str, str] = {
    "basics": "seal",
    "get-a-certificate": "cert",
    "set-up": "key",
    "send": "send",
    "receive": "inbox",
    "good-to-know": "info",
    "links": "building",
    "administration": "rules",
    "glossary": "journal",
    "read": "mail",
    "trouble": "warning",
    "own-keys": "key",
    "partner-page": "building",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A chapter on a page; ``sections`` are those of the second level."""

    chapter: Chapter
    html: SafeString
    sections: tuple[Section, ...]

    @property
    def icon(self) -> str:
        return _ICONS[self.chapter.slug]

    @property
    def created(self) -> datetime:
        return datetime.combine(self.chapter.created, time(12), UTC)

    @property
    def updated(self) -> datetime:
        return datetime.combine(self.chapter.updated, time(12), UTC)


def lists() -> Lists:
    return {kind: found.links for kind, found in help_links.all_listed().items()}


def shown(chapter: Chapter, made: Lists, *, deeper: int = 0, prefix: str = "") -> Shown:
    text = expanded(chapter, made)
    html = html_of(text, address_of, deeper=deeper, prefix=prefix)
    return Shown(
        chapter=chapter,
        html=mark_safe(html),  # noqa: S308 - our own text, and the reader lets no HTML through
        sections=tuple(section for section in sections_of(text) if section.level == 2),
    )


def address_of(target: str) -> str:
    """From ``04-send.md#wish``, as chapters write it, to the address of the page."""
    name, _, anchor = target.partition("#")
    slug = name.removesuffix(".md").partition("-")[2]
    address = reverse("help:chapter", kwargs={"slug": slug})
    return f"{address}#{anchor}" if anchor else address


def chapter_called(slug: str, language: Language) -> Chapter | None:
    return next((one for one in chapters(language) if one.slug == slug), None)


def neighbours(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """The chapters before and after it."""
    every = chapters(chapter.language)
    place = every.index(chapter)
    before = every[place - 1] if place else None
    return before, every[place + 1] if place + 1 < len(every) else None
