"""Guides as the pages show them: chapters, places, and the facts of this office."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows import guides
from siegel.flows.publishing_site import SiteRow
from siegel.pki.certificate import Certificate
from siegel.web import clock
from siegel.web.templatetags.siegel import plain
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


def facts_of(
    request: HttpRequest,
    site: SiteRow,
    language: Language,
    address: EmailAddress | None = None,
) -> GuideFacts:
    places = guides.Places(
        site=whole(request, "directory:home"),
        authority=lambda one: whole(request, "directory:authority_file", mark=one.fingerprint),
        certificate=lambda one: _file_of(request, one),
        own_key=whole(request, "joining:own_key"),
        robot_page=whole(request, "joining:robot"),
    )
    return guides.gathered(site, places, language, address=address, at=clock.now())


def asked_address(request: HttpRequest) -> EmailAddress | None:
    """``?address=…``: whom the reader wants to write to."""
    try:
        return EmailAddress.parse(request.GET.get("address", ""))
    except MalformedAddress:
        return None


def shown(guide: Guide, facts: GuideFacts) -> Shown:
    full = complete(guide, facts)
    every = tuple(
        Drawn(chapter=chapter, picture=mark_safe(chapter.picture))  # noqa: S308 - labels are escaped
        for chapter in chapters_of(full)
    )
    return Shown(
        guide=full,
        title=plain(title_of(full), 200),
        steps=tuple(each for each in every if each.chapter.number),
        further=tuple(each for each in every if not each.chapter.number),
    )


def whole(request: HttpRequest, view: str, **arguments: str) -> str:
    """The whole address of a page; "" where that part is not installed."""
    try:
        return request.build_absolute_uri(reverse(view, kwargs=arguments))
    except NoReverseMatch:
        return ""


def _file_of(request: HttpRequest, certificate: Certificate) -> str:
    arguments = {"mark": certificate.fingerprint, "format": "cer"}
    return whole(request, "directory:certificate", **arguments)
