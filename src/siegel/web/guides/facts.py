"""Guides as the pages show them: chapters, places, and the facts of this office."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows import guides
from siegel.flows.publishing_site import SiteRow
from siegel.pki.certificate import Certificate
from siegel.web import clock, running
from siegel.web.partner_host import URLS
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
    *,
    is_open: bool = True,
) -> GuideFacts:
    """With the addresses that outsiders can open, also where the page is seen inside; ``is_open``
    False: there are none."""
    if not is_open:
        asked = guides.Asked(language=language, at=clock.now())
        return guides.gathered(site, guides.NOWHERE, asked, running.site().robot)

    def file_of(view: str) -> Callable[[Certificate], str]:
        return lambda one: whole(request, view, mark=one.fingerprint, format="cer")

    places = guides.Places(
        site=whole(request, "directory:home"),
        authority=file_of("directory:authority_file"),
        certificate=file_of("directory:certificate"),
        own_key=whole(request, "joining:own_key"),
        robot_page=whole(request, "joining:robot"),
    )
    asked = guides.Asked(language=language, address=address, at=clock.now())
    return guides.gathered(site, places, asked, running.site().robot)


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
    """The address of a page of the partner site as outsiders know it: at its own host, if it has
    one, else where the pages are. "" where that part is not installed."""
    try:
        path = reverse(view, urlconf=URLS, kwargs=arguments)
    except NoReverseMatch:
        return ""
    hosts = settings.SIEGEL.directory.hosts
    origin = f"https://{hosts[0]}" if hosts else str(settings.SIEGEL.web.url)
    return f"{origin}{path}" if origin else request.build_absolute_uri(path)
