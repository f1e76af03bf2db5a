"""File a message for an account: opened with its keys, judged, kept, put into a folder.

„Eingehende signierte E-Mails werden immer überprüft, und dazugehörige Zertifikate importiert.“ The
same beats as at the gateway (``flows.inbound``), whichever way a message came. Only keys bound to
the account whose mailbox this is open it. The same octets again are recognised, so that filing may
be repeated after a crash.
"""

import hashlib
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded
from siegel.flows import acme_mail, evidence_store, harvesting
from siegel.flows.inbound import judged_now, known_of_senders, read_for_all
from siegel.flows.network import gathering
from siegel.flows.placing import FOREVER, Arrival, place
from siegel.flows.site import Site
from siegel.mime.message import Message
from siegel.mime.parse import parse_header, parse_message
from siegel.policy.judging import Judged
from siegel.smime.layers import OpenedMessage
from siegel.store.queries import mail_filing, organisation
from siegel.store.transaction import together

__all__ = ["FOREVER", "Arrival", "file", "read_and_judged"]

RECENT = timedelta(days=7)  # older mail is judged with what is at hand: a mailbox holds years of it


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
    acme_mail.notice(message, [arrival.account], at=at)
    fetch = arrival.received_at >= at - RECENT
    opened, judged = read_and_judged(arrival.account, message, site, at=at, fetch=fetch)
    with together():
        item = place(arrival, opened, judged, site, at=at)
        if opened.layers or judged.judgement.findings:
            to = (str(arrival.account),)
            harvesting.record(sha256, to, opened, judged, seen_at=arrival.received_at)
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
