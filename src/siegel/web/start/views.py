"""The first page after signing in: what needs attention, in plain words, with one action each."""

from datetime import datetime

from django.conf import settings
from django.core.cache import cache as memory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from siegel.flows import attention, health, mail_list
from siegel.flows.health import MailCounts
from siegel.flows.people import Role
from siegel.policy.health import Check, Checked, State, judge
from siegel.store.rows import AccountListing
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.person import Person, language_of
from siegel.web.start import facts
from siegel.web.start.facts import Line

FRESH = 15  # seconds that counts of mail and a look at the installation are good for


@require_safe
@for_role(Role.MEMBER)
def landing(request: HttpRequest, person: Person) -> HttpResponse:
    """After signing in: to the mail of those who have some, else to the overview."""
    del request
    inboxes = mail_list.waiting(person.email, at=clock.now()).inboxes
    return redirect("inbox:home" if inboxes else "start")


@require_safe
@for_role(Role.MEMBER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    at = clock.now()
    accounts = attention.accounts_of(person.email, at)
    context = {
        "lines": _lines(request, person, accounts, at),
        "accounts": accounts,
        "at": at,
        "mail": _mail(at),
        "questions": facts.questions(),
        "accounts_page": facts.address("accounts:list"),
    }
    return render(request, "start/overview.html", context)


def _lines(
    request: HttpRequest, person: Person, accounts: tuple[AccountListing, ...], at: datetime
) -> tuple[Line, ...]:
    """What stops mail first, then what waits, then what will stop mail if nobody looks."""
    if not person.is_certificate_manager:
        return facts.lines(attention.of_person(accounts, at))
    language = language_of(request)
    waiting = facts.lines(attention.of_the_house(at))
    if not person.is_administrator:
        return waiting
    checks = _checks(at)
    bad = facts.of_checks((c for c in checks if c.state is State.BAD), language)
    warned = facts.of_checks((c for c in checks if c.state is State.WARN), language)
    return (*bad, *waiting, *warned)


def _mail(at: datetime) -> MailCounts:
    found: MailCounts | None = memory.get("start.mail")
    if found is None:
        found = health.mail_of_last_day(at)
        memory.set("start.mail", found, FRESH)
    return found


def _checks(at: datetime) -> tuple[Checked, ...]:
    """All but that of the certificates, which wait by number already."""
    found: tuple[Checked, ...] | None = memory.get("start.checks")
    if found is None:
        every = judge(health.gather(settings.SIEGEL, at))
        found = tuple(one for one in every if one.check is not Check.CERTIFICATES)
        memory.set("start.checks", found, FRESH)
    return found
