"""Octets of a message for saving: files, the original, and the source to look at."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from siegel.base.errors import NotFound, SiegelError
from siegel.flows import mail_access, mail_parts, mail_reading
from siegel.flows.mail_tnef import unwrapped
from siegel.flows.people import Role
from siegel.mime.message import as_text
from siegel.web import clock, running
from siegel.web.access import for_role
from siegel.web.conversation.ways import way_of
from siegel.web.person import Person
from siegel.web.policies import under
from siegel.web.templatetags.siegel import plain

POLICY = {"default-src": ["'none'"], "sandbox": [""], "frame-ancestors": ["'none'"]}
SOURCE_SHOWN = 200_000  # octets; the original has them all
LONGEST_NAME = 120  # characters of a file's name
_UNSAFE = frozenset('/\\:*?"<>|')
_AS_THEY_ARE = frozenset(
    {
        *("application/pdf", "application/zip", "application/pkcs7-signature", "text/calendar"),
        *("text/csv", "text/plain", "text/vcard", "image/gif", "image/jpeg", "image/png"),
    }
)


@require_safe
@for_role(Role.MEMBER)
def part(request: HttpRequest, person: Person, item: int, number: str) -> HttpResponse:
    """Always for saving, never shown by the browser. What is withheld has to be asked for."""
    try:
        shown = mail_reading.read(
            item, person.email, running.site(), at=clock.now(), way=way_of(request)
        )
        wanted = mail_parts.SIGNATURE if number == "signature" else int(number)
        found = mail_reading.part_of(shown, wanted)
        octets = found.decoded(running.site().limits)
        name = mail_parts.file_of(found, wanted).name
        if "inside" in request.GET:
            name, octets = _inside(octets, int(request.GET["inside"]))
    except (SiegelError, ValueError):
        raise Http404 from None
    if shown.withheld and "anyway" not in request.GET:
        raise Http404
    known = found.media in _AS_THEY_ARE and "inside" not in request.GET
    media = found.media if known else "application/octet-stream"
    return under(POLICY, saved(octets, name, media), request)


def _inside(octets: bytes, number: int) -> tuple[str, bytes]:
    """A file out of a winmail.dat."""
    files = unwrapped(octets)
    if not 0 <= number < len(files):
        raise NotFound(f"no file {number} inside")
    return files[number].name, files[number].octets


@require_safe
@for_role(Role.MEMBER)
def original(request: HttpRequest, person: Person, item: int) -> HttpResponse:
    """Octet for octet as it came."""
    try:
        row = mail_access.item(item, person.email, at=clock.now())
    except NotFound:
        raise Http404 from None
    response = saved(mail_reading.raw_of(row), f"message-{item}.eml", "message/rfc822")
    return under(POLICY, response, request)


@require_safe
@for_role(Role.MEMBER)
def source(request: HttpRequest, person: Person, item: int) -> HttpResponse:
    try:
        row = mail_access.item(item, person.email, at=clock.now())
    except NotFound:
        raise Http404 from None
    raw = mail_reading.raw_of(row)
    context = {
        "item": row,
        "text": as_text(raw[:SOURCE_SHOWN]),
        "cut": len(raw) > SOURCE_SHOWN,
    }
    return render(request, "conversation/source.html", context)


def saved(octets: bytes, name: str, media: str) -> HttpResponse:
    response = HttpResponse(octets, content_type=media)
    response["Content-Disposition"] = content_disposition_header(True, clean_name(name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def clean_name(name: str) -> str:
    """A name that says where no file goes, and shows its real ending."""
    kept = "".join("_" if c in _UNSAFE else c for c in plain(name, 4 * LONGEST_NAME)).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(kept) > LONGEST_NAME:
        kept = f"{stem[: LONGEST_NAME - 20]}.{ending[:19]}"
    return kept[:LONGEST_NAME] or "file"
