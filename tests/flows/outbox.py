"""Letters for tests of the outbox: Mira writes for the account of Alice."""

from email.utils import format_datetime
from itertools import count

from siegel.base.address import EmailAddress
from siegel.flows.outbox import Letter
from siegel.policy.access import Capacity, Standing
from siegel.store.models import User
from siegel.store.queries import account_people
from tests.flows.office import ALICE, Office
from tests.world import WORLD_NOW

MIRA = EmailAddress.parse("mira@office.example")
ALICES = EmailAddress.parse(ALICE.address)
_NUMBERS = count(1)


def outbox_office(office: Office) -> Office:
    """Mira works with Alice's account."""
    User.objects.get_or_create(email=str(MIRA), defaults={"created_at": office.at})
    standing = Standing(capacity=Capacity.OWNER, since=office.at, until=None)
    account_people.admit(ALICES, MIRA, standing, by="test", at=office.at)
    return office


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
