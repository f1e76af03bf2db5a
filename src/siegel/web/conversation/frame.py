"""The frame that HTML mail is shown in: a document of its own, under a policy of its own.

No script runs in it, nothing is loaded into it but pictures – those of the message stand in the
text itself, those from elsewhere only with the reader's consent –, it has no origin, so it knows
nothing of the page around it, and only that page may hold it.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.base.errors import NotFound, SiegelError
from siegel.flows import consents, mail_facts, mail_html, mail_reading
from siegel.flows.html import without_outward_references
from siegel.flows.mail_html import Picture
from siegel.flows.mail_parts import Body, text_bodies
from siegel.flows.mail_reading import Shown
from siegel.flows.people import Role
from siegel.mime.message import Part
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.conversation.ways import way_of
from siegel.web.person import Person, language_of
from siegel.web.policies import under

POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
WITH_PICTURES = {**POLICY, "img-src": ["data:", "https:"]}
_LOOK = mark_safe(
    "html{color-scheme:light;background:#fff}"
    "body{margin:0;padding:1.25rem;color:#1b2333;background:#fff;"
    "font:1rem/1.6 system-ui,sans-serif;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}table{max-width:100%}"
    "pre{white-space:pre-wrap}a{color:#1d4fa3}"
    ".leads{font:600 .8125rem system-ui,sans-serif;color:#8a1c13;background:#fdecea;"
    "padding:0 .25rem}"
)


@require_safe
@for_role(Role.MEMBER)
def frame(request: HttpRequest, person: Person, item: int, body: int) -> HttpResponse:
    try:
        shown = mail_reading.read(
            item, person.email, running.site(), at=clock.now(), way=way_of(request)
        )
    except NotFound:
        raise Http404 from None
    found = next((each for each in text_bodies(shown.blocks) if each.number == body), None)
    if found is None or found.html is None or shown.withheld:
        raise Http404
    remote = shown.trustworthy and (
        "pictures" in request.GET or consents.given(person.email, shown.address)
    )
    document = _document(request, shown, found, remote=remote)
    return under(WITH_PICTURES if remote else POLICY, document, request)


def _document(request: HttpRequest, shown: Shown, body: Body, *, remote: bool) -> HttpResponse:
    text = inner(shown, body, remote=remote)
    response = HttpResponse(
        format_html(
            '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
            "<style>{}</style></head><body>{}</body></html>",
            language_of(request).value,
            _("Content of the message"),
            _LOOK,
            mark_safe(text),  # noqa: S308 - what the sanitiser has left
        )
    )
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def inner(shown: Shown, body: Body, *, remote: bool) -> str:
    """What nobody vouches for loses every reference to the outside (Efail)."""
    html = mail_facts.text_of(body.html) if body.html is not None else ""
    if not shown.authentic:
        return without_outward_references(html)
    return mail_html.displayed(
        html, pictures_of(body), remote=remote, leads_to=_("[leads to: {host}]")
    ).html


def pictures_of(body: Body) -> dict[str, Picture]:
    return {
        content_id: Picture(media=part.media, octets=_octets(part))
        for content_id, part in body.related.items()
    }


def _octets(part: Part) -> bytes:
    try:
        return part.decoded()
    except SiegelError:
        return b""
