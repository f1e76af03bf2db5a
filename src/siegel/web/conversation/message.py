"""A message in full: its line, its details, its blocks, and what its reader can do."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from siegel.base.address import EmailAddress
from siegel.flows import acme_mail
from siegel.flows.contacts import suggested
from siegel.flows.mail_reading import Shown
from siegel.flows.sent_copy import blind_recipients
from siegel.policy.message_state import MessageState
from siegel.web.conversation import facts
from siegel.web.conversation.closed import closed_for
from siegel.web.conversation.details import Details, details_of
from siegel.web.conversation.facts import BlockView, Head, StatusLine, Wishes
from siegel.wording.acme import challenge_words
from siegel.wording.lookup import words
from siegel.wording.words import Language, Words

_WARNED = (
    MessageState.MISMATCH,
    MessageState.BROKEN,
    MessageState.NOT_CHECKABLE,
    MessageState.ENCRYPTED_UNVERIFIED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something to do about the state of a message. ``post``: it changes something."""

    label: str
    address: str
    post: bool = False
    danger: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """``withheld``: an explanation stands in place of the content. ``consent``: where pictures of
    this sender are agreed to, ``contact``: where the sender becomes a contact, ``waits_at``: where
    a script asks whether the key has come; each may be "". ``blind``: whom a copy names so."""

    line: StatusLine
    shown: Shown
    details: Details
    blocks: tuple[BlockView, ...]
    deeds: tuple[Deed, ...]
    note: Words | None
    note_icon: str
    withheld: bool
    encrypted: bool
    consent: str
    consented: bool
    contact: str
    waits_at: str
    blind: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message of the thread: ``opened`` None while it is folded, or when it cannot be read."""

    head: Head
    opened: Opened | None
    failed: bool = False


def opened(shown: Shown, wishes: Wishes, language: Language, *, consented: bool) -> Opened:
    line = facts.line_of_shown(shown, language)
    wishes = replace(wishes, pictures=wishes.pictures or consented)
    withheld = shown.withheld and not wishes.anyway
    return Opened(
        line=line,
        shown=shown,
        details=details_of(shown, language),
        blocks=() if withheld else facts.blocks_of(shown, wishes),
        deeds=_deeds(shown, wishes, withheld),
        note=_note(shown, language),
        note_icon="warning" if shown.state in _WARNED else "info",
        withheld=withheld,
        encrypted=bool(shown.opened.encrypted_layers),
        consent=_consent(shown),
        consented=consented,
        contact=_contact(shown),
        waits_at=reverse("conversation:state", args=[shown.item.id]) if _waits(shown) else "",
        blind=blind_recipients(shown.opened) if shown.item.outgoing and not shown.way else (),
    )


def _consent(shown: Shown) -> str:
    if not shown.trustworthy or shown.way:
        return ""
    return reverse("conversation:consent", args=[shown.item.id])


def _waits(shown: Shown) -> bool:
    return shown.state is MessageState.KEY_MISSING and not shown.way


def _contact(shown: Shown) -> str:
    """„Ins Adressbuch“: with what the certificate of a checked sender says."""
    signer = shown.judgement.signer
    if not shown.trustworthy or signer is None or signer.certificate is None:
        return ""
    given = suggested(signer.certificate, EmailAddress.parse(shown.address))
    query = {"name": given.name, "address": shown.address, "organisation": given.organisation}
    return f"{reverse('contacts:new')}?{urlencode(query)}"


def _note(shown: Shown, language: Language) -> Words | None:
    """What is in the way, and what to do; of good and of plain mail there is nothing to say."""
    match shown.state:
        case MessageState.KEY_MISSING:
            return Words(
                _("It is encrypted for a key that is not here."),
                f"{_key_missing()} {closed_for(shown.opened)}".strip(),
                _("Drag its old certificate file (.p12) into the list of certificates."),
            )
        case MessageState.MISMATCH | MessageState.BROKEN:
            return Words(
                _("Do not answer this message."),
                _("Links and files are blocked. If in doubt, call the number that you know."),
            )
        case MessageState.NOT_CHECKABLE | MessageState.ENCRYPTED_UNVERIFIED:
            against = [r for s in shown.judgement.signers[:1] for r in s.reasons]
            return words(against[0], language) if against else None
    became = acme_mail.standing_of(shown.opened.message, shown.item.account)
    return challenge_words(became, language) if became is not None else None


def _key_missing() -> str:
    return _("The sender used a certificate whose private key this account does not have.")


def _deeds(shown: Shown, wishes: Wishes, withheld: bool) -> tuple[Deed, ...]:
    found = []
    if shown.state is MessageState.KEY_MISSING:
        found.append(Deed(label=_("Add the key"), address=reverse("certificates:list")))
    if shown.state is MessageState.ENCRYPTED_UNVERIFIED and shown.sender:
        found += _asking(shown)
    if shown.state in (MessageState.MISMATCH, MessageState.BROKEN) and not shown.way:
        address = reverse("conversation:report", args=[shown.item.id])
        found.append(
            Deed(label=_("Tell the administrators"), address=address, post=True, danger=True)
        )
    if withheld and shown.state is not MessageState.KEY_MISSING:
        anyway = wishes.page(shown.item.id, anyway=shown.item.id)
        found.append(Deed(label=_("Show the content anyway"), address=anyway))
    return tuple(found)


def _asking(shown: Shown) -> list[Deed]:
    try:
        address = reverse("compose:new")
    except NoReverseMatch:
        return []
    query = {
        "to": shown.sender,
        "account": str(shown.item.account),
        "subject": _("Please answer with a signed message"),
    }
    return [Deed(label=_("Ask for a signed answer"), address=f"{address}?{urlencode(query)}")]
