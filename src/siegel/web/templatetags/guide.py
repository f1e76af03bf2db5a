"""Ways from a page to its place in the help, and the bar of the demo's tour."""

from functools import cache

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from siegel.web.help.chapters import chapters
from siegel.web.help.expanding import expanded
from siegel.web.help.rendering import sections_of
from siegel.web.person import language_of
from siegel.web.templatetags.siegel import icon
from siegel.web.tour.facts import Panel, panel_of
from siegel.wording.help_links import SHIPPED
from siegel.wording.words import Language

register = template.Library()

# where the help speaks of the pages of a part, or of one page
OF_PART = {
    "certificates": "set-up#own-certificate",
    "contacts": "set-up#contacts",
    "trust": "administration#trust",
    "rules": "administration#rules",
    "journal": "administration#journal",
    "accounts": "set-up#account",
    "people": "administration#people",
    "health": "administration#health",
    "preferences": "set-up#sign-in",
    "inbox": "read#states",
    "conversation": "read#states",
    "compose": "send#write",
    "outbox": "send#undo",
    "bulk": "send#bulk",
    "lookups": "administration#directories",
    "mailboxes": "set-up#mailbox",
    "publishing": "partner-page#publish",
    "authority": "own-keys#authority",
    "keys": "own-keys#new-key",
    "invitations": "partner-page#invite",
    "expiry": "own-keys#what-ends",
    "reissue": "own-keys#reissue",
    "office_guides": "partner-page#guides",
    "checklists": "partner-page#checklists",
}


@register.simple_tag(takes_context=True)
def help(context: template.Context, place: str) -> SafeString:
    """``{% help "set-up#passphrase" %}``: a small "?" that leads to the chapter and its section.
    A place that does not exist is a mistake of ours: ``KeyError``."""
    slug, _, anchor = place.partition("#")
    title = _titles(language_of(context["request"]))[place]
    words = gettext("Help: %(title)s") % {"title": title}
    address = reverse("help:chapter", kwargs={"slug": slug})
    return format_html(
        '<a class="help-mark" href="{}{}" title="{}">{}<span class="vh">{}</span></a>',
        address,
        f"#{anchor}" if anchor else "",
        words,
        icon("help"),
        words,
    )


@register.simple_tag(takes_context=True)
def page_help(context: template.Context) -> SafeString | str:
    """The "?" of this page or of its part, if the help has a place for it."""
    here = context["request"].resolver_match
    place = OF_PART.get(here.namespace or here.view_name) if here is not None else None
    return "" if place is None else help(context, place)


@register.inclusion_tag("tour/bar.html", takes_context=True)
def tour(context: template.Context) -> dict[str, Panel | str | None]:
    """The bar of the tour for whoever is signed in; nothing outside the demo."""
    request: HttpRequest = context["request"]
    return {
        "panel": panel_of(request),
        "here": request.get_full_path(),
        "csrf_token": context["csrf_token"],
    }


@cache
def _titles(language: Language) -> dict[str, str]:
    """Every place of the help, with what stands above it."""
    return {
        f"{chapter.slug}#{section.anchor}".rstrip("#"): section.title or chapter.title
        for chapter in chapters(language)
        for section in sections_of(expanded(chapter, SHIPPED))
    }
