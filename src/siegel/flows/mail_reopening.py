"""Mail of accounts that waited for its key opens by itself.

What is due is derived from the store: a message is closed as long as its state says so. It is
opened again when a key is bound to its account that was not there before; then it gets a new
judgement, and its line says what that says. A message that stays closed is left as it is, and each
is one transaction, so that a kill loses nothing and nothing is done twice.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.flows import filing, harvesting, journaling, mail_facts, mail_reading
from siegel.flows.mail_reading import GOOD
from siegel.flows.site import Site
from siegel.policy.actions import Action
from siegel.policy.judging import Judged
from siegel.policy.message_state import MessageState, state_of
from siegel.smime.layers import OpenedMessage
from siegel.store.mail_rows import ItemRow
from siegel.store.queries import accounts, journal, mail_filing, mail_items, mail_waiting
from siegel.store.transaction import together

log = logging.getLogger(__name__)
AT_ONCE = 20  # messages opened while a person waits for an answer; the worker does the rest
ONE_RUN = 200  # messages of one round of the worker
ACTOR = "system:reopening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """Messages looked at and opened; whether more is due."""

    looked_at: int = 0
    opened: int = 0
    more: bool = False


def reopen(
    addresses: Iterable[EmailAddress], site: Site, *, at: datetime, most: int = AT_ONCE
) -> Reopened:
    """After keys of these addresses were imported: the newest messages of their accounts."""
    owners = {row.address for row in accounts.known(addresses).rows.values()}
    return _all(mail_waiting.closed(owners, limit=most + 1), site, at, most)


def reopen_due(site: Site, *, at: datetime, most: int = ONE_RUN) -> Reopened:
    """The worker's part: messages that are closed and were not looked at since the last key of
    their account came."""
    return _all(mail_waiting.due(limit=most + 1), site, at, most)


def renew(item: int, site: Site, *, at: datetime) -> bool:
    """Look at one message that is closed; True if it is open now."""
    return _renewed(mail_items.get(item), site, at)


def _all(rows: tuple[ItemRow, ...], site: Site, at: datetime, most: int) -> Reopened:
    opened = sum(_renewed(row, site, at) for row in rows[:most])
    return Reopened(looked_at=min(len(rows), most), opened=opened, more=len(rows) > most)


def _renewed(row: ItemRow, site: Site, at: datetime) -> bool:
    """A message that cannot be read does not keep the others back."""
    try:
        message = mail_reading.parsed(mail_reading.raw_of(row), site)
        opened, judged = filing.read_and_judged(row.account, message, site, at=at, fetch=False)
    except SiegelError as error:
        log.error("kept message cannot be opened item=%s: %s", row.id, error)
        mail_waiting.looked_at(row.id, at=at)
        return False
    if state_of(judged.judgement) is MessageState.KEY_MISSING:
        mail_waiting.looked_at(row.id, at=at)
        return False
    with together():
        _keep(row, opened, judged, site, at)
    return True


def _keep(row: ItemRow, opened: OpenedMessage, judged: Judged, site: Site, at: datetime) -> None:
    judgement = judged.judgement
    recipients = (str(row.account),)
    harvesting.record(row.sha256, recipients, opened, judged, seen_at=row.received_at)
    inside = mail_facts.inside(opened, authenticated=judgement.summary in GOOD)
    mail_items.set_state(
        row.id,
        state_of(judgement),
        preview="",
        sealed=mail_facts.seal(inside, row.sha256, site.vault),
        attachments=mail_facts.count_files(opened.payload),
    )
    for place in mail_filing.places_of([row.id]):
        mail_filing.renew_lines(place.folder, [row.conversation])
    journal.write(
        at=at,
        actor=ACTOR,
        action=Action.MESSAGE_OPENED_LATER,
        about=row.from_address,
        message_id=journaling.message_id(opened.message),
        recipients=recipients,
        reasons=[reason.value for reason in judgement.reasons],
        detail={
            "summary": judgement.summary.value,
            "received_at": row.received_at.isoformat(),
        },
    )
