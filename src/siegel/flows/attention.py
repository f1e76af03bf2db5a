"""What waits for a person, for the first page: how many of each kind, and what is urgent first.

Only numbers are gathered, with a fixed number of queries; the pages behind say which.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.flows import unknown_roots
from siegel.flows.health import SOON
from siegel.flows.public_roots import in_force
from siegel.policy import root_lists
from siegel.store.queries import account_list, attention, figures
from siegel.store.rows import AccountListing
from siegel.transport.envelope import Role

OWN_ACCOUNTS_SHOWN = 6  # on the first page; all of them are on their own


class Matter(StrEnum):
    """Kinds of things that wait; the order is that of the page."""

    GATEWAY_SILENT = "gateway_silent"
    ENDED = "ended"
    ENDING = "ending"
    LOCKED = "locked"
    NO_ACCOUNT = "no_account"
    KEY_CHANGES = "key_changes"
    UNKNOWN_ROOTS = "unknown_roots"
    PENDING = "pending"
    ROOTS_OLD = "roots_old"
    NOTHING_YET = "nothing_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """``number``: how many; for ROOTS_OLD how many days, for GATEWAY_SILENT how many ports."""

    matter: Matter
    number: int


def of_the_house(at: datetime) -> tuple[Waiting, ...]:
    """For those who look after certificates and trust."""
    ended, ending = attention.endings(at=at, until=at + SOON)
    return _kept(
        {
            Matter.ENDED: ended,
            Matter.ENDING: ending,
            Matter.LOCKED: attention.locked_files(),
            Matter.NO_ACCOUNT: attention.addresses_without_account(),
            Matter.KEY_CHANGES: figures.open_alerts(),
            Matter.UNKNOWN_ROOTS: len(unknown_roots.inbox(at)),
            Matter.PENDING: figures.pending_certificates(),
            Matter.NOTHING_YET: int(not attention.has_certificates()),
        }
    )


def of_the_installation(listening: Mapping[Role, bool], at: datetime) -> tuple[Waiting, ...]:
    """For administrators, besides."""
    published_at = in_force(at).published_at
    age = (at - published_at).days if root_lists.is_old(published_at, at) else 0
    silent = sum(not answers for answers in listening.values())
    return _kept({Matter.GATEWAY_SILENT: silent, Matter.ROOTS_OLD: age})


def of_person(accounts: tuple[AccountListing, ...], at: datetime) -> tuple[Waiting, ...]:
    """For everybody else: their own accounts."""
    addresses = [account.address for account in accounts if account.active]
    ended, ending = attention.endings(at=at, until=at + SOON, among=addresses)
    return _kept({Matter.ENDED: ended, Matter.ENDING: ending})


def accounts_of(person: EmailAddress, at: datetime) -> tuple[AccountListing, ...]:
    return account_list.page(at=at, visible_to=person, limit=OWN_ACCOUNTS_SHOWN)


def by_urgency(*found: tuple[Waiting, ...]) -> tuple[Waiting, ...]:
    rank = {matter: place for place, matter in enumerate(Matter)}
    return tuple(sorted((one for some in found for one in some), key=lambda w: rank[w.matter]))


def _kept(numbers: Mapping[Matter, int]) -> tuple[Waiting, ...]:
    return tuple(_waiting(numbers))


def _waiting(numbers: Mapping[Matter, int]) -> Iterator[Waiting]:
    for matter, number in numbers.items():
        if number:
            yield Waiting(matter=matter, number=number)
