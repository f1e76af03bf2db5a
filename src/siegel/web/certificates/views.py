"""The list of certificates, and the page of one."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from siegel.base.errors import NotFound
from siegel.flows import certificate_list, certificate_page
from siegel.flows.people import Role
from siegel.store.queries.listing import COUNTED_AT_MOST, Kind
from siegel.web import clock
from siegel.web.access import for_role, recently
from siegel.web.certificates.facts import line_of
from siegel.web.certificates.files import taken_results
from siegel.web.certificates.forms import PassphraseForm, SearchForm
from siegel.web.certificates.page import page_of
from siegel.web.certificates.sending import senders_for
from siegel.web.person import Person, language_of


@require_safe
@for_role(Role.MEMBER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    """Everything in one list; filters and search are part of the address."""
    form, at = SearchForm(request.GET), clock.now()
    asked = form.asked()
    found = certificate_list.page(
        asked, at=at, after=request.GET.get("after"), before=request.GET.get("before")
    )
    language = language_of(request)
    context = {
        "form": form,
        "lines": [line_of(item, person, language, at) for item in found.items],
        "expiring": 0 if asked.validity or asked.text else found.expiring,
        "all_kinds": asked.kind is None,
        "kinds": _kinds(request, found.counts, asked.kind),
        "page": _pager(request, found),
        "too_many": found.too_many,
        "narrowed": any(request.GET.get(name) for name in ("q", "validity", "key", "source")),
        "more_filters": any(request.GET.get(name) for name in ("validity", "key", "source")),
        "results": taken_results(request),
        "passphrase": PassphraseForm(auto_id=False),
    }
    return render(request, "certificates/list.html", context)


@require_safe
@for_role(Role.MEMBER)
def one(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    at = clock.now()
    try:
        found = certificate_page.gather(fingerprint, at)
        may_send = bool(senders_for(person, fingerprint, at))
    except NotFound as error:
        raise Http404 from error
    page = page_of(found, person, language_of(request), at, may_send=may_send)
    return render(request, "certificates/one.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@recently
@for_role(Role.CERTIFICATE_MANAGER)
def archive(request: HttpRequest, person: Person, fingerprint: str) -> HttpResponse:
    """The key only opens old mail from now on, or signs again."""
    try:
        found = certificate_page.gather(fingerprint, clock.now())
        if not found.state.row.has_private_key:
            raise NotFound("its key is not here")
    except NotFound as error:
        raise Http404 from error
    archived = found.archived_at is not None
    if request.method == "POST":
        certificate_page.archive(
            fingerprint, archived=not archived, by=person.actor, at=clock.now()
        )
        done = _("The key signs again.") if archived else _("The key only opens old mail now.")
        messages.success(request, done)
        return redirect("certificates:one", fingerprint)
    page = page_of(found, person, language_of(request), clock.now())
    return render(request, "certificates/archive.html", {"page": page, "archived": archived})


def _kinds(
    request: HttpRequest, counts: Mapping[Kind | None, int], current: Kind | None
) -> list[dict[str, object]]:
    """The kinds as links that keep the other filters."""
    labels = {
        None: _("All"),
        Kind.OWN: _("Our own"),
        Kind.PARTNER: _("Partners"),
        Kind.AUTHORITY: _("Authorities"),
        Kind.LOCKED: _("Locked files"),
    }
    return [
        {
            "label": label,
            "query": _query(request, kind=kind.value if kind else ""),
            "count": counts[kind],
            "more": counts[kind] > COUNTED_AT_MOST,
            "most": COUNTED_AT_MOST,
            "current": kind is current,
        }
        for kind, label in labels.items()
        if counts[kind] or kind is not Kind.LOCKED
    ]


def _pager(request: HttpRequest, found: certificate_list.CertificateList) -> dict[str, str]:
    return {
        "newer": _query(request, before=found.before) if found.before else "",
        "older": _query(request, after=found.after) if found.after else "",
    }


def _query(request: HttpRequest, **changes: str) -> str:
    kept = {
        name: request.GET[name]
        for name in ("q", "kind", "validity", "days", "key", "source")
        if request.GET.get(name)
    }
    return urlencode({name: value for name, value in (kept | changes).items() if value})
