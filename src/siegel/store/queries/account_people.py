"""Who works with a mail account, in which capacity and until when."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.policy.access import Capacity, Standing
from siegel.store.models import AccountPerson, MailAccount, User
from siegel.store.models.account import Grant
from siegel.store.rows import AccountPersonRow
from siegel.store.text import clean


def admit(
    account: EmailAddress, user: EmailAddress, standing: Standing, *, by: str, at: datetime
) -> None:
    """Put the person on the account, or change how; ``NotFound`` if one of them does not exist."""
    AccountPerson.objects.update_or_create(
        account=_account(account),
        user=_user(user),
        defaults={
            "capacity": standing.capacity,
            "since": standing.since,
            "until": standing.until,
            "added_by": clean(by, 400),
            "added_at": at,
        },
    )


def remove(account: EmailAddress, user: EmailAddress) -> None:
    found = AccountPerson.objects.filter(account__address=str(account), user__email=str(user))
    if not found.delete()[0]:
        raise NotFound(f"{user} does not work with {account}")


def of_account(account: EmailAddress) -> tuple[AccountPersonRow, ...]:
    """Everybody, deputies of the past and of the future too; owners first."""
    rows = map(_row, _people().filter(account__address=str(account)))
    return tuple(sorted(rows, key=lambda row: (_RANK[row.standing.capacity], row.user)))


def of_accounts(accounts: Iterable[EmailAddress]) -> tuple[AccountPersonRow, ...]:
    """Everybody of some accounts, as ``of_account``; one query."""
    addresses = [str(each) for each in accounts]
    rows = _people().filter(account__address__in=addresses)
    return tuple(map(_row, rows.order_by("user__display_name", "user__email")))


def of_user(user: EmailAddress) -> tuple[AccountPersonRow, ...]:
    """The accounts somebody works with, by address."""
    return tuple(map(_row, _people().filter(user__email=str(user)).order_by("account__address")))


def standing(account: EmailAddress, user: EmailAddress) -> Standing | None:
    """How an active person stands to the account; None: not at all."""
    row = (
        _people()
        .filter(account__address=str(account), user__email=str(user), user__is_active=True)
        .first()
    )
    return None if row is None else _row(row).standing


def addresses_of(user: EmailAddress, *, at: datetime) -> frozenset[EmailAddress]:
    """Addresses and aliases of the active accounts that an active person works with now."""
    rows = AccountPerson.objects.filter(
        Q(until=None) | Q(until__gt=at),
        since__lte=at,
        user__email=str(user),
        user__is_active=True,
        account__active=True,
    ).values_list("account__address", "account__granted__address", "account__granted__kind")
    found = {own for own, _, _ in rows} | {alias for _, alias, kind in rows if kind == Grant.ALIAS}
    return frozenset(map(EmailAddress.parse, found))


def left_alone_without(user: EmailAddress, *, at: datetime) -> tuple[EmailAddress, ...]:
    """Accounts that nobody would work with any more if this person went."""
    at_work = AccountPerson.objects.filter(
        Q(until=None) | Q(until__gt=at), since__lte=at, user__is_active=True
    )
    mine = at_work.filter(user__email=str(user))
    others = at_work.exclude(user__email=str(user))
    alone = mine.exclude(account__in=others.values("account")).order_by("account__address")
    return tuple(map(EmailAddress.parse, alone.values_list("account__address", flat=True)))


_RANK = {capacity: rank for rank, capacity in enumerate(Capacity)}


def _people() -> QuerySet[AccountPerson]:
    return AccountPerson.objects.select_related("account", "user")


def _account(address: EmailAddress) -> MailAccount:
    found = MailAccount.objects.filter(address=str(address)).first()
    if found is None:
        raise NotFound(f"no account {address}")
    return found


def _user(email: EmailAddress) -> User:
    found = User.objects.filter(email=str(email)).first()
    if found is None:
        raise NotFound(f"no user {email}")
    return found


def _row(person: AccountPerson) -> AccountPersonRow:
    return AccountPersonRow(
        account=EmailAddress.parse(person.account.address),
        account_name=person.account.display_name,
        user=EmailAddress.parse(person.user.email),
        user_name=person.user.display_name,
        active=person.user.is_active,
        standing=Standing(
            capacity=Capacity(person.capacity), since=person.since, until=person.until
        ),
        added_by=person.added_by,
        added_at=person.added_at,
    )
