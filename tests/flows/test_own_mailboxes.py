"""Mail that the gateway receives for mailboxes that lie here."""

import errno
from email import message_from_bytes

import pytest

from siegel.base.address import EmailAddress
from siegel.flows import reopening
from siegel.policy.message_state import MessageState
from siegel.store import raw_files
from siegel.store.mail_rows import FolderRow, ItemRow
from siegel.store.models import Judgement, MailItem
from siegel.store.queries import mail_filing, mail_folders, mail_items, messages
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.mailboxes import lies_here
from tests.flows.office import (
    ALICE,
    BOB,
    HUBER,
    UNKNOWN,
    Office,
    encrypted_bytes,
    mail,
    refusal,
    signed_by,
    signed_bytes,
)

ALICES = EmailAddress.parse(ALICE.address)


def inbox(account: EmailAddress = ALICES) -> FolderRow:
    found = mail_folders.with_role(account, FolderRole.INBOX)
    assert found is not None
    return found


def only_item() -> ItemRow:
    return mail_items.get(MailItem.objects.get().pk)


@pytest.mark.requirement("A79")
def test_mail_is_filed_opened_and_judged_and_no_copy_goes_on(office: Office) -> None:
    lies_here(ALICE.address, at=office.at)
    raw = encrypted_bytes(signed_by(HUBER, mail(HUBER.address, ALICE.address)), ALICE)

    assert office.receive(raw, HUBER.address, ALICE.address).code == 250

    assert office.into.sent == []
    assert (inbox().total, inbox().unread) == (1, 1)
    assert only_item().state is MessageState.CONFIDENTIAL
    assert messages.raw(only_item().sha256) == raw


def test_an_account_without_a_mailbox_gets_its_mail_as_before(office: Office) -> None:
    lies_here(ALICE.address, at=office.at)
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address, BOB.address))

    office.receive(raw, HUBER.address, ALICE.address, BOB.address)

    assert [sent.recipients for sent in office.into.sent] == [(BOB.address,)]
    assert inbox().total == 1


def test_two_mailboxes_that_see_the_same_share_one_judgement(office: Office) -> None:
    lies_here(ALICE.address, at=office.at)
    bobs = lies_here(BOB.address, at=office.at)
    raw = signed_bytes(HUBER, mail(HUBER.address, ALICE.address, BOB.address))

    office.receive(raw, HUBER.address, ALICE.address, BOB.address)

    assert (inbox().total, inbox(bobs).total) == (1, 1)
    assert Judgement.objects.count() == 1


def test_a_ciphertext_for_alice_stays_closed_in_bobs_mailbox(office: Office) -> None:
    lies_here(ALICE.address, at=office.at)
    bobs = lies_here(BOB.address, at=office.at)
    raw = encrypted_bytes(signed_by(HUBER, mail(HUBER.address, ALICE.address)), ALICE)

    office.receive(raw, HUBER.address, ALICE.address, BOB.address)

    rows = {row.account: row.state for row in mail_items.get_all(_numbers())}
    assert rows == {ALICES: MessageState.CONFIDENTIAL, bobs: MessageState.KEY_MISSING}


def test_a_retry_is_recognised_also_after_its_reader_moved_it(office: Office) -> None:
    """Users suffered: after trouble on the way the same mail lay in the inbox again and again."""
    lies_here(ALICE.address, at=office.at)
    raw = mail(HUBER.address, ALICE.address, BOB.address)
    office.into.refuse[BOB.address] = refusal(451)
    assert office.receive(raw, HUBER.address, ALICE.address, BOB.address).code == 451
    archive = mail_folders.with_role(ALICES, FolderRole.ARCHIVE)
    assert archive is not None
    (place,) = mail_filing.places_of([only_item().id])
    mail_filing.move([place.id], archive.id)
    office.into.refuse.clear()

    assert office.receive(raw, HUBER.address, ALICE.address, BOB.address).code == 250

    assert inbox().total == 0
    assert mail_folders.get(archive.id).total == 1
    assert len(office.into.sent) == 1


def test_a_kill_after_filing_doubles_nothing(office: Office) -> None:
    lies_here(ALICE.address, at=office.at)
    raw = mail(HUBER.address, ALICE.address)
    office.receive(raw, HUBER.address, ALICE.address)
    office.site.transactions.forget(office.later(minutes=1).at)

    assert office.receive(raw, HUBER.address, ALICE.address).code == 250
    assert inbox().total == 1


def test_who_is_refused_for_good_is_reported_while_the_filed_copy_stays(office: Office) -> None:
    lies_here(ALICE.address, at=office.at)
    office.into.refuse[UNKNOWN] = refusal(550)
    raw = mail(HUBER.address, ALICE.address)

    assert office.receive(raw, HUBER.address, ALICE.address, UNKNOWN).code == 250

    (report,) = office.into.sent
    assert (report.sender, report.recipients) == ("", (HUBER.address,))
    assert message_from_bytes(report.content).get_content_type() == "multipart/report"
    assert inbox().total == 1


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_as_452_and_nothing_is_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch, trouble: int
) -> None:
    lies_here(ALICE.address, at=office.at)
    raw = mail(HUBER.address, ALICE.address)

    def full(*_: object) -> str:
        raise OSError(trouble, "full")

    with monkeypatch.context() as patch:
        patch.setattr(raw_files, "put", full)
        reply = office.receive(raw, HUBER.address, ALICE.address)

    assert (reply.code, reply.enhanced) == (452, "4.3.1")
    assert inbox().total == 0
    assert office.receive(raw, HUBER.address, ALICE.address).code == 250
    assert inbox().total == 1


def test_what_waits_for_a_key_here_is_not_delivered_again(office: Office) -> None:
    office.own(HUBER)
    lies_here(BOB.address, at=office.at)
    raw = encrypted_bytes(signed_by(HUBER, mail(HUBER.address, ALICE.address)), ALICE)
    office.receive(raw, HUBER.address, BOB.address)

    assert reopening.waiting(EmailAddress.parse(BOB.address)) == ()


def test_own_folders_are_made_once_and_roles_stay_where_they_are(office: Office) -> None:
    mail_folders.ensure(ALICES, "Gesendet", role=FolderRole.SENT)
    lies_here(ALICE.address, at=office.at)
    mail_folders.ensure_own(ALICES)

    rows = mail_folders.of_account(ALICES)

    assert sorted(row.role for row in rows) == sorted(set(FolderRole) - {FolderRole.OTHER})
    assert "Sent" not in [row.name for row in rows]


def _numbers() -> list[int]:
    return list(MailItem.objects.values_list("pk", flat=True))
