"""Which addresses are published, and the record of one for DNS."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.directory import smimea
from siegel.flows import publishing, publishing_site
from siegel.policy.roles import Role
from siegel.web import clock, keyset
from siegel.web.access import for_role
from siegel.web.partner_site import origin
from siegel.web.person import Person

PAGE = 100
AT_ONCE = 200  # addresses of one request; a page has fewer
TTL = 3600  # seconds a name server may keep a record; a new certificate is seen after that


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    """Every address of an account: published or not, and what would be handed out."""
    at, search = clock.now(), request.GET.get("q", "")[:200]
    after = keyset.address_in(request, keyset.AFTER)
    before = None if after else keyset.address_in(request, keyset.BEFORE)
    rows = publishing.offers(at=at, search=search, after=after, before=before, limit=PAGE + 1)
    shown, has_older, has_newer = keyset.cut(request, rows, PAGE)
    site = publishing_site.site()
    context = {
        "site": site,
        "published": publishing.count(),
        "site_address": f"{origin()}{reverse('directory:home')}",
        "may_change": person.is_administrator,
        "rows": shown,
        "q": search,
        "here": request.get_full_path(),
        "page": keyset.neighbours(
            request, shown, lambda row: row.address, older=has_older, newer=has_newer
        ),
    }
    return render(request, "publishing/overview.html", context)


@require_POST
@for_role(Role.CERTIFICATE_MANAGER)
def change(request: HttpRequest, person: Person) -> HttpResponse:
    """What was chosen is published, or is not any more."""
    chosen = _addresses(request)
    if not chosen:
        messages.warning(request, _("Nothing was chosen. Tick the addresses first."))
    elif request.POST.get("act") == "withdraw":
        gone = publishing.withdraw(chosen, by=person.actor, at=clock.now())
        said = ngettext(
            "%(n)d address is no longer published.",
            "%(n)d addresses are no longer published.",
            gone,
        )
        messages.success(request, said % {"n": gone})
    else:
        new = publishing.publish(chosen, by=person.actor, at=clock.now())
        said = ngettext("%(n)d address is published.", "%(n)d addresses are published.", new)
        messages.success(request, said % {"n": new})
    return redirect("publishing:overview")


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def record(request: HttpRequest, person: Person, address: str) -> HttpResponse:
    """SMIMEA: text to paste into the zone of the domain."""
    del person
    try:
        asked = EmailAddress.parse(address)
    except MalformedAddress as error:
        raise Http404 from error
    offer = publishing.offer(asked, clock.now())
    if offer is None:
        raise Http404
    records = smimea.records(asked, offer.certificate)
    context = {
        "address": asked,
        "certificate": offer.certificate,
        "records": [
            {"local": one.local, "text": one.text(ttl=TTL), "generic": one.generic(ttl=TTL)}
            for one in records
        ],
    }
    return render(request, "publishing/record.html", context)


def _addresses(request: HttpRequest) -> list[EmailAddress]:
    """What is no address was not on the page, and is passed over."""
    found = []
    for text in request.POST.getlist("address")[:AT_ONCE]:
        try:
            found.append(EmailAddress.parse(text))
        except MalformedAddress:
            continue
    return found
