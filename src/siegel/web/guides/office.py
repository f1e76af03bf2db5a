"""Guides inside the office: how we work with protected mail, and what partners get to read."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.flows import publishing_site
from siegel.flows.guide_paper import Around, paper
from siegel.flows.people import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.guides.facts import facts_of, shown
from siegel.web.guides.views import around_of, as_file
from siegel.web.person import Person, language_of
from siegel.wording.guides.model import Audience
from siegel.wording.guides.placing import complete
from siegel.wording.guides.reading import all_guides, guide_of
from siegel.wording.words import Language


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    language = language_of(request)
    context = {
        "staff": all_guides(Audience.STAFF, language),
        "partners": all_guides(Audience.PARTNER, language),
        "site_is_open": publishing_site.site().is_open,
        "language_name": language.value,
    }
    return render(request, "guides/office_list.html", context)


@require_safe
@for_role(Role.MEMBER)
def guide(request: HttpRequest, person: Person, slug: str) -> HttpResponse:
    del person
    language = language_of(request)
    found = guide_of(slug, language)
    if found is None:
        raise Http404
    site = publishing_site.site()
    facts = facts_of(request, site, language, is_open=site.is_open)
    context = {
        "shown": shown(found, facts),
        "is_for_partners": found.audience is Audience.PARTNER,
        "pdf": reverse("office_guides:pdf", kwargs={"slug": slug, "language": language.value}),
    }
    return render(request, "guides/office_one.html", context)


@require_safe
@for_role(Role.MEMBER)
def pdf(request: HttpRequest, person: Person, slug: str, language: str) -> HttpResponse:
    del person
    if language not in list(Language):
        raise Http404
    found = guide_of(slug, Language(language))
    if found is None:
        raise Http404
    return as_file(paper_of(request, slug, Language(language)), f"{slug}-{language}.pdf")


def paper_of(request: HttpRequest, slug: str, language: Language) -> bytes:
    """A guide on paper for whoever is inside, also while the partner site is closed."""
    found, site = guide_of(slug, language), publishing_site.site()
    if found is None:
        raise Http404
    facts = facts_of(request, site, language, is_open=site.is_open)
    partners = found.audience is Audience.PARTNER
    around = around_of(request, site, found) if partners else Around(url="", lead=_staff_lead())
    return paper(complete(found, facts), facts, around, at=clock.now())


def _staff_lead() -> str:
    return _("For everybody in our office.")
