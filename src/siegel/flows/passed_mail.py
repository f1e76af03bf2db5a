"""Mail that passed our own gateway and lies opened on a mail server: its kept original is shown.

The opened form proves nothing: whoever can write into a mailbox can write our header fields, too.
So they only say where to look. What counts is that the journal knows this transaction for this
account, that the original is kept, and that what the gateway makes of it has the very body that
lies on the server. Everything else is treated as any message.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.buffers import joined
from siegel.base.errors import SiegelError
from siegel.flows.inbound import (
    Reading,
    delivered,
    judged_now,
    known_of_senders,
    read_for_all,
)
from siegel.flows.journaling import message_id
from siegel.flows.site import Site
from siegel.mime.message import Message
from siegel.mime.parse import parse_header, parse_message
from siegel.store.queries import accounts, journal, messages, organisation
from siegel.transport.authentication_results import claims_our_name

log = logging.getLogger(__name__)

JOURNAL = "X-Siegel-Journal"
MOST_ORIGINALS = 5  # with one Message-ID; each is opened
_NEARBY = 16 * 1024  # octets at the beginning, where the gateway puts its fields


def original(account: EmailAddress, raw: bytes, site: Site, *, at: datetime) -> bytes | None:
    """The kept original of which this is the opened form; None in every doubt."""
    if JOURNAL.lower().encode() not in raw[:_NEARBY].lower():
        return None
    try:
        message = parse_header(raw, limits=site.limits)
        if not _is_known(account, message, site):
            return None
        for kept in _kept(account, message):
            if _opens_to(kept, message, account, site, at):
                return kept
    except SiegelError as error:
        log.info("opened mail is taken as it is: %s", error.code)
    return None


def _is_known(account: EmailAddress, message: Message, site: Site) -> bool:
    """The fields name a transaction of ours that was for this account."""
    ours = any(
        claims_our_name(field.value, site.hostname)
        for field in message.get_all("Authentication-Results")
    )
    field = message.get(JOURNAL)
    number = field.value.strip() if field is not None else ""
    if not (ours and number.isascii() and number.isdigit() and len(number) < 19):
        return False
    entries = journal.read(number=int(number), limit=1)
    named = message_id(message)
    return any(
        bool(named) and entry.message_id == named and bool(_own(account) & set(entry.recipients))
        for entry in entries
    )


def _kept(account: EmailAddress, message: Message) -> Iterator[bytes]:
    named, own = message_id(message), _own(account)
    for row in messages.with_message_id(named, recipients=own, limit=MOST_ORIGINALS):
        yield messages.raw(row.sha256)


def _opens_to(
    kept: bytes, message: Message, account: EmailAddress, site: Site, at: datetime
) -> bool:
    """Whether the gateway makes this body of the original, for this account."""
    found = parse_message(kept, limits=site.limits)
    known = known_of_senders(found)
    (reading,) = read_for_all((str(account),), found, known, site)
    return reading.was_opened and _body(reading, site, at) == bytes(message.root.body)


def _body(reading: Reading, site: Site, at: datetime) -> bytes:
    rules = organisation.get_rules()
    judged = judged_now(reading.opened, known_of_senders(reading.opened.message), rules, at)
    made = joined(delivered(reading, judged.judgement, rules, site))
    return bytes(parse_header(made, limits=site.limits).root.body)


def _own(account: EmailAddress) -> set[str]:
    row = accounts.get(account)
    return {str(address) for address in (row.address, *row.aliases)}
