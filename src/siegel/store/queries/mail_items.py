"""Messages of accounts as lists and pages need them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.policy.message_state import MessageState
from siegel.store.mail_rows import ItemRow
from siegel.store.models import MailItem


def get(id_: int) -> ItemRow:
    found = rows(MailItem.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no message {id_}")
    return found[0]


def by_message_id(account: EmailAddress, message_id: str) -> tuple[ItemRow, ...]:
    asked = MailItem.objects.filter(account__address=str(account), message_id=message_id)
    return rows(asked.order_by("id"))


def set_state(
    id_: int, state: MessageState, *, preview: str, sealed: bytes, attachments: int
) -> None:
    """What a later look has shown; the line says what the newest judgement says."""
    MailItem.objects.filter(pk=id_).update(
        state=state, preview=preview, sealed=sealed, attachments=attachments
    )


def get_all(ids: Iterable[int]) -> tuple[ItemRow, ...]:
    return rows(MailItem.objects.filter(pk__in=list(ids)))


def accounts_of(ids: Iterable[int]) -> dict[int, EmailAddress]:
    """Whose they are; what is not there is left out. One query."""
    asked = MailItem.objects.filter(pk__in=list(ids)).values_list("pk", "account__address")
    return {item: EmailAddress.parse(address) for item, address in asked}


def rows(asked: QuerySet[MailItem]) -> tuple[ItemRow, ...]:
    """For the queries of this package."""
    return tuple(
        ItemRow(
            id=row.pk,
            account=EmailAddress.parse(row.account.address),
            sha256=row.stored.sha256,
            conversation=row.conversation_id,
            message_id=row.message_id,
            sent_at=row.sent_at,
            received_at=row.received_at,
            from_address=row.from_address,
            from_name=row.from_name,
            to_names=row.to_names,
            subject=row.subject,
            preview=row.preview,
            sealed=bytes(row.sealed),
            attachments=row.attachments,
            size=row.size,
            state=MessageState(row.state),
            outgoing=row.outgoing,
        )
        for row in asked.select_related("account", "stored")
    )
