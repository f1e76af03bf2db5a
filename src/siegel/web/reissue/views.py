"""All campaigns, and one: how far it is, what is left, which certificates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.base.errors import NotFound
from siegel.flows import reissuing, reissuing_remaining
from siegel.flows.people import Role
from siegel.flows.reissuing import Campaign
from siegel.policy.reissue import is_switched
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.keyset import AFTER, BEFORE, cut, neighbours
from siegel.web.person import Person, language_of
from siegel.web.reissue.facts import lines_of, look_of, rests_of
from siegel.web.reissue.forms import SwitchForm

PAGE = 50
_DIGITS = 12  # of a place in a list


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def listing(request: HttpRequest, person: Person) -> HttpResponse:
    del person
    lines = [(each, *look_of(each)) for each in reissuing.listed()]
    return render(request, "reissue/list.html", {"lines": lines})


@require_safe
@for_role(Role.CERTIFICATE_MANAGER)
def show(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    del person
    at, campaign = clock.now(), campaign_of(number)
    after, before = _place(request, AFTER), _place(request, BEFORE)
    found = reissuing.items(campaign.row, at, limit=PAGE + 1, after=after, before=before)
    shown, older, newer = cut(request, found, PAGE)
    switched = is_switched(campaign.row.switch_at, at)
    state, icon, tag = look_of(campaign)
    left = reissuing_remaining.remaining(campaign.row, at)
    context = {
        "campaign": campaign,
        "figures": campaign.figures,
        "state": state,
        "icon": icon,
        "tag": tag,
        "switched": switched,
        "switching": SwitchForm(),
        "percent": 100 * campaign.figures.replaced // max(1, campaign.figures.total),
        "lines": lines_of(shown, language_of(request)),
        "rests": rests_of(campaign, left, switched=switched),
        "page": neighbours(request, shown, lambda i: i.row.id, older=older, newer=newer),
    }
    return render(request, "reissue/one.html", context)


def campaign_of(number: int) -> Campaign:
    try:
        return reissuing.get(number)
    except NotFound as error:
        raise Http404 from error


def _place(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    good = given.isascii() and given.isdigit() and len(given) <= _DIGITS
    return int(given) if good else None
