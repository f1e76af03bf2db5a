"""A message that was opened and judged for an account becomes an item in one of its folders."""

from dataclasses import dataclass
from datetime import UTC, datetime

from siegel.base.address import EmailAddress
from siegel.flows import mail_facts, mail_words
from siegel.flows.journaling import message_id
from siegel.flows.site import Site
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.judging import Judged
from siegel.policy.message_state import state_of
from siegel.smime.layers import OpenedMessage
from siegel.store.mail_rows import Flags, NewItem
from siegel.store.queries import accounts, mail_filing, mail_search, messages
from siegel.store.queries.messages import Direction
from siegel.store.transaction import together

UNSEEN = Flags()
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)  # mail of accounts stays until somebody deletes it
_COUNTS = (CryptographicSummary.VERIFIED, CryptographicSummary.CONFIDENTIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message for a folder. ``uid`` None: the folder lies here, or its server has not said.
    ``envelope_from``: empty when it is not known."""

    account: EmailAddress
    folder: int
    raw: bytes
    received_at: datetime
    uid: int | None = None
    flags: Flags = UNSEEN
    envelope_from: str = ""


def place(
    arrival: Arrival, opened: OpenedMessage, judged: Judged, site: Site, *, at: datetime
) -> int:
    """The item of a message that was opened for this account already; one transaction. What the
    judgement teaches is written down by whoever judged."""
    with together():
        sha256 = _keep(arrival, opened)
        new = _new_item(arrival, sha256, opened, judged, site)
        item = mail_filing.add_item(arrival.account, new, at=at)
        mail_search.enter(item, arrival.account, mail_words.texts(opened, new.subject))
        mail_filing.put(arrival.folder, item, uid=arrival.uid, flags=arrival.flags)
    return item


def _keep(arrival: Arrival, opened: OpenedMessage) -> str:
    """The original stays as long as the account wants it."""
    stored = messages.keep(
        arrival.raw,
        direction=Direction.INBOUND,
        received_at=arrival.received_at,
        envelope_from=arrival.envelope_from,
        recipients=[str(arrival.account)],
        message_id=message_id(opened.message),
        keep_until=FOREVER,
    )
    return stored.sha256


def _new_item(
    arrival: Arrival, sha256: str, opened: OpenedMessage, judged: Judged, site: Site
) -> NewItem:
    message, judgement = opened.message, judged.judgement
    inside = mail_facts.inside(opened, authenticated=judgement.summary in _COUNTS)
    secret = bool(opened.encrypted_layers)
    address, name = mail_facts.author(message)
    return NewItem(
        sha256=sha256,
        message_id=message_id(message),
        thread=mail_facts.thread(message),
        sent_at=mail_facts.sent_at(message),
        received_at=arrival.received_at,
        from_address=address,
        from_name=name,
        to_names=mail_facts.recipients(message),
        subject=mail_facts.subject_of(message) if secret else inside.subject,
        preview="" if secret else inside.preview,
        sealed=mail_facts.seal(inside, sha256, site.vault) if secret else b"",
        attachments=mail_facts.count_files(opened.payload),
        size=len(arrival.raw),
        state=state_of(judgement),
        outgoing=_is_ours(address, arrival.account),
    )


def _is_ours(address: str, account: EmailAddress) -> bool:
    """Whether the account itself wrote it."""
    own = accounts.get(account)
    return address in {str(each) for each in (own.address, *own.aliases)}
