"""What keeping a mailbox and its mail server in step needs of the store."""

from collections.abc import Iterable

from siegel.base.address import EmailAddress
from siegel.store.models import Mailbox
from siegel.store.models.mailbox import MailboxKind


def filed_here(accounts: Iterable[EmailAddress]) -> frozenset[EmailAddress]:
    """Those whose mail the gateway files; one query."""
    asked = Mailbox.objects.filter(
        kind=MailboxKind.GATEWAY, account__address__in={str(each) for each in accounts}
    )
    found = asked.values_list("account__address", flat=True)
    return frozenset(EmailAddress.parse(address) for address in found)
