"""The guides for partners: a list of programs, one guide, the same on paper. No sign-in needed."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.flows.guide_paper import Around, paper
from siegel.flows.publishing_site import SiteRow
from siegel.web import clock
from siegel.web.directory.files import too_many
from siegel.web.guides.facts import asked_address, facts_of, shown, whole
from siegel.web.partner_limits import SEARCH, may_ask
from siegel.web.partner_site import page, partner_page
from siegel.web.person import language_of
from siegel.wording.guides.model import Audience, Guide
from siegel.wording.guides.placing import complete
from siegel.wording.guides.reading import all_guides, guide_of
from siegel.wording.words import Language


@require_safe
@partner_page
def listing(request: HttpRequest, site: SiteRow) -> HttpResponse:
    found = all_guides(Audience.PARTNER, language_of(request))
    return page(request, site, "guides/list.html", {"guides": found, "query": _query(request)})


@require_safe
@partner_page
def program(request: HttpRequest, site: SiteRow, slug: str) -> HttpResponse:
    """``?address=…``: for somebody who writes to this address, if its certificate is published."""
    if not _may_name(request):
        return too_many()
    language = language_of(request)
    facts = facts_of(request, site, language, asked_address(request))
    query = _query(request)
    paper_of = reverse("guides:pdf", kwargs={"slug": slug, "language": language.value})
    context: dict[str, object] = {
        "shown": shown(_partners(slug, language), facts),
        "pdf": f"{paper_of}?{query}" if query else paper_of,
        "query": query,
        "lead": lead(),
    }
    return page(request, site, "guides/program.html", context)


@require_safe
@partner_page
def pdf(request: HttpRequest, site: SiteRow, slug: str, language: str) -> HttpResponse:
    if language not in list(Language):
        raise Http404
    if not _may_name(request):
        return too_many()
    wished = Language(language)
    guide = _partners(slug, wished)
    facts = facts_of(request, site, wished, asked_address(request))
    around = around_of(request, site, guide)
    made = paper(complete(guide, facts), facts, around, at=clock.now())
    return as_file(made, f"{slug}-{wished.value}.pdf")


def around_of(request: HttpRequest, site: SiteRow, guide: Guide) -> Around:
    texts = site.texts[guide.language]
    with translation.override(guide.language.value):
        said = lead()
    return Around(
        url=whole(request, "guides:program", slug=guide.slug) if site.is_open else "",
        lead=said,
        end=tuple(text for text in (texts.disclaimer, texts.legal_note) if text),
    )


def as_file(made: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def lead() -> str:
    return _("Set up once, in about ten minutes. After that it is one click for each message.")


def _may_name(request: HttpRequest) -> bool:
    """A guide for an address tells whether it is published, as a search does."""
    return asked_address(request) is None or may_ask(request, SEARCH)


def _query(request: HttpRequest) -> str:
    address = asked_address(request)
    return urlencode({"address": str(address)}) if address is not None else ""


def _partners(slug: str, language: Language) -> Guide:
    guide = guide_of(slug, language)
    if guide is None or guide.audience is not Audience.PARTNER:
        raise Http404
    return guide
