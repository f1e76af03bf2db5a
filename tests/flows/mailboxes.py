"""Mailboxes for tests, made as the page would make them."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models import MailAccount, Mailbox
from siegel.store.models.mailbox import MailboxKind, Security
from siegel.store.queries import mail_folders


def lies_here(address: str, *, at: datetime) -> EmailAddress:
    """The gateway files the account's mail from now on."""
    account = EmailAddress.parse(address)
    owner = MailAccount.objects.get(address=address)
    Mailbox.objects.create(
        account=owner, kind=MailboxKind.GATEWAY, changed_by="test", changed_at=at
    )
    mail_folders.ensure_own(account)
    return account


def on_a_server(address: str, *, port: int, user: str, at: datetime) -> EmailAddress:
    """The account's mail lies on an IMAP server of this machine; the password is given apart."""
    Mailbox.objects.create(
        account=MailAccount.objects.get(address=address),
        kind=MailboxKind.IMAP,
        imap_host="127.0.0.1",
        imap_port=port,
        imap_security=Security.NONE,
        imap_user=user,
        changed_by="test",
        changed_at=at,
    )
    return EmailAddress.parse(address)
