"""Reading the help: everybody may, also who cannot sign in."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.web.access import public
from siegel.web.help import facts
from siegel.web.help.chapters import chapters
from siegel.web.help.search import search as found_for
from siegel.web.person import language_of, person_of


@require_safe
@public
def overview(request: HttpRequest) -> HttpResponse:
    """All chapters, folded; ``?open=all`` unfolds them, to read or print the whole."""
    made = facts.lists()
    shown = [
        facts.shown(chapter, made, deeper=1, prefix=f"{chapter.slug}-")
        for chapter in chapters(language_of(request))
    ]
    whole = request.GET.get("open") == "all"
    return _page(request, "help/overview.html", {"chapters": shown, "whole": whole})


@require_safe
@public
def chapter(request: HttpRequest, slug: str) -> HttpResponse:
    found = facts.chapter_called(slug, language_of(request))
    if found is None:
        raise Http404
    before, after = facts.neighbours(found)
    shown = facts.shown(found, facts.lists())
    context = {"shown": shown, "before": before, "after": after}
    return _page(request, "help/chapter.html", context)


@require_safe
@public
def search(request: HttpRequest) -> HttpResponse:
    question = request.GET.get("q", "").strip()
    hits = found_for(question, language_of(request), facts.lists())
    return _page(request, "help/search.html", {"question": question, "hits": hits})


def _page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """Inside the application for people who are signed in, and as a plain page for others."""
    layout = "base.html" if person_of(request) is not None else "help/outside.html"
    return render(request, template, {**context, "layout": layout})
