"""Mail of accounts put straight into the rows, quickly and in any number."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from siegel.base.address import EmailAddress
from siegel.policy.access import Capacity, Standing
from siegel.policy.message_state import MessageState
from siegel.store import models
from siegel.store.mail_rows import Flags
from siegel.store.models.mailbox import MailboxKind
from siegel.store.queries import account_people, mail_filing, mail_folders
from siegel.store.queries.mail_folders import FolderRole

_numbers = count(1)
AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Post:
    """``at``: now. What is filled is as many minutes old as its number from the end."""

    at: datetime

    def person(self, user: EmailAddress, account: EmailAddress) -> None:
        models.User.objects.get_or_create(
            email=str(user), defaults={"created_at": self.at, "display_name": user.local.title()}
        )
        standing = Standing(capacity=Capacity.MEMBER, since=self.at, until=None)
        account_people.admit(account, user, standing, by="test", at=self.at)

    def mailbox(self, account: EmailAddress, kind: MailboxKind) -> None:
        owner = models.MailAccount.objects.get(address=str(account))
        models.Mailbox.objects.create(
            account=owner, kind=kind, changed_by="test", changed_at=self.at
        )

    def folder(
        self, account: EmailAddress, name: str = "INBOX", role: FolderRole = FolderRole.INBOX
    ) -> int:
        return mail_folders.ensure(account, name, role=role, delimiter="/").id

    def copy(self, item: int, folder: int) -> int:
        return mail_filing.put(folder, item, uid=None, flags=Flags())

    def fill(
        self,
        account: EmailAddress,
        folder: int,
        number: int,
        *,
        uid: int | None = None,
        seen: bool = False,
        **facts: object,
    ) -> list[int]:
        """Conversations of one message each; the newest last. ``facts`` are those of the item."""
        owner = models.MailAccount.objects.get(address=str(account))
        made: list[int] = []
        for start in range(0, number, AT_ONCE):
            ages = range(number - start, max(number - start - AT_ONCE, 0), -1)
            moments = [self.at - timedelta(minutes=age) for age in ages]
            made += self._put(owner, folder, moments, uid, seen, facts)
        mail_folders.count(folder, total=number, unread=0 if seen else number)
        return made

    def _put(
        self,
        owner: models.MailAccount,
        folder: int,
        moments: list[datetime],
        uid: int | None,
        seen: bool,
        facts: dict[str, object],
    ) -> list[int]:
        stored = models.StoredMessage.objects.bulk_create(
            models.StoredMessage(
                sha256=hashlib.sha256(b"%d" % next(_numbers)).hexdigest(), size=1000,
                path="none", direction="inbound", received_at=moment,
                keep_until=datetime(9999, 12, 31, tzinfo=moment.tzinfo),
            )
            for moment in moments
        )  # fmt: skip
        talks = models.Conversation.objects.bulk_create(
            models.Conversation(account=owner, latest_at=moment) for moment in moments
        )
        items = models.MailItem.objects.bulk_create(
            models.MailItem(
                account=owner, stored=kept, conversation=talk, size=1000, filed_at=self.at,
                **_facts(talk.pk, {"received_at": talk.latest_at, **facts}),
            )
            for kept, talk in zip(stored, talks, strict=True)
        )  # fmt: skip
        models.FolderMessage.objects.bulk_create(
            models.FolderMessage(
                folder_id=folder, item=item, conversation_id=item.conversation_id, uid=uid,
                seen=seen,
            )
            for item in items
        )  # fmt: skip
        models.FolderConversation.objects.bulk_create(
            models.FolderConversation(
                folder_id=folder, conversation_id=item.conversation_id, latest_item=item,
                latest_at=item.received_at, messages=1, unread=0 if seen else 1, flagged=0,
                attachments=item.attachments,
            )
            for item in items
        )  # fmt: skip
        return [item.pk for item in items]


def _facts(number: int, given: dict[str, object]) -> dict[str, object]:
    usual: dict[str, object] = {
        "from_address": f"p{number % 500}@viele.example",
        "from_name": f"Person {number % 500}",
        "subject": f"Kursabrechnung {number}",
        "preview": "Guten Tag, vielen Dank für die vollständigen Unterlagen.",
        "attachments": int(number % 10 == 0),
        "state": MessageState.UNPROTECTED,
    }
    return {**usual, **given}
