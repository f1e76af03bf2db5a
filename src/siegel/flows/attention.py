"""What waits for a person, for the first page: how many of each kind, and what is urgent first.

Only numbers are gathered, with a fixed number of queries; the pages behind say which. How the
installation itself is doing is judged in ``health``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.flows import checklists, unknown_roots
from siegel.flows.health import SOON
from siegel.store.queries import account_list, attention, figures
from siegel.store.rows import AccountListing

OWN_ACCOUNTS_SHOWN = 6  # on the first page; all of them are on their own


class Matter(StrEnum):
    """Kinds of things that wait; the order is that of the page."""

    ENDED = "ended"
    ENDING = "ending"
    LOCKED = "locked"
    NO_ACCOUNT = "no_account"
    KEY_CHANGES = "key_changes"
    UNKNOWN_ROOTS = "unknown_roots"
    PENDING = "pending"
    CHECKLISTS = "checklists"
    NOTHING_YET = "nothing_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
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
            Matter.CHECKLISTS: len(checklists.due(at)),
            Matter.NOTHING_YET: int(not attention.has_certificates()),
        }
    )


def of_person(accounts: tuple[AccountListing, ...], at: datetime) -> tuple[Waiting, ...]:
    """For everybody else: their own accounts."""
    addresses = [account.address for account in accounts if account.active]
    ended, ending = attention.endings(at=at, until=at + SOON, among=addresses)
    return _kept({Matter.ENDED: ended, Matter.ENDING: ending})


def accounts_of(person: EmailAddress, at: datetime) -> tuple[AccountListing, ...]:
    return account_list.page(at=at, visible_to=person, limit=OWN_ACCOUNTS_SHOWN)


def _kept(numbers: Mapping[Matter, int]) -> tuple[Waiting, ...]:
    return tuple(_waiting(numbers))


def _waiting(numbers: Mapping[Matter, int]) -> Iterator[Waiting]:
    for matter, number in numbers.items():
        if number:
            yield Waiting(matter=matter, number=number)
