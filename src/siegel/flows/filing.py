"""File a message for an account: opened with its keys, judged, kept, put into a folder.

„Eingehende signierte E-Mails werden immer überprüft, und dazugehörige Zertifikate importiert.“ The
same beats as at the gateway (``flows.inbound``), whichever way a message came. Only keys bound to
the account whose mailbox this is open it. The same octets again are recognised, so that filing may
be repeated after a crash.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded
from siegel.flows import evidence_store, harvesting, mail_facts
from siegel.flows.inbound import judged_now, known_of_senders, read_for_all
from siegel.flows.journaling import message_id
from siegel.flows.network import gathering
from siegel.flows.site import Site
from siegel.mime.message import Message
from siegel.mime.parse import parse_header, parse_message
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.judging import Judged
from siegel.policy.message_state import state_of
from siegel.smime.layers import OpenedMessage
from siegel.store.mail_rows import Flags, NewItem
from siegel.store.queries import accounts, mail_filing, messages, organisation
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


def file(arrival: Arrival, site: Site, *, at: datetime) -> int:
    """The item. Raises ``MalformedMessage`` for what is no message at all; nothing is kept then."""
    sha256 = hashlib.sha256(arrival.raw).hexdigest()
    item = mail_filing.item_of(arrival.account, sha256)
    if item is None:
        item = _filed_anew(arrival, sha256, site, at)
    else:
        mail_filing.put(arrival.folder, item, uid=arrival.uid, flags=arrival.flags)
    return item


def _filed_anew(arrival: Arrival, sha256: str, site: Site, at: datetime) -> int:
    """Everything of one message is one transaction: it is there whole, or comes again."""
    message = _read(arrival.raw, site)
    opened, judged = read_and_judged(arrival.account, message, site, at=at)
    with together():
        _keep(arrival, opened, judged, at)
        new = _new_item(arrival, sha256, opened, judged, site)
        item = mail_filing.add_item(arrival.account, new, at=at)
        mail_filing.put(arrival.folder, item, uid=arrival.uid, flags=arrival.flags)
    return item


def read_and_judged(
    account: EmailAddress, message: Message, site: Site, *, at: datetime, fetch: bool = True
) -> tuple[OpenedMessage, Judged]:
    """As the account sees it now. With ``fetch``, evidence that is missing is fetched as long as
    the budget of one message lasts."""
    known = known_of_senders(message)
    (reading,) = read_for_all((str(account),), message, known, site)
    work = gathering(site.network) if fetch else None
    judged = judged_now(reading.opened, known, organisation.get_rules(), at, work)
    if work is not None:
        evidence_store.keep(work, at)
    return reading.opened, judged


def _read(raw: bytes, site: Site) -> Message:
    try:
        return parse_message(raw, limits=site.limits)
    except LimitExceeded:
        return parse_header(raw, limits=site.limits)


def _keep(arrival: Arrival, opened: OpenedMessage, judged: Judged, at: datetime) -> None:
    """The original, and the judgement where there is anything to judge."""
    stored = messages.keep(
        arrival.raw,
        direction=Direction.INBOUND,
        received_at=arrival.received_at,
        envelope_from=arrival.envelope_from,
        recipients=[str(arrival.account)],
        message_id=message_id(opened.message),
        keep_until=FOREVER,
    )
    if opened.layers or judged.judgement.findings:
        to = (str(arrival.account),)
        harvesting.record(stored.sha256, to, opened, judged, seen_at=arrival.received_at)


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
