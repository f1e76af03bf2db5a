"""Mail that came before its key: opened and delivered again once the key is there.

The original was delivered as it came, so nothing was lost; what is delivered again is the opened
form with its marks. Who saw what stands in the judgements: a message waits for an address as long
as the newest judgement for that address says that no key opened it. Each goes out only once.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.base.findings import Finding
from siegel.flows import harvesting, journaling, marks
from siegel.flows.delivery import Copy, deliver
from siegel.flows.inbound import (
    Reading,
    delivered,
    judged_now,
    known_of_senders,
    read_for_all,
)
from siegel.flows.keyrings import entitled_keyrings
from siegel.flows.site import Site
from siegel.mime.parse import parse_message
from siegel.policy.actions import Action
from siegel.policy.judging import Judged
from siegel.smime.open import open_message
from siegel.store.queries import (
    accounts,
    deliveries,
    journal,
    judgements,
    mail_due,
    messages,
    organisation,
)
from siegel.store.rows import StoredMessageRow
from siegel.store.vault import Vault
from siegel.transport import trace
from siegel.transport.envelope import Envelope, MailOptions, Role

log = logging.getLogger(__name__)
_CLOSED = Finding.NO_DECRYPTION_KEY.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A kept message, and the addresses of one account that could not open it when it came."""

    row: StoredMessageRow
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redelivered:
    """Copies: handed over, still closed (no key yet), and not taken by the next hop."""

    delivered: int
    closed: int
    failed: int


def waiting(account: EmailAddress) -> tuple[Waiting, ...]:
    """What came encrypted for ``account`` and is closed still, the oldest first. Mail that lies
    here is no copy that went out: it opens where it lies."""
    if mail_due.filed_here([account]):
        return ()
    own = accounts.get(account)
    addresses = {str(address) for address in (own.address, *own.aliases)}
    found = []
    for sha256 in judgements.with_finding(addresses, _CLOSED):
        row = messages.get(sha256)
        mine = tuple(r for r in row.recipients if r in addresses and _is_closed(sha256, r))
        if mine:
            found.append(Waiting(row=row, recipients=mine))
    return tuple(found)


def openable(addresses: Iterable[EmailAddress], vault: Vault) -> dict[EmailAddress, int]:
    """For each account behind the addresses: how many waiting messages its keys open now."""
    owners = [row.address for row in accounts.known(addresses).rows.values()]
    counts = {owner: sum(_opens(each, vault) for each in waiting(owner)) for owner in owners}
    return {owner: count for owner, count in counts.items() if count}


def redeliver(account: EmailAddress, site: Site, *, by: str, at: datetime) -> Redelivered:
    """Hand over, opened and marked, all that can be opened now."""
    counts = {"delivered": 0, "closed": 0, "failed": 0}
    for each in waiting(account):
        for outcome in _outcomes(each, site, by, at):
            counts[outcome] += 1
    return Redelivered(**counts)


def _is_closed(sha256: str, recipient: str) -> bool:
    """By the newest judgement that says what this recipient saw."""
    for judgement in judgements.history(sha256):
        if recipient in judgement.verdicts.get("recipients", (recipient,)):
            return _CLOSED in judgement.findings
    return False


def _opens(each: Waiting, vault: Vault) -> bool:
    try:
        message = parse_message(messages.raw(each.row.sha256))
    except SiegelError:
        return False
    keyrings = entitled_keyrings(each.recipients, vault)
    return any(
        all(layer.opened for layer in open_message(message, keyring).encrypted_layers)
        for _, keyring in keyrings
    )


def _outcomes(each: Waiting, site: Site, by: str, at: datetime) -> Iterator[str]:
    """One word for each copy. A message that cannot be read does not keep the others back."""
    rules = organisation.get_rules()
    try:
        message = parse_message(messages.raw(each.row.sha256), limits=site.limits)
    except SiegelError as error:
        log.error("kept message cannot be read sha256=%s: %s", each.row.sha256, error)
        yield from ("failed" for _ in each.recipients)
        return
    known = known_of_senders(message)
    for reading in read_for_all(each.recipients, message, known, site):
        judged = judged_now(reading.opened, known, rules, at)
        if not reading.was_opened or Finding.NO_DECRYPTION_KEY in judged.judgement.findings:
            yield from ("closed" for _ in reading.recipients)
            continue
        taken = _deliver_again(each.row, reading, judged, site, by, at)
        yield from ("delivered" if taken else "failed" for _ in reading.recipients)


def _deliver_again(
    row: StoredMessageRow, reading: Reading, judged: Judged, site: Site, by: str, at: datetime
) -> bool:
    """The judgement is written after the next hop took the copy: a crash in between is noticed by
    the record of the delivery, and only the judgement is made up for."""
    message, judgement = reading.opened.message, judged.judgement
    number = journal.write(
        at=at,
        actor=by,
        action=Action.MESSAGE_REOPENED,
        about=row.envelope_from,
        message_id=journaling.message_id(message),
        recipients=reading.recipients,
        reasons=[reason.value for reason in judgement.reasons],
        detail={"summary": judgement.summary.value, "received_at": row.received_at.isoformat()},
    )
    envelope = _envelope(reading, site)
    copy = Copy(
        recipients=reading.recipients,
        chunks=[
            trace.received_field(envelope, hostname=site.hostname, identifier=str(number), at=at),
            *marks.result_fields(judgement, site.hostname, number),
            *delivered(reading, judgement, organisation.get_rules(), site),
        ],
        opened=True,
    )
    key = _key(row, reading)
    reply = deliver(envelope, message, key, [copy], site, at)
    if not reply.accepted:
        log.warning("not delivered again journal=%s reply=%s", number, reply.code)
        return False
    harvesting.record(
        row.sha256, reading.recipients, reading.opened, judged, seen_at=row.received_at
    )
    deliveries.finish(key)
    return True


def _envelope(reading: Reading, site: Site) -> Envelope:
    """From the null sender: nobody answers, and no stranger hears of it if a mailbox is full."""
    international = not all(recipient.isascii() for recipient in reading.recipients)
    return Envelope(
        role=Role.INBOUND,
        sender="",
        recipients=reading.recipients,
        options=MailOptions(smtputf8=international),
        client="127.0.0.1",
        helo=site.hostname,
    )


def _key(row: StoredMessageRow, reading: Reading) -> str:
    who = "\0".join(sorted(reading.recipients))
    return hashlib.sha256(f"again\0{row.sha256}\0{who}".encode()).hexdigest()
