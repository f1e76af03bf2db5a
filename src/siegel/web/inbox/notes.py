"""What stands above a list: mail that could not leave or waits for a key, mailboxes not read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siegel.base.address import EmailAddress
from siegel.flows import mail_list, outbox
from siegel.flows.outbox import OutboxState
from siegel.store.mail_rows import FolderRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    state: str
    icon: str
    words: str
    address: str = ""
    action: str = ""


def of(folders: Sequence[FolderRow], person: EmailAddress, at: datetime) -> list[Note]:
    accounts = list(dict.fromkeys(row.account for row in folders))
    return [*_stuck(person, at), *_closed(mail_list.closed(accounts)), *_fetched(folders)]


def _stuck(person: EmailAddress, at: datetime) -> Iterator[Note]:
    """What the outbox keeps because it may not leave, or could not be delivered."""
    stuck = outbox.stuck(person, at=at)
    words = {
        OutboxState.HELD: ngettext(
            "One message has not been sent: it is held in the outbox.",
            "%(number)s messages have not been sent: they are held in the outbox.",
            stuck[OutboxState.HELD],
        ),
        OutboxState.FAILED: ngettext(
            "One message could not be delivered.",
            "%(number)s messages could not be delivered.",
            stuck[OutboxState.FAILED],
        ),
    }
    for state, number in stuck.items():
        yield Note(
            state="is-warn",
            icon="warning",
            words=words[state] % {"number": number},
            address=reverse("outbox:list"),
            action=_("To the outbox"),
        )


def _closed(number: int) -> Iterator[Note]:
    if not number:
        return
    words = ngettext(
        "One message cannot be opened yet because its key is missing. It opens by itself once the"
        " key is added.",
        "%(number)s messages cannot be opened yet because their keys are missing. They open by"
        " themselves once the keys are added.",
        number,
    )
    shown = f"{mail_list.MOST_COUNTED}+" if number > mail_list.MOST_COUNTED else str(number)
    yield Note(
        state="is-todo",
        icon="key",
        words=words % {"number": shown},
        address=reverse("certificates:list"),
        action=_("To the certificates"),
    )


def _fetched(folders: Sequence[FolderRow]) -> Iterator[Note]:
    """Mailboxes that are read for the first time, or that cannot be read."""
    for row in mail_list.fetching(list({each.account for each in folders})):
        if row.problem:
            words = _("Mail of %(account)s cannot be fetched at the moment.")
            yield Note(
                state="is-warn",
                icon="warning",
                words=words % {"account": row.account},
                address=_settings(str(row.account)),
                action=_("See why"),
            )
        elif row.synced_at is None:
            here = sum(each.total for each in folders if each.account == row.account)
            words = _("Mail of %(account)s is being fetched: %(number)s messages so far.")
            yield Note(
                state="is-todo",
                icon="clock",
                words=words % {"account": row.account, "number": here},
            )


def _settings(account: str) -> str:
    try:
        return reverse("mailboxes:edit", args=[account])
    except NoReverseMatch:
        return ""
