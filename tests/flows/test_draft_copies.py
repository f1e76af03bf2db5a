"""A copy of a draft on the mail server: encrypted to its writer, one at a time, or none at all."""

from datetime import timedelta

import pytest

from siegel.base.address import EmailAddress
from siegel.flows import draft_copies, drafts, mailboxes
from siegel.flows.drafts import Draft, Written
from siegel.policy.access import Capacity, Standing
from siegel.store.models import FolderChange, FolderMessage, MailItem, User
from siegel.store.queries import account_people, messages
from siegel.store.queries.drafts import DraftKind
from tests.flows.office import ALICE, UNKNOWN, Office

MIRA = EmailAddress.parse("mira@office.example")


def _draft(office: Office, monkeypatch: pytest.MonkeyPatch) -> Draft:
    monkeypatch.setattr(draft_copies, "keeps_copies", lambda account: True)
    User.objects.create(email=str(MIRA), created_at=office.at)
    standing = Standing(capacity=Capacity.MEMBER, since=office.at, until=None)
    alices = EmailAddress.parse(ALICE.address)
    account_people.admit(alices, MIRA, standing, by="test", at=office.at)
    written = Written(sender=ALICE.address, to=(UNKNOWN,), subject="Mondlandung", text="Nordlicht")
    return drafts.start(written, MIRA, DraftKind.NEW, None, office.site, at=office.at)


def test_the_copy_is_encrypted_to_its_writer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = _draft(office, monkeypatch)

    assert draft_copies.put(draft, MIRA, office.site, at=office.at, now=True)

    raw = messages.raw(MailItem.objects.get().stored.sha256)
    assert b"enveloped-data" in raw
    for word in (b"Mondlandung", b"Nordlicht", UNKNOWN.encode()):
        assert word not in raw
    assert FolderMessage.objects.get().draft


def test_a_new_copy_takes_the_place_of_the_old_one_once_a_minute(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = _draft(office, monkeypatch)
    for seconds in (0, 20, 80):
        at = office.at + timedelta(seconds=seconds)
        assert draft_copies.put(draft, MIRA, office.site, at=at, now=False)
    assert FolderMessage.objects.count() == 1

    draft_copies.take_away(draft, MIRA, at=office.at)
    assert not FolderMessage.objects.exists()


def test_without_a_certificate_no_copy_lies_there(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = _draft(office, monkeypatch)
    late = office.at + timedelta(days=4000)
    assert not draft_copies.put(draft, MIRA, office.site, at=late, now=True)
    assert not MailItem.objects.exists()


def test_mail_that_lies_here_needs_no_copy(office: Office) -> None:
    assert not draft_copies.keeps_copies(EmailAddress.parse(ALICE.address))
    assert mailboxes.get(EmailAddress.parse(ALICE.address)) is None
    assert not FolderChange.objects.exists()
