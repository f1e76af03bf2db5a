"""The checks and numbers of the installation as the page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from siegel.flows.health import Figures, Health
from siegel.policy.health import Check, Checked, State, worst
from siegel.wording.amounts import grouped, size_in_words
from siegel.wording.health import STATES, said_of_check
from siegel.wording.words import Language, Words

_LOOK: Mapping[State, tuple[str, str]] = {
    State.OK: ("is-good", "check"),
    State.WARN: ("is-warn", "warning"),
    State.BAD: ("is-bad", "warning"),
    State.UNKNOWN: ("is-open", "info"),
}
_GROUPS: tuple[tuple[Check, ...], ...] = (
    (Check.OUTBOUND_LISTENER, Check.INBOUND_LISTENER, Check.OUTBOUND_HOP, Check.INBOUND_HOP),
    (
        Check.SIGNING,
        Check.CERTIFICATES,
        Check.MAILBOXES,
        Check.KEY_FILE,
        Check.HARDWARE,
        Check.ROOTS,
        Check.FETCHING,
    ),
    (Check.WORKER, Check.DISK, Check.BACKUP, Check.NOTICES),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One check. ``address`` is where to act, "" = nowhere in these pages."""

    words: Words
    state: str
    kind: str
    icon: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A row of the table of mail."""

    title: str
    why: str
    day: str
    month: str
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    number: str
    words: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthPage:
    at: datetime
    headline: str
    sentence: str
    kind: str
    icon: str
    sections: tuple[Section, ...]
    mail: tuple[Mail, ...]
    amounts: tuple[Amount, ...]
    version: str


def page_of(seen: Health, language: Language) -> HealthPage:
    checks = {checked.check: checked for checked in seen.checks}
    titles = (_("Mail comes in and goes out"), _("Signing and checking"), _("The machine"))
    state = worst(seen.checks)
    kind, icon = _LOOK[state]
    headline, sentence = _headline(state, seen.checks)
    return HealthPage(
        at=seen.at,
        headline=headline,
        sentence=sentence,
        kind=kind,
        icon=icon,
        sections=tuple(
            Section(title=title, lines=tuple(_line(checks[check], language) for check in group))
            for title, group in zip(titles, _GROUPS, strict=True)
        ),
        mail=_mail(seen.figures, language),
        amounts=_amounts(seen.figures, language),
        version=seen.figures.version,
    )


def _headline(state: State, checks: tuple[Checked, ...]) -> tuple[str, str]:
    wrong = sum(checked.state in (State.BAD, State.WARN) for checked in checks)
    if state is State.BAD:
        return _("Something is broken."), _("What to do stands below. No mail is lost.")
    if state is State.WARN:
        return (
            _("Please look at something.") if wrong == 1 else _("Please look at some things."),
            _("Mail comes in and goes out all the same. What to do stands below."),
        )
    return _("All is well."), _("Mail is taken, protected and passed on.")


def _line(checked: Checked, language: Language) -> Line:
    kind, icon = _LOOK[checked.state]
    return Line(
        words=said_of_check(checked, language),
        state=STATES[language][checked.state],
        kind=kind,
        icon=icon,
        address=_address(checked),
    )


def _address(checked: Checked) -> str:
    """Where an administrator acts on it, if something is to be done."""
    if checked.state not in (State.WARN, State.BAD):
        return ""
    if checked.check is Check.CERTIFICATES:
        return _reversed("certificates:list")
    if checked.check is Check.ROOTS:
        return _reversed("trust:overview")
    if checked.check is Check.SIGNING:
        return f"{_reversed('journal:list')}?group=outgoing"
    if checked.check is Check.NOTICES:
        return f"{_reversed('journal:list')}?group=operation"
    return ""


def _mail(figures: Figures, language: Language) -> tuple[Mail, ...]:
    day, month = figures.last_day, figures.last_month
    words = {
        "signed": (_("Signed"), _("outgoing, with the sender’s signature")),
        "encrypted": (_("Of these encrypted"), _("readable by its recipients and the sender")),
        "opened": (_("Opened"), _("came encrypted, delivered decrypted")),
        "refused": (_("Refused"), _("outgoing, returned to the sender with the reason")),
    }
    return tuple(
        Mail(
            title=title,
            why=why,
            day=grouped(getattr(day, kind), language),
            month=grouped(getattr(month, kind), language),
            last=figures.last[kind],
        )
        for kind, (title, why) in words.items()
    )


def _amounts(figures: Figures, language: Language) -> tuple[Amount, ...]:
    counted = (
        (figures.accounts, _("mail accounts in use"), _reversed("accounts:list")),
        (figures.own, _("certificates of our own"), _reversed("certificates:list")),
        (figures.partners, _("certificates of partners"), _reversed("certificates:list")),
        (figures.pending, _("certificates wait for a decision"), _reversed("trust:overview")),
        (figures.alerts, _("partners have a new key"), _reversed("trust:overview")),
    )
    amounts = [
        Amount(number=grouped(number, language), words=words, address=address)
        for number, words, address in counted
    ]
    if figures.store_octets is not None:
        size = size_in_words(figures.store_octets, language)
        amounts.append(Amount(number=size, words=_("in the store"), address=""))
    return tuple(amounts)


def _reversed(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
