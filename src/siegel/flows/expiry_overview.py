"""What ends within some weeks, and what to do about each: for the page and for calendars (C11)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.flows import checklists
from siegel.flows.expiring import Due, OverdueList, expiring, overdue_lists
from siegel.policy.expiry import OVERVIEW, Todo
from siegel.policy.roles import Role
from siegel.store.models.listing import Kind
from siegel.store.queries import account_list

MOST_ACCOUNTS = 200  # of one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """One end. ``mark`` stays the same for the same end; ``fingerprint`` "" where it is no
    certificate; ``number``: of the authority or checklist; ``address``: whom to ask."""

    todo: Todo
    name: str
    ends_at: datetime
    mark: str
    fingerprint: str = ""
    number: int | None = None
    address: str = ""
    published: bool = False


def overview(at: datetime, *, within: timedelta = OVERVIEW) -> tuple[Ends, ...]:
    """Everything, the next end first of each kind; a fixed number of queries."""
    found = (
        *(_of_list(each) for each in overdue_lists(at)),
        *(_of_due(each) for each in expiring(at, within=within)),
        *_uploads(at, within),
    )
    order = list(Todo)
    return tuple(sorted(found, key=lambda e: (order.index(e.todo), e.ends_at, e.name)))


def of_person(
    person: EmailAddress, roles: Collection[Role], at: datetime, *, within: timedelta
) -> tuple[Ends, ...]:
    """What this person may see: who looks after certificates, everything; others, the certificates
    of the accounts they work with."""
    every = overview(at, within=within)
    if not {Role.CERTIFICATE_MANAGER, Role.ADMINISTRATOR}.isdisjoint(roles):
        return every
    mine = account_list.page(at=at, visible_to=person, limit=MOST_ACCOUNTS)
    addresses = {str(account.address) for account in mine}
    return tuple(each for each in every if each.todo is Todo.RENEW and each.address in addresses)


def _of_due(due: Due) -> Ends:
    todo = {Kind.OWN: Todo.RENEW, Kind.PARTNER: Todo.ASK}.get(due.kind, Todo.SUCCESSOR)
    address = next((str(link.address) for link in due.row.links), "")
    return Ends(
        todo=Todo.AUTHORITY if due.authority is not None else todo,
        name=due.name,
        ends_at=due.row.not_after,
        mark=due.row.fingerprint,
        fingerprint=due.row.fingerprint,
        number=due.authority,
        address=address,
        published=due.published,
    )


def _of_list(overdue: OverdueList) -> Ends:
    return Ends(
        todo=Todo.LIST,
        name=overdue.name,
        ends_at=overdue.next_update,
        mark=overdue.digest,
        number=overdue.authority,
    )


def _uploads(at: datetime, within: timedelta) -> Iterator[Ends]:
    """One for each list of an authority, however many of its steps are due."""
    first: dict[int, checklists.DueStep] = {}
    for step in checklists.due(at):
        known = first.get(step.checklist.id)
        if known is None or step.by_day < known.by_day:
            first[step.checklist.id] = step
    for number, step in first.items():
        if step.by_day <= at + within:
            yield Ends(
                todo=Todo.UPLOAD,
                name=step.checklist.title,
                ends_at=step.by_day,
                mark=f"checklist-{number}-{step.by_day:%Y%m%d}",
                number=number,
                address=str(step.checklist.account),
            )


def grouped(found: Iterable[Ends]) -> dict[Todo, tuple[Ends, ...]]:
    """By what to do, in its order; nothing that is empty."""
    every = tuple(found)
    groups = ((todo, tuple(each for each in every if each.todo is todo)) for todo in Todo)
    return {todo: mine for todo, mine in groups if mine}
