"""„Warum?“ in words: one decision with its reasons, each recipient with what stood in the way and
what to do, and whether the same mail would leave otherwise now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siegel.flows.why import Why
from siegel.policy.reasons import Obstacle
from siegel.store.rows import JournalRow
from siegel.web.journal.facts import Line, findings_of, line_of, reasons_of
from siegel.wording.lookup import words
from siegel.wording.words import Language, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """``against`` empty: the mail could have been encrypted to this one. ``now`` is None where it
    is as it was; otherwise what would be in the way today."""

    address: str
    against: tuple[Words, ...]
    is_ready_now: bool
    now: tuple[Words, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``kind`` is the state as class, ``verdict`` the one sentence to read; ``today`` says what
    would happen now ("" = that is not known, or the same)."""

    line: Line
    kind: str
    verdict: str
    reasons: tuple[Words, ...]
    sender: tuple[Words, ...]
    recipients: tuple[Recipient, ...]
    today: str
    is_better_today: bool


_RANK = {"refused": 0, "plain": 1, "sign": 2, "sign_and_encrypt": 3}


def tell(found: Why, language: Language) -> Told:
    return Told(
        line=line_of(found.entry, language),
        kind="is-full" if found.was_encrypted else "is-warn",
        verdict=_verdict(found),
        reasons=_said(found.reasons, language),
        sender=_said(found.sender, language),
        recipients=tuple(_recipients(found, language)),
        today=_today(found),
        is_better_today=found.now is not None and _RANK[found.now.plan] > _RANK[found.plan],
    )


def said_of_reasons(row: JournalRow, language: Language) -> tuple[Words, ...]:
    """Reasons of policy, and of incoming mail what it showed besides."""
    return _said((*reasons_of(row), *findings_of(row)), language)


def _verdict(found: Why) -> str:
    hindered = sum(bool(against) for against in found.recipients.values())
    if found.was_encrypted:
        return _("The mail was signed and encrypted.")
    if found.plan == "refused":
        return _("The mail was not sent.")
    if hindered:
        return ngettext(
            "The mail was not encrypted because of %(n)s recipient.",
            "The mail was not encrypted because of %(n)s recipients.",
            hindered,
        ) % {"n": hindered}
    if found.plan == "sign":
        return _("The mail was signed, but not encrypted.")
    return _("The mail went out unprotected.")


def _today(found: Why) -> str:
    if not found.differs_now or found.now is None:
        return ""
    return {
        "sign_and_encrypt": _("Today the same mail would be encrypted."),
        "sign": _("Today the same mail would be signed, but not encrypted."),
        "plain": _("Today the same mail would go out unprotected."),
        "refused": _("Today the same mail would not be sent."),
    }[found.now.plan]


def _recipients(found: Why, language: Language) -> Iterable[Recipient]:
    now: Mapping[str, tuple[Obstacle, ...]] = {} if found.now is None else found.now.recipients
    for address, against in found.recipients.items():
        today = now.get(address)
        differs = today is not None and today != against
        yield Recipient(
            address=address,
            against=_said(against, language),
            is_ready_now=differs and not today,
            now=_said(today, language) if differs and today else None,
        )


def _said(members: Iterable[object], language: Language) -> tuple[Words, ...]:
    return tuple(words(member, language) for member in members)  # type: ignore[arg-type]  # reasons or obstacles
