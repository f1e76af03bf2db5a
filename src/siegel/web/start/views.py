"""The first page after signing in: what needs attention, in plain words, with one action each."""

from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache as memory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.flows import attention, health
from siegel.flows.attention import Waiting
from siegel.flows.health import MailCounts
from siegel.flows.people import Role
from siegel.transport.envelope import Role as Direction
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.person import Person
from siegel.web.start import facts

FRESH = 15  # seconds that counts of mail and a look at the ports are good for


@require_safe
@for_role(Role.MEMBER)
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    at = clock.now()
    accounts = attention.accounts_of(person.email, at)
    if person.is_certificate_manager:
        waiting = _of_the_house(person)
    else:
        waiting = attention.of_person(accounts, at)
    context = {
        "lines": facts.lines(waiting),
        "accounts": accounts,
        "at": at,
        "mail": _mail(),
        "questions": facts.questions(),
        "accounts_page": facts.address("accounts:list"),
    }
    return render(request, "start/overview.html", context)


def _of_the_house(person: Person) -> tuple[Waiting, ...]:
    at = clock.now()
    found = [attention.of_the_house(at)]
    if person.is_administrator:
        found.append(attention.of_the_installation(_listening(), at))
    return attention.by_urgency(*found)


def _mail() -> MailCounts:
    found: MailCounts | None = memory.get("start.mail")
    if found is None:
        found = health.mail_of_last_day(clock.now())
        memory.set("start.mail", found, FRESH)
    return found


def _listening() -> Mapping[Direction, bool]:
    found: Mapping[Direction, bool] | None = memory.get("start.listening")
    if found is None:
        found = health.answering(settings.SIEGEL)
        memory.set("start.listening", found, FRESH)
    return found
