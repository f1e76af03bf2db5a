"""The guides for partners: a list of programs, one guide, the same on paper. No sign-in needed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.flows.guide_paper import Around, paper
from siegel.web import clock
from siegel.web.access import public
from siegel.web.guides.facts import facts_of, shown
from siegel.web.person import language_of
from siegel.wording.guides.model import Audience, Guide
from siegel.wording.guides.placing import complete
from siegel.wording.guides.reading import all_guides, guide_of
from siegel.wording.words import Language


@require_safe
@public
def listing(request: HttpRequest) -> HttpResponse:
    found = all_guides(Audience.PARTNER, language_of(request))
    return render(request, "guides/list.html", {"guides": found})


@require_safe
@public
def program(request: HttpRequest, slug: str) -> HttpResponse:
    language = language_of(request)
    guide = _partners(slug, language)
    context = {
        "shown": shown(guide, facts_of(request, language)),
        "pdf": reverse("guides:pdf", kwargs={"slug": slug, "language": language.value}),
    }
    return render(request, "guides/program.html", context)


@require_safe
@public
def pdf(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    if language not in list(Language):
        raise Http404
    wished = Language(language)
    guide = _partners(slug, wished)
    facts = facts_of(request, wished)
    page = request.build_absolute_uri(reverse("guides:program", kwargs={"slug": slug}))
    with translation.override(wished.value):
        around = Around(url=page, lead=lead())
    made = paper(complete(guide, facts), facts, around, at=clock.now())
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{slug}-{wished.value}.pdf"'
    return answer


def lead() -> str:
    return _("Set up once, in about ten minutes. After that it is one click for each message.")


def _partners(slug: str, language: Language) -> Guide:
    guide = guide_of(slug, language)
    if guide is None or guide.audience is not Audience.PARTNER:
        raise Http404
    return guide
