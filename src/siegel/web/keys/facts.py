"""Certificates on their way, as the pages show them: mark, word, reason, one action."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows.connectors import ConnectorKind
from siegel.flows.tickets import TicketLine
from siegel.flows.ways import Way
from siegel.policy.tickets import Standing, TicketReason
from siegel.wording.tickets import said_of_hindrance, said_of_ticket
from siegel.wording.words import Language

_LOOKS = {
    Standing.WAITING: ("is-todo", "clock"),
    Standing.ISSUED: ("is-good", "seal"),
    Standing.FAILED: ("is-open", "close"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``action``: address and words of the one thing to do."""

    about: str
    what: str
    when: datetime
    state: str
    icon: str
    tag: str
    why: str
    next_step: str
    action: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedWay:
    name: str
    title: str
    why: str


def line_of(found: TicketLine, language: Language) -> Line:
    state, icon = look_of(found)
    said = said_of_ticket(found.progress.reason, language)
    return Line(
        about=found.about,
        what=_what(found),
        when=found.when,
        state=state,
        icon=icon,
        tag=said.title,
        why=said.sentence,
        next_step=said.next_step,
        action=_action(found),
    )


def look_of(found: TicketLine) -> tuple[str, str]:
    if found.progress.reason is TicketReason.BROKEN_OFF:
        return "is-warn", "warning"
    return _LOOKS[found.progress.standing]


def choices_of(found: Iterable[Way]) -> list[tuple[str, str]]:
    """Open ways as choices of a form: value and words."""
    return [(value_of(way), _named(way)) for way in found if way.hindrance is None]


def closed(found: Iterable[Way], language: Language) -> list[ClosedWay]:
    """The others, with the reason."""
    return [
        ClosedWay(name=_named(way), title=said.title, why=f"{said.sentence} {said.next_step}")
        for way in found
        if way.hindrance is not None
        for said in [said_of_hindrance(way.hindrance, language)]
    ]


def value_of(way: Way) -> str:
    return f"{way.kind.value}:{way.name}" if way.name else way.kind.value


def chosen(found: Iterable[Way], value: str) -> Way:
    """The way of a form's choice; the form has seen that it is one of them."""
    return next(way for way in found if value_of(way) == value)


def _named(way: Way) -> str:
    if way.kind is ConnectorKind.IN_HOUSE:
        return _("Our own authority: %(name)s") % {"name": way.name} if way.name else _(
            "Our own authority"
        )  # fmt: skip
    if way.kind is ConnectorKind.BY_HAND:
        return _("An authority outside, with a request (CSR)")
    if way.name:
        return _("%(authority)s, by itself (ACME)") % {"authority": way.name}
    return _("An authority outside, by itself (ACME)")


def _what(found: TicketLine) -> str:
    if found.by_whom:
        return _("from %(authority)s") % {"authority": found.by_whom}
    return _("request %(number)s") % {"number": found.ticket.number}


def _action(found: TicketLine) -> tuple[str, str]:
    certificate = found.progress.certificate
    if certificate is not None:
        return reverse("certificates:one", args=[certificate]), _("Show")
    if found.ticket.kind is ConnectorKind.IN_HOUSE:
        return f"{reverse('keys:new')}?account={found.about}", _("Finish it")
    words = _("Show") if found.ticket.kind is ConnectorKind.ACME else _("Go on")
    return reverse("keys:request", args=[found.ticket.number]), words
