"""Messages of accounts that no key opened yet."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from siegel.base.address import EmailAddress
from siegel.policy.message_state import MessageState
from siegel.store.mail_rows import ItemRow
from siegel.store.models import KeyBinding, MailItem
from siegel.store.queries import mail_items


def closed(accounts: Iterable[EmailAddress], *, limit: int) -> tuple[ItemRow, ...]:
    """Of these accounts, the newest first, that a key has come for."""
    named = [str(account) for account in accounts]
    return mail_items.rows(_with_a_new_key().filter(account__address__in=named)[:limit])


def due(*, limit: int) -> tuple[ItemRow, ...]:
    """Of all accounts."""
    return mail_items.rows(_with_a_new_key()[:limit])


def looked_at(item: int, *, at: datetime) -> None:
    """It is closed still; the next key of its account makes it due again."""
    MailItem.objects.filter(pk=item).update(tried_at=at)


def follow(sha256: str, accounts: Iterable[str], state: MessageState) -> None:
    """The lines of this message say what a newer judgement says. What is closed stays so until it
    is opened: then more than its state is new."""
    asked = MailItem.objects.filter(stored__sha256=sha256, account__address__in=list(accounts))
    asked.exclude(state=MessageState.KEY_MISSING.value).update(state=state.value)


def _with_a_new_key() -> QuerySet[MailItem]:
    """Closed, and a key was bound to the account since somebody looked."""
    newer = KeyBinding.objects.filter(
        account=OuterRef("account"), bound_at__gte=OuterRef("since_when")
    )
    asked = MailItem.objects.filter(state=MessageState.KEY_MISSING.value)
    since = Coalesce("tried_at", "filed_at")
    return asked.annotate(since_when=since).filter(Exists(newer)).order_by("-id")
