"""„Warum wurde das nicht verschlüsselt?“: what the journal says about one mail or one recipient,
and whether the same mail would leave otherwise now.

Nothing is guessed: an entry holds the decision with all its reasons. What lay in the message itself
(bulk, a calendar part, a private key …) is not here any more, so about such mail there is no "now".
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows.explaining import explain
from siegel.flows.journaling import against_signing, plan_name
from siegel.policy.actions import Action, ActionGroup, actions_of
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.wish import Wish
from siegel.store.queries import journal
from siegel.store.queries.journal import Question
from siegel.store.rows import JournalRow

MOST = 20  # decisions about one recipient; the newest tell what is wrong
LONGEST = 50  # recipients that are asked about anew; mail to more is bulk anyway

_OUTGOING = tuple(action.value for action in actions_of(ActionGroup.OUTGOING))
_NOT_ENCRYPTED = (
    Action.OUTBOUND_PLAIN.value,
    Action.OUTBOUND_SIGN.value,
    Action.OUTBOUND_REFUSED.value,
)
_OF_THE_MESSAGE = {
    Reason.PRIVATE_KEY_ATTACHED,
    Reason.ALREADY_PROTECTED,
    Reason.FROM_AMBIGUOUS,
    Reason.SENDER_NOT_ENTITLED,
    Reason.BULK_MAIL,
    Reason.CALENDAR_PART,
    Reason.NO_RECIPIENT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What would become of a mail from the same sender to the same recipients."""

    plan: str
    reasons: tuple[Reason, ...]
    sender: tuple[Obstacle, ...]
    recipients: dict[str, tuple[Obstacle, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One decision. ``sender`` is what kept the sender's certificates from signing;
    ``recipients`` has all of them, with an empty tuple where nothing stood in the way."""

    entry: JournalRow
    plan: str
    reasons: tuple[Reason, ...]
    sender: tuple[Obstacle, ...]
    recipients: dict[str, tuple[Obstacle, ...]]
    now: Now | None

    @property
    def was_encrypted(self) -> bool:
        return self.plan == "sign_and_encrypt"

    @property
    def differs_now(self) -> bool:
        """The same mail would be treated otherwise today."""
        return self.now is not None and self.now.plan != self.plan


def of_message(
    message_id: str, *, at: datetime, senders: Collection[str] | None = None
) -> tuple[Why, ...]:
    """Every decision about the mail, the newest first; several copies are several entries.
    ``senders``: only mail of these addresses (None: of everybody)."""
    question = Question(message_id=_bracketed(message_id), actions=_OUTGOING)
    return _answers(journal.ask(question, limit=MOST), at, senders)


def of_recipient(
    recipient: str, *, at: datetime, senders: Collection[str] | None = None
) -> tuple[Why, ...]:
    """The newest mails to this address that left without encryption, or not at all."""
    asked = str(EmailAddress.parse(recipient))
    rows = journal.ask(Question(address=asked, actions=_NOT_ENCRYPTED), limit=MOST)
    return _answers([row for row in rows if asked in row.recipients], at, senders)


def of_entry(number: int, *, at: datetime) -> Why | None:
    """The decision with this number; None for entries about other things."""
    rows = journal.ask(Question(number=number, actions=_OUTGOING))
    return next(iter(_answers(rows, at, None)), None)


def _answers(
    rows: Collection[JournalRow], at: datetime, senders: Collection[str] | None
) -> tuple[Why, ...]:
    return tuple(_why(row, at) for row in rows if senders is None or row.about in senders)


def _why(entry: JournalRow, at: datetime) -> Why:
    reasons = tuple(Reason(code) for code in entry.reasons if code in list(Reason))
    kept = entry.detail.get("recipients", {})
    return Why(
        entry=entry,
        plan=entry.action.removeprefix("outbound."),
        reasons=reasons,
        sender=_obstacles(entry.detail.get("sender", [])),
        recipients={
            address: _obstacles(kept.get(address, []))
            for address in dict.fromkeys((*entry.recipients, *kept))
        },
        now=_now(entry, at) if not _OF_THE_MESSAGE & set(reasons) else None,
    )


def _now(entry: JournalRow, at: datetime) -> Now | None:
    if not 0 < len(entry.recipients) <= LONGEST:
        return None
    wish = Wish.ENCRYPT if Reason.WISH_OF_THE_WRITER.value in entry.reasons else Wish.NONE
    try:
        decision = explain(entry.about, entry.recipients, wish, at=at).decision
    except MalformedAddress:
        return None
    return Now(
        plan=plan_name(decision),
        reasons=decision.reasons,
        sender=against_signing(decision),
        recipients={str(address): found for address, found in decision.recipients.items()},
    )


def _obstacles(codes: Collection[str]) -> tuple[Obstacle, ...]:
    return tuple(Obstacle(code) for code in codes if code in list(Obstacle))


def _bracketed(message_id: str) -> str:
    """As it stands in the header: people copy it with and without its brackets."""
    plain = message_id.strip().strip("<>").strip()
    return f"<{plain}>"
