"""Letters for tests of the outbox: Mira writes for the account of Alice."""

from datetime import datetime
from email.utils import format_datetime
from itertools import count

from siegel.base.address import EmailAddress
from siegel.flows import outbox_sending
from siegel.flows.outbox import Letter
from siegel.flows.outbox_sending import Hand
from siegel.policy.access import Capacity, Standing
from siegel.store.mail_rows import ItemRow
from siegel.store.models import FolderMessage, User
from siegel.store.queries import account_people, mail_folders, mail_items
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.office import ALICE, Office
from tests.world import WORLD_NOW

MIRA = EmailAddress.parse("mira@office.example")
ALICES = EmailAddress.parse(ALICE.address)
_NUMBERS = count(1)


def outbox_office(office: Office) -> Office:
    """Mira works with Alice's account."""
    let_mira_write(office.at)
    return office


def let_mira_write(at: datetime) -> None:
    User.objects.get_or_create(email=str(MIRA), defaults={"created_at": at})
    standing = Standing(capacity=Capacity.OWNER, since=at, until=None)
    account_people.admit(ALICES, MIRA, standing, by="test", at=at)


def letter(
    *to: str,
    bcc: tuple[str, ...] = (),
    sender: str = ALICE.address,
    account: str = ALICE.address,
    text: str = "Hallo",
    subject: str = "Betreff",
    extra: str = "",
    answers: int | None = None,
    undo: int = 0,
    wait: bool = False,
) -> Letter:
    message_id = f"<letter-{next(_NUMBERS)}@office.example>"
    header = (
        f"From: <{sender}>\r\nTo: {', '.join(f'<{each}>' for each in to)}\r\n"
        f"Subject: {subject}\r\nDate: {format_datetime(WORLD_NOW)}\r\n"
        f"Message-ID: {message_id}\r\n{extra}"
    )
    return Letter(
        account=EmailAddress.parse(account),
        sender=EmailAddress.parse(sender),
        user=MIRA,
        raw=f"{header}\r\n{text}\r\n".encode(),
        recipients=(
            *((EmailAddress.parse(each), "to") for each in to),
            *((EmailAddress.parse(each), "bcc") for each in bcc),
        ),
        subject=subject,
        message_id=message_id,
        answers=answers,
        undo_seconds=undo,
        wait=wait,
    )


def send_all(office: Office) -> None:
    """The worker's rounds of this moment: what is held, what is due, what has to be finished."""
    outbox_sending.look_at_held(office.site, at=office.at)
    while outbox_sending.send_next(office.site, Hand(), at=office.at):
        pass
    while outbox_sending.finish_next(office.site, at=office.at):
        pass


def in_folder(account: EmailAddress, role: FolderRole) -> list[ItemRow]:
    """What lies in that folder of the account, the oldest first."""
    folder = mail_folders.with_role(account, role)
    if folder is None:
        return []
    places = FolderMessage.objects.filter(folder_id=folder.id)
    found = mail_items.get_all(places.values_list("item_id", flat=True))
    return sorted(found, key=lambda item: item.id)
