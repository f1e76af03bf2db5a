"""Mail for the pages: filed for an account, as it came."""

from siegel.base.address import EmailAddress
from siegel.flows import filing
from siegel.flows.filing import Arrival
from siegel.store.mail_rows import Flags, ItemRow
from siegel.store.queries import mail_folders, mail_items
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.office import ALICE, Office

ALICES = EmailAddress.parse(ALICE.address)


def filed(office: Office, raw: bytes, *, seen: bool = False, uid: int | None = None) -> ItemRow:
    """In Alice's inbox."""
    folder = mail_folders.ensure(ALICES, "INBOX", role=FolderRole.INBOX)
    arrival = Arrival(
        account=ALICES,
        folder=folder.id,
        raw=raw,
        received_at=office.at,
        uid=uid,
        flags=Flags(seen=seen),
    )
    return mail_items.get(filing.file(arrival, office.site, at=office.at))


def html_mail(html: str, *, sender: str, subject: str = "Betreff", extra: str = "") -> bytes:
    header = (
        f"From: <{sender}>\r\nTo: <{ALICE.address}>\r\nSubject: {subject}\r\n"
        f"Message-ID: <{subject}@test.example>\r\n{extra}MIME-Version: 1.0\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
    )
    return f"{header}\r\n{html}\r\n".encode()
