"""What the pages of writing show: a draft to four people, each with another reason, and a text."""

from siegel.base.address import EmailAddress
from siegel.flows import drafts, signature_texts
from siegel.flows.drafts import Upload, Written
from siegel.store.queries.drafts import DraftKind
from tests.flows.office import ALICE, HUBER, UNKNOWN, Office

WRITER = EmailAddress.parse("mira@office.example")
_TEXT = """Sehr geehrte Frau Huber,

anbei erhalten Sie die unterschriebenen Anwesenheitslisten für September. Damit sind die Nachweise
für alle drei Personen vollständig.

Mit freundlichen Grüßen
Mira Köhler
"""


def furnish_drafts(office: Office) -> dict[str, str]:
    """After ``scenery.engage_colleagues``: Mira writes for Alice's account."""
    written = Written(
        sender=ALICE.address,
        to=(
            f'"Petra Huber" <{HUBER.address}>',
            "emil@office.example",
            f'"Yusuf Demir" <{UNKNOWN}>',
        ),
        subject="Anwesenheitslisten September, Kurs 2026/11",
        text=_TEXT,
    )
    draft = drafts.start(written, WRITER, DraftKind.NEW, None, office.site, at=office.at)
    file = Upload(name="Listen_September.pdf", media_type="application/pdf", octets=b"%PDF" * 9000)
    drafts.attach(draft.id, file, WRITER, office.site)
    text = signature_texts.put(
        EmailAddress.parse(ALICE.address),
        "Kursverwaltung",
        "Kursverwaltung, Zimmer 12\nTelefon 09171 81-0",
        WRITER,
        by_default=True,
        by="test",
        at=office.at,
    )
    return {"draft": str(draft.id), "signature_text": str(text)}
