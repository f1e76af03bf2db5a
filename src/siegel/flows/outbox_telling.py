"""What the writer of a message is told of its way: a mail into his own inbox, by no detour.

Nothing is sent for it, so it arrives even when nothing can be sent. It says who and why (in spirit
RFC 3464, in words for people); the same news is told once.
"""

from collections.abc import Sequence
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows import notices, outbox_filing
from siegel.flows.site import Site
from siegel.mime.build import field
from siegel.store.outbox_rows import OutboxRow
from siegel.store.queries import users
from siegel.store.queries.mail_folders import FolderRole
from siegel.wording.outbox_letters import News, Undelivered, outbox_letter
from siegel.wording.words import Language


def tell(
    row: OutboxRow, news: News, recipients: Sequence[Undelivered], site: Site, *, at: datetime
) -> None:
    """A message about ``row`` into the inbox of its account; the same news of one try once."""
    letter = outbox_letter(
        language_of(row.user, site, at), news, row.subject, recipients, row.reasons
    )
    message_id = f"<outbox-{row.id}-{news}-{row.attempts}@{site.hostname}>"
    raw = notices.written(
        site, writer(site, row.account), row.account, letter.subject, letter.text, at, message_id
    )
    raw = field("References", row.message_id) + raw
    outbox_filing.put(row.account, FolderRole.INBOX, message_id, raw, site, seen=False, at=at)


def language_of(user: EmailAddress | None, site: Site, at: datetime) -> Language:
    """What the writer wants to read; else the language of the house."""
    chosen = users.find(user, at=at).language if user else ""
    return Language(chosen) if chosen in list(Language) else site.language


def writer(site: Site, account: EmailAddress) -> EmailAddress:
    """Who such a message comes from."""
    if site.notices_from is not None:
        return site.notices_from
    try:
        return EmailAddress.parse(f"mailer-daemon@{site.hostname}")
    except MalformedAddress:
        return account
