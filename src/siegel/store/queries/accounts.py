"""Mail accounts, their aliases and delegations, and who may send as whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.store.models import AccountAddress, MailAccount
from siegel.store.models.account import Grant
from siegel.store.rows import AccountRow
from siegel.store.text import clean
from siegel.store.transaction import conflicting

__all__ = [
    "Grant",
    "Known",
    "add",
    "entitled",
    "get",
    "grant",
    "known",
    "list_all",
    "rename",
    "set_active",
    "withdraw",
]


def add(address: EmailAddress, *, at: datetime, display_name: str = "") -> AccountRow:
    """A new account; ``Conflict`` if the address is an account or an alias already."""
    if AccountAddress.objects.filter(address=str(address), kind=Grant.ALIAS).exists():
        raise Conflict(f"{address} is an alias of another account")
    with conflicting(f"there is an account {address} already"):
        MailAccount.objects.create(
            address=str(address), display_name=clean(display_name, 500), added_at=at
        )
    return get(address)


def get(address: EmailAddress) -> AccountRow:
    """The account whose own address this is."""
    account = MailAccount.objects.prefetch_related("granted").filter(address=str(address)).first()
    if account is None:
        raise NotFound(f"no account {address}")
    return _row(account)


def list_all() -> tuple[AccountRow, ...]:
    accounts = MailAccount.objects.prefetch_related("granted").order_by("address")
    return tuple(_row(account) for account in accounts)


def set_active(address: EmailAddress, active: bool) -> None:
    if not MailAccount.objects.filter(address=str(address)).update(active=active):
        raise NotFound(f"no account {address}")


def rename(address: EmailAddress, display_name: str) -> None:
    changed = MailAccount.objects.filter(address=str(address))
    if not changed.update(display_name=clean(display_name, 500)):
        raise NotFound(f"no account {address}")


def grant(
    account: EmailAddress, address: EmailAddress, kind: Grant, *, by: str, at: datetime
) -> None:
    """Let ``account`` use ``address`` too; ``Conflict`` for an alias that is somebody else's."""
    found = MailAccount.objects.filter(address=str(account)).first()
    if found is None:
        raise NotFound(f"no account {account}")
    if kind is Grant.ALIAS and MailAccount.objects.filter(address=str(address)).exists():
        raise Conflict(f"{address} is an account of its own; grant it as a delegation")
    with conflicting(f"{address} is granted already"):
        AccountAddress.objects.create(
            account=found, address=str(address), kind=kind, granted_by=clean(by, 400), granted_at=at
        )


def withdraw(account: EmailAddress, address: EmailAddress) -> None:
    granted = AccountAddress.objects.filter(account__address=str(account), address=str(address))
    if not granted.delete()[0]:
        raise NotFound(f"{address} is not granted to {account}")


def entitled(envelope_from: EmailAddress | None, sender: EmailAddress) -> bool:
    """May whoever sends as ``envelope_from`` (MAIL FROM) write ``sender`` into From?

    The account of ``envelope_from`` – its own address or an alias – may use its address, aliases
    and delegations. Behind a delegated address stand several people: it vouches for itself only.
    """
    if envelope_from is None:
        return False
    return known((envelope_from, sender)).entitled(envelope_from, sender)


@dataclass(slots=True)
class Known:
    """Active accounts behind some addresses, by number: who owns an address (own or alias), and to
    whom it is delegated."""

    rows: dict[int, AccountRow] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    delegates: dict[str, set[int]] = field(default_factory=dict)

    def owner(self, address: EmailAddress) -> int | None:
        """The account whose own address or alias this is."""
        return self.owners.get(str(address))

    def entitled(self, envelope_from: EmailAddress, sender: EmailAddress) -> bool:
        account = self.owner(envelope_from)
        may_send_as = self.delegates.get(str(sender), set())
        if account is None:
            return sender == envelope_from and bool(may_send_as)
        return self.owner(sender) == account or account in may_send_as


def known(addresses: Iterable[EmailAddress]) -> Known:
    """One query for all: which active accounts own the addresses or may send as them."""
    asked = {str(address) for address in addresses}
    found = Known()
    rows = (
        MailAccount.objects.filter(
            Q(address__in=asked) | Q(granted__address__in=asked), active=True
        )
        .values_list(
            "id", "address", "display_name", "added_at", "granted__address", "granted__kind"
        )
        .order_by("id")
    )
    for id_, address, display_name, added_at, granted, kind in rows:
        found.owners[address] = id_
        found.rows[id_] = AccountRow(
            address=EmailAddress.parse(address),
            display_name=display_name,
            active=True,
            added_at=added_at,
        )
        if granted in asked and kind == Grant.ALIAS:
            found.owners[granted] = id_
        elif granted in asked:
            found.delegates.setdefault(granted, set()).add(id_)
    return found


def _row(account: MailAccount) -> AccountRow:
    granted: Mapping[str, list[EmailAddress]] = {Grant.ALIAS: [], Grant.DELEGATION: []}
    for each in sorted(account.granted.all(), key=lambda row: row.address):
        granted[each.kind].append(EmailAddress.parse(each.address))
    return AccountRow(
        address=EmailAddress.parse(account.address),
        display_name=account.display_name,
        active=account.active,
        added_at=account.added_at,
        aliases=tuple(granted[Grant.ALIAS]),
        delegations=tuple(granted[Grant.DELEGATION]),
    )
