"""Lines below messages: of one account, for everybody who writes there."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.store.models import MailAccount, SignatureText
from siegel.store.text import clean
from siegel.store.transaction import conflicting
from siegel.store.writing_rows import SignatureTextRow

LONGEST = 4000  # characters of one text
MOST = 20  # texts of one account


def of_accounts(accounts: Iterable[EmailAddress]) -> tuple[SignatureTextRow, ...]:
    """By account and name; one query."""
    asked = SignatureText.objects.filter(account__address__in=[str(each) for each in accounts])
    return _rows(asked.order_by("account__address", "name"))


def get(id_: int) -> SignatureTextRow:
    found = _rows(SignatureText.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no signature text {id_}")
    return found[0]


def put(
    account: EmailAddress,
    name: str,
    text: str,
    *,
    by_default: bool,
    by: str,
    at: datetime,
    id_: int | None = None,
) -> int:
    """A new text, or another wording of ``id_``; only one of an account is the default one.

    Raises ``Conflict`` for a name that another text of the account has.
    """
    owner = MailAccount.objects.get(address=str(account))
    with conflicting(f"there is a text {name} already"), transaction.atomic():
        if by_default:
            SignatureText.objects.filter(account=owner).update(by_default=False)
        row = SignatureText(pk=id_, account=owner, name=clean(name, 200))
        row.text, row.by_default = clean(text, LONGEST), by_default
        row.changed_by, row.changed_at = clean(by, 400), at
        row.save()
    return row.pk


def remove(id_: int) -> None:
    SignatureText.objects.filter(pk=id_).delete()


def _rows(asked: QuerySet[SignatureText]) -> tuple[SignatureTextRow, ...]:
    return tuple(
        SignatureTextRow(
            id=row.pk,
            account=EmailAddress.parse(row.account.address),
            name=row.name,
            text=row.text,
            by_default=row.by_default,
            changed_by=row.changed_by,
            changed_at=row.changed_at,
        )
        for row in asked.select_related("account")
    )
