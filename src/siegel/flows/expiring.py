"""Tell people in time that certificates end: own ones, partners', and those of authorities.

Derived from the store in every round, so that no queue can be lost: what ends, who is told, what
was told already. A mail is planned and written down first, and sent until the next hop takes it.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.flows import publishing
from siegel.flows.notices import hand_over, written
from siegel.flows.site import Site
from siegel.pki.certificate import Certificate
from siegel.policy.expiry import TOLD_FOR, WINDOW, step_today
from siegel.policy.roles import Role
from siegel.store.models.listing import Kind
from siegel.store.queries import accounts, authorities, reminders, users
from siegel.store.queries.accounts import Known
from siegel.store.rows import CertificateRow
from siegel.wording.letters import Ending, Letter, Whose, reminder_letter

log = logging.getLogger(__name__)
AT_MOST_EVERY = timedelta(hours=20)  # one mail a day and person, whatever ends
TRIED_EVERY = timedelta(hours=1)  # when the next hop did not take it
TRIED_FOR = timedelta(days=3)  # what is older is no news; the list of certificates shows it anyway


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A certificate whose end people should know of. ``step``: days before it, as planned.
    ``authority``: the number of the one of ours that it is for. ``published``: everybody finds it
    on the partner page."""

    kind: Kind
    row: CertificateRow
    step: int
    authority: int | None = None
    published: bool = False

    @property
    def name(self) -> str:
        """What people know it by."""
        if self.kind is Kind.AUTHORITY:
            return self.row.certificate.common_name or self.row.subject
        linked = next((str(link.address) for link in self.row.links), "")
        return linked or self.row.certificate.common_name or self.row.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueList:
    """The last revocation list of an authority of ours has ended, and there is no newer one: who
    looks at it closely does not believe our certificates any more."""

    authority: int
    name: str
    digest: str
    next_update: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Working:
    id: int
    name: str
    certificate: Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    """What somebody is told once. ``about``: the hash of a certificate or list; ``owners``: who
    hears of it besides those who look after certificates."""

    about: str
    step: int
    ending: Ending
    owners: tuple[EmailAddress, ...] = ()


def expiring(at: datetime, *, within: timedelta = WINDOW) -> list[Due]:
    """What ends, or has just ended, without a successor for the same address."""
    found = reminders.ending(begin=at - TOLD_FOR, end=at + within)
    latest = reminders.successors(row for _, row in found)
    ours = {row.certificate.fingerprint: row.id for row in _authorities(at)}
    public = {one.row.fingerprint for one in publishing.by_fingerprints(_own(found), at)}
    return [
        Due(
            kind=Kind(kind),
            row=row,
            step=step if step is not None else within.days,
            authority=ours.get(row.fingerprint),
            published=row.fingerprint in public,
        )
        for kind, row in found
        if not _is_replaced(row, latest)
        for step in [step_today(row.not_after, at)]
    ]


def overdue_lists(at: datetime) -> tuple[OverdueList, ...]:
    """Of authorities that still work; the others issue none any more."""
    lists = authorities.last_lists()
    working = [(row, lists[row.id]) for row in _authorities(at) if row.id in lists]
    return tuple(
        OverdueList(
            authority=row.id,
            name=row.name,
            digest=hashlib.sha256(last.der).hexdigest(),
            next_update=last.next_update,
        )
        for row, last in working
        if last.next_update <= at
    )


def remind(site: Site, at: datetime) -> int:
    """One round; how many mails the next hop took. Safe to run again at any time."""
    sender = site.notices_from
    if sender is None:
        return 0
    news = _news(at)
    managers = _managers(at)
    known = reminders.told(each.about for each in news)
    for recipient, mine in _by_recipient(news, managers).items():
        new = [each for each in mine if (each.about, each.step, recipient) not in known]
        if new and _may_be_told(recipient, at):
            letter = reminder_letter(
                site.language,
                [each.ending for each in new],
                at,
                page=_page(site, recipient in managers),
            )
            _plan(site, sender, recipient, letter, new, at)
    return _send_planned(site, sender, at)


def _news(at: datetime) -> list[_News]:
    due = expiring(at)
    known = accounts.known(link.address for each in due for link in each.row.links)
    overdue = (
        _News(
            about=each.digest,
            step=0,
            ending=Ending(whose=Whose.LIST, name=each.name, not_after=each.next_update),
        )
        for each in overdue_lists(at)
    )
    return [*(_of_due(each, known) for each in due), *overdue]


def _of_due(due: Due, known: Known) -> _News:
    whose = Whose(due.kind.value) if due.authority is None else Whose.OUR_AUTHORITY
    found = (known.owner(link.address) for link in due.row.links if due.kind is Kind.OWN)
    return _News(
        about=due.row.fingerprint,
        step=due.step,
        ending=Ending(
            whose=whose, name=due.name, not_after=due.row.not_after, published=due.published
        ),
        owners=tuple(known.rows[owner].address for owner in found if owner is not None),
    )


def _authorities(at: datetime) -> list[_Working]:
    """Those of ours whose certificate is here, and has not ended long ago."""
    return [
        _Working(id=row.id, name=row.name, certificate=row.certificate)
        for row in authorities.all_rows()
        if row.certificate is not None and row.certificate.not_after > at - TOLD_FOR
    ]


def _own(found: Iterable[tuple[str, CertificateRow]]) -> Iterator[str]:
    return (row.fingerprint for kind, row in found if kind == Kind.OWN)


def _page(site: Site, manages: bool) -> str:
    """Where to do something about it; "" where nobody said how people reach the pages."""
    if not site.pages_at:
        return ""
    return f"{site.pages_at}/expiry/" if manages else f"{site.pages_at}/certificates/"


def _is_replaced(row: CertificateRow, latest: Mapping[str, datetime]) -> bool:
    """Every address that it is used for has another certificate that lasts longer."""
    addresses = [str(link.address) for link in row.links]
    return bool(addresses) and all(latest[a] > row.not_after for a in addresses if a in latest)


def _by_recipient(news: Iterable[_News], managers: Iterable[str]) -> dict[str, list[_News]]:
    """Owners hear of their own; who looks after certificates, of everything."""
    told: dict[str, list[_News]] = {}
    for each in news:
        owners = sorted({str(owner) for owner in each.owners})
        for recipient in dict.fromkeys((*owners, *managers)):
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


def _plan(
    site: Site,
    sender: EmailAddress,
    recipient: str,
    letter: Letter,
    news: list[_News],
    at: datetime,
) -> None:
    to = EmailAddress.parse(recipient)
    raw = written(site, sender, to, letter.subject, letter.text, at)
    try:
        reminders.plan(recipient, raw, {(each.about, each.step) for each in news}, at=at)
    except Conflict:
        log.info("a reminder was planned by another worker")


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
