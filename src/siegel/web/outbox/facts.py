"""Messages of the outbox as the pages show them: state, word, reason, and what one can do."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siegel.flows.outbox import OutboxState
from siegel.flows.outbox_sending import NO_COPY
from siegel.store.outbox_rows import OutboxRow, RecipientRow
from siegel.wording.delivery_answers import answer_words
from siegel.wording.outbox_letters import obstacle_lines, reason_lines
from siegel.wording.words import Language

FEW = 3  # recipients named in the list
_LOOKS = {
    OutboxState.WAITING: ("is-open", "clock"),
    OutboxState.SENDING: ("is-open", "send"),
    OutboxState.HELD: ("is-warn", "lock"),
    OutboxState.SENT: ("is-open", "check"),
    OutboxState.FAILED: ("is-bad", "warning"),
    OutboxState.WITHDRAWN: ("is-open", "back"),
}
_PLANS = {"plain": "postcard", "sign": "seal", "sign_and_encrypt": "seal-lock"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One recipient: how far the message is on its way to him, and why."""

    address: str
    kind: str
    state: str
    icon: str
    tag: str
    why: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message in the list. ``why``: the first reason, if it is held or failed."""

    row: OutboxRow
    address: str
    state: str
    icon: str
    tag: str
    to: tuple[str, ...]
    more: int
    why: str
    when: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A message on its own page."""

    row: OutboxRow
    state: str
    icon: str
    tag: str
    sentence: str
    reasons: tuple[str, ...]
    readers: tuple[Reader, ...]
    protection: str
    protection_icon: str
    can_undo: bool
    can_send: bool
    can_withdraw: bool
    no_copy: bool


def line_of(row: OutboxRow, language: Language) -> Line:
    state, icon, tag = _look(row)
    named = [each.address for each in row.recipients]
    return Line(
        row=row,
        address=reverse("outbox:show", args=[row.id]),
        state=state,
        icon=icon,
        tag=tag,
        to=tuple(named[:FEW]),
        more=max(0, len(named) - FEW),
        why=_why(row, language),
        when=row.sent_at or row.accepted_at,
    )


def sheet_of(row: OutboxRow, language: Language) -> Sheet:
    state, icon, tag = _look(row)
    nobody_yet = not row.some_accepted
    waiting = row.state in (OutboxState.WAITING, OutboxState.HELD)
    return Sheet(
        row=row,
        state=state,
        icon=icon,
        tag=tag,
        sentence=_sentence(row),
        reasons=_reasons(row, language),
        readers=tuple(_reader(each, row, language) for each in row.recipients),
        protection=_protection(row.plan),
        protection_icon=_PLANS.get(row.plan, "postcard"),
        can_undo=nobody_yet and (waiting or row.state is OutboxState.FAILED),
        can_send=waiting,
        can_withdraw=nobody_yet and (waiting or row.state is OutboxState.FAILED),
        no_copy=row.answer == NO_COPY,
    )


def _look(row: OutboxRow) -> tuple[str, str, str]:
    refused = sum(each.state == "refused" for each in row.recipients)
    if row.state is OutboxState.SENT and refused:
        words = ngettext("not to %(n)s", "not to %(n)s", refused) % {"n": refused}
        return "is-warn", "warning", words
    words = {
        OutboxState.WAITING: _("Tried again") if row.attempts else _("Leaves soon"),
        OutboxState.SENDING: _("Being sent"),
        OutboxState.HELD: _("Held"),
        OutboxState.SENT: _("Sent"),
        OutboxState.FAILED: _("Failed"),
        OutboxState.WITHDRAWN: _("Taken back"),
    }[row.state]
    return (*_LOOKS[row.state], words)


def _sentence(row: OutboxRow) -> str:
    """What happens next, or what has happened."""
    if row.state is OutboxState.WAITING and row.attempts:
        return _("It could not leave yet. It is tried again by itself, for five days.")
    if row.state is OutboxState.SENT and any(each.state == "refused" for each in row.recipients):
        return _("It has left, but not to everybody. Below stands who did not get it, and why.")
    return {
        OutboxState.WAITING: _("It leaves in a moment. Until then you can undo sending."),
        OutboxState.SENDING: _("It is being handed to the mail server."),
        OutboxState.HELD: _(
            "It may not leave like this, and it never leaves with less protection. As soon as "
            "nothing stands in its way, it leaves by itself and you are told."
        ),
        OutboxState.SENT: _("The mail server has it for everybody."),
        OutboxState.FAILED: _("Nobody got it, and it is not tried again. Your text is still here."),
        OutboxState.WITHDRAWN: _("You took it back. Nobody got it."),
    }[row.state]


def _reasons(row: OutboxRow, language: Language) -> tuple[str, ...]:
    if row.state is not OutboxState.HELD:
        return ()
    own = obstacle_lines(row.obstacles.get("", ()), language)
    return (*reason_lines(row.reasons, language), *own)


def _why(row: OutboxRow, language: Language) -> str:
    if row.state is OutboxState.HELD:
        return next(iter(_reasons(row, language)), "")
    refused = [each for each in row.recipients if each.state == "refused"]
    if refused:
        return answer_words(refused[0].answer, language).sentence
    if row.state is OutboxState.WAITING and row.answer:
        return answer_words(row.answer, language).sentence
    return ""


def _reader(each: RecipientRow, row: OutboxRow, language: Language) -> Reader:
    held = row.state is OutboxState.HELD
    against = _against(each.address, row) if held else ()
    why = tuple(obstacle_lines(against, language))
    if each.state == "accepted":
        look = ("is-open", "check", _("has been sent"))
    elif each.state == "refused":
        look = ("is-bad", "warning", answer_words(each.answer, language).title)
        why = (answer_words(each.answer, language).sentence,)
    elif against:
        look = ("is-warn", "lock", _("holds it up"))
    elif held:
        look = ("is-good", "lock", _("ready"))
    else:
        look = ("is-open", "clock", _("still to come"))
    return Reader(
        address=each.address,
        kind={"cc": _("Copy"), "bcc": _("Blind copy")}.get(each.kind, ""),
        state=look[0],
        icon=look[1],
        tag=look[2],
        why=why,
        answer=each.answer,
    )


def _against(address: str, row: OutboxRow) -> tuple[str, ...]:
    """Obstacles are kept by the folded address."""
    return next(
        (found for name, found in row.obstacles.items() if name.lower() == address.lower()), ()
    )


def _protection(plan: str) -> str:
    return {
        "plain": _("Unprotected, readable like a postcard"),
        "sign": _("Signed; readable on its way"),
        "sign_and_encrypt": _("Signed and encrypted"),
    }.get(plan, _("Not decided yet"))
