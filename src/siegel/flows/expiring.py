"""Tell people in time that certificates end: own ones, partners', and those of authorities.

Derived from the store in every round, so that no queue can be lost: what ends, who is told, what
was told already. A mail is planned and written down first, and sent until the next hop takes it.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.flows.notices import hand_over, written
from siegel.flows.site import Site
from siegel.policy.expiry import TOLD_FOR, WINDOW, step_today
from siegel.policy.roles import Role
from siegel.store.models.listing import Kind
from siegel.store.queries import accounts, reminders, users
from siegel.store.rows import CertificateRow
from siegel.wording.letters import Ending, Whose, reminder_letter

log = logging.getLogger(__name__)
AT_MOST_EVERY = timedelta(hours=20)  # one mail a day and person, whatever ends
TRIED_EVERY = timedelta(hours=1)  # when the next hop did not take it
TRIED_FOR = timedelta(days=3)  # what is older is no news; the list of certificates shows it anyway


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A certificate whose end people should know of. ``step``: days before it, as planned."""

    kind: Kind
    row: CertificateRow
    step: int

    @property
    def name(self) -> str:
        """What people know it by."""
        if self.kind is Kind.AUTHORITY:
            return self.row.certificate.common_name or self.row.subject
        linked = next((str(link.address) for link in self.row.links), "")
        return linked or self.row.certificate.common_name or self.row.subject


def expiring(at: datetime, *, within: timedelta = WINDOW) -> list[Due]:
    """What ends, or has just ended, without a successor for the same address."""
    found = reminders.ending(begin=at - TOLD_FOR, end=at + within)
    latest = reminders.successors(row for _, row in found)
    return [
        Due(kind=Kind(kind), row=row, step=step if step is not None else within.days)
        for kind, row in found
        if not _is_replaced(row, latest)
        for step in [step_today(row.not_after, at)]
    ]


def remind(site: Site, at: datetime) -> int:
    """One round; how many mails the next hop took. Safe to run again at any time."""
    sender = site.notices_from
    if sender is None:
        return 0
    due = expiring(at)
    known = reminders.told(each.row.fingerprint for each in due)
    for recipient, mine in _by_recipient(due, at).items():
        new = [d for d in mine if (d.row.fingerprint, d.step, recipient) not in known]
        if new and _may_be_told(recipient, at):
            _plan(site, sender, recipient, new, at)
    return _send_planned(site, sender, at)


def _is_replaced(row: CertificateRow, latest: Mapping[str, datetime]) -> bool:
    """Every address that it is used for has another certificate that lasts longer."""
    addresses = [str(link.address) for link in row.links]
    return bool(addresses) and all(latest[a] > row.not_after for a in addresses if a in latest)


def _by_recipient(due: Iterable[Due], at: datetime) -> dict[str, list[Due]]:
    """Owners hear of their own; who looks after certificates, of everything."""
    managers = _managers(at)
    rows = tuple(due)
    known = accounts.known(link.address for each in rows for link in each.row.links)
    told: dict[str, list[Due]] = {}
    for each in rows:
        owners = {
            str(known.rows[owner].address)
            for link in each.row.links
            for owner in [known.owner(link.address)]
            if owner is not None and each.kind is Kind.OWN
        }
        for recipient in dict.fromkeys((*sorted(owners), *managers)):
            told.setdefault(recipient, []).append(each)
    return told


def _managers(at: datetime) -> tuple[str, ...]:
    """Certificate managers; where there is none, administrators."""
    active = [user for user in users.list_all(at=at) if user.active]
    for role in (Role.CERTIFICATE_MANAGER, Role.ADMINISTRATOR):
        found = tuple(str(user.email) for user in active if role in user.roles)
        if found:
            return found
    return ()


def _may_be_told(recipient: str, at: datetime) -> bool:
    last = reminders.last_told(recipient)
    return last is None or at - last >= AT_MOST_EVERY


def _plan(site: Site, sender: EmailAddress, recipient: str, due: list[Due], at: datetime) -> None:
    letter = reminder_letter(site.language, list(_endings(due)), at)
    to = EmailAddress.parse(recipient)
    raw = written(site, sender, to, letter.subject, letter.text, at)
    about = {(each.row.fingerprint, each.step) for each in due}
    try:
        reminders.plan(recipient, raw, about, at=at)
    except Conflict:
        log.info("a reminder was planned by another worker")


def _endings(due: Iterable[Due]) -> Iterator[Ending]:
    for each in due:
        whose = Whose(each.kind.value)
        yield Ending(whose=whose, name=each.name, not_after=each.row.not_after)


def _send_planned(site: Site, sender: EmailAddress, at: datetime) -> int:
    done = 0
    waiting = reminders.to_send(planned_since=at - TRIED_FOR, not_tried_since=at - TRIED_EVERY)
    for mail in waiting:
        if not hand_over(site, sender, EmailAddress.parse(mail.recipient), mail.raw, at=at):
            log.warning("a reminder was not taken; it is tried again")
            reminders.tried(mail.id, at=at)
            continue
        reminders.sent(mail.id, at=at)
        done += 1
    return done
