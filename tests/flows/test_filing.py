"""Messages filed for an account: opened, judged, kept, and found again."""

import pytest

from siegel.base.address import EmailAddress
from siegel.flows import filing, mail_facts
from siegel.flows.filing import Arrival
from siegel.policy.message_state import MessageState
from siegel.store.mail_rows import Flags
from siegel.store.queries import mail_filing, mail_folders, mail_items
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.office import ALICE, HUBER, Office, encrypted_bytes, mail, signed_by, signed_bytes

ALICES = EmailAddress.parse(ALICE.address)


def _file(office: Office, raw: bytes, *, uid: int | None = None, seen: bool = False) -> int:
    folder = mail_folders.ensure(ALICES, "INBOX", role=FolderRole.INBOX)
    arrival = Arrival(
        account=ALICES,
        folder=folder.id,
        raw=raw,
        received_at=office.at,
        uid=uid,
        flags=Flags(seen=seen),
    )
    return filing.file(arrival, office.site, at=office.at)


def _inbox(office: Office) -> tuple[int, int]:
    row = mail_folders.ensure(ALICES, "INBOX", role=FolderRole.INBOX)
    return row.total, row.unread


@pytest.mark.requirement("A79")
def test_a_signed_message_is_checked_when_it_is_filed(office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address, text="Guten Tag"))

    item = mail_items.get(_file(office, raw))

    assert item.state is MessageState.VERIFIED
    assert item.preview == "Guten Tag"
    assert item.from_address == HUBER.address


def test_what_was_encrypted_lies_sealed_and_is_shown_to_readers(office: Office) -> None:
    raw = encrypted_bytes(
        signed_by(HUBER, mail(HUBER.address, ALICE.address, text="Geheimes")), ALICE
    )

    item = mail_items.get(_file(office, raw))

    assert item.state is MessageState.CONFIDENTIAL
    assert item.preview == ""
    assert b"Geheimes" not in item.sealed
    assert mail_facts.inside_of(item, office.site.vault).preview == "Geheimes"


def test_the_same_octets_again_are_the_same_message(office: Office) -> None:
    raw = mail(HUBER.address, ALICE.address)

    first, second = _file(office, raw, uid=7), _file(office, raw, uid=7)

    assert first == second
    assert _inbox(office) == (1, 1)


def test_a_copy_under_another_uid_is_another_place_of_the_same_message(office: Office) -> None:
    raw = mail(HUBER.address, ALICE.address)

    assert _file(office, raw, uid=7) == _file(office, raw, uid=8, seen=True)
    assert _inbox(office) == (2, 1)


def test_an_answer_joins_the_conversation(office: Office) -> None:
    one = mail(HUBER.address, ALICE.address, extra="Message-ID: <one@x>\r\n")
    two = mail(ALICE.address, HUBER.address, extra="References: <one@x>\r\n")

    first, second = mail_items.get(_file(office, one)), mail_items.get(_file(office, two))

    assert first.conversation == second.conversation
    assert second.outgoing


def test_a_message_moves_with_its_figures(office: Office) -> None:
    item = _file(office, mail(HUBER.address, ALICE.address), uid=7)
    trash = mail_folders.ensure(ALICES, "Trash", role=FolderRole.TRASH)
    (place,) = mail_filing.places_of([item])

    mail_filing.move([place.id], trash.id)

    assert _inbox(office) == (0, 0)
    assert mail_folders.get(trash.id).unread == 1
    assert mail_filing.places_of([item])[0].uid is None
