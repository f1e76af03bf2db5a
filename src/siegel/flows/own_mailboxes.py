"""Mailboxes that lie here: what the gateway receives for them is filed, not handed on.

The next hop gets no copy for them. 250 is said only after the message lies in the INBOX; a retry
of the same octets finds it there, wherever its owner has moved it in between.
"""

import errno
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.buffers import Buffer, joined
from siegel.base.errors import MalformedAddress
from siegel.flows.delivery import NoRoom
from siegel.flows.placing import Arrival, place
from siegel.flows.site import Site
from siegel.policy.judging import Judged
from siegel.smime.layers import OpenedMessage
from siegel.store.queries import accounts, mail_due, mail_filing, mail_folders
from siegel.store.queries.mail_folders import FolderRole
from siegel.transport.envelope import MailOptions, RecipientOptions
from siegel.transport.submission import NO_OPTIONS, NO_RECIPIENT_OPTIONS, Receipt

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def behind(recipients: Iterable[str]) -> dict[str, EmailAddress]:
    """Those recipients whose mailbox lies here, each with its account."""
    addresses = {text: _address(text) for text in recipients}
    known = accounts.known(each for each in addresses.values() if each is not None)
    owners: dict[str, EmailAddress] = {}
    for text, address in addresses.items():
        number = known.owner(address) if address is not None else None
        if number is not None:
            owners[text] = known.rows[number].address
    here = mail_due.filed_here(owners.values())
    return {text: account for text, account in owners.items() if account in here}


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """As a next hop: files the message that some recipients see in the same way."""

    accounts: Mapping[str, EmailAddress]
    opened: OpenedMessage
    judged: Judged
    site: Site
    at: datetime

    def submit(
        self,
        sender: str,
        recipients: Sequence[str],
        chunks: Sequence[Buffer],
        *,
        options: MailOptions = NO_OPTIONS,
        recipient_options: Mapping[str, RecipientOptions] = NO_RECIPIENT_OPTIONS,
    ) -> Receipt:
        """Everybody or ``NoRoom``; what was filed before stays, and is recognised."""
        del options, recipient_options
        raw = joined(chunks)
        try:
            for account in dict.fromkeys(self.accounts[each] for each in recipients):
                self._file(account, raw, sender)
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise NoRoom("no room for the message") from error
        return Receipt(accepted=tuple(recipients), refused={})

    def _file(self, account: EmailAddress, raw: bytes, sender: str) -> None:
        if mail_filing.item_of(account, hashlib.sha256(raw).hexdigest()) is not None:
            return
        arrival = Arrival(
            account=account,
            folder=_inbox(account),
            raw=raw,
            received_at=self.at,
            envelope_from=sender,
        )
        place(arrival, self.opened, self.judged, self.site, at=self.at)


def _inbox(account: EmailAddress) -> int:
    found = mail_folders.with_role(account, FolderRole.INBOX)
    return (found or mail_folders.ensure(account, "INBOX", role=FolderRole.INBOX)).id


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except MalformedAddress:
        return None
