"""What leaves the outbox: protected, once, with a copy for its writer, and news where it fails."""

from datetime import timedelta

import pytest

from siegel.base.errors import NotFound
from siegel.flows import filing, mail_facts, mailboxes, outbox
from siegel.flows.filing import Arrival
from siegel.flows.outbox_sending import GIVE_UP_AFTER, NO_COPY, PAUSES, Watch
from siegel.flows.retention import clear_due
from siegel.flows.sent_copy import BCC_FIELD
from siegel.mime.parse import parse_message
from siegel.policy.message_state import MessageState
from siegel.store.models import FolderChange, JournalEntry, MailAccount, Mailbox
from siegel.store.outbox_rows import OutboxRow
from siegel.store.queries import mail_filing, mail_folders, messages
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.queries.outbox import OutboxState
from siegel.transport.envelope import Role
from tests.flows.office import ALICE, DANA, HUBER, UNKNOWN, Office, mail, refusal
from tests.flows.outbox import ALICES, MIRA, in_folder, letter, outbox_office, send_all

FOREVER = timedelta(days=10_000)
SECRET = "Das darf niemand lesen"


@pytest.fixture
def writing(office: Office) -> Office:
    return outbox_office(office)


def accept(office: Office, *to: str, **how: object) -> int:
    given = letter(*to, **how)  # type: ignore[arg-type]  # the words of letter
    return outbox.accept(given, office.site, by="user:mira@office.example", at=office.at)


def row(office: Office, id_: int) -> OutboxRow:
    return outbox.get(id_, MIRA, at=office.at)


@pytest.fixture
def on_a_server(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alice's mail lies on a server, which takes mail as the gateway's next hop does."""
    monkeypatch.setattr(mailboxes, "next_hop", lambda _, site, __: site.hops[Role.OUTBOUND])
    Mailbox.objects.create(
        account=MailAccount.objects.get(address=ALICE.address),
        kind="imap",
        changed_by="test",
        changed_at=office.at,
    )


@pytest.mark.requirement("A46", "A75")
def test_what_is_due_leaves_signed_and_lies_in_sent(writing: Office) -> None:
    id_ = accept(writing, UNKNOWN)

    send_all(writing)

    (sent,) = writing.out.sent
    assert sent.recipients == (UNKNOWN,)
    assert b"multipart/signed" in sent.content
    assert row(writing, id_).state is OutboxState.SENT
    (copy,) = in_folder(ALICES, FolderRole.SENT)
    assert copy.state is MessageState.VERIFIED
    assert copy.outgoing


def test_nothing_leaves_before_its_moment(writing: Office) -> None:
    id_ = accept(writing, UNKNOWN, undo=10)
    send_all(writing)
    assert writing.out.sent == []
    send_all(writing.later(seconds=10))
    assert row(writing, id_).state is OutboxState.SENT


@pytest.mark.requirement("A3", "A15")
def test_the_copy_of_encrypted_mail_is_encrypted_to_its_writer_alone(writing: Office) -> None:
    """Elsewhere it lay in clear, or nobody could open it any more."""
    writing.partner(HUBER)
    accept(writing, HUBER.address, text=SECRET)

    send_all(writing)

    (copy,) = in_folder(ALICES, FolderRole.SENT)
    raw = messages.raw(copy.sha256)
    assert SECRET.encode() not in raw
    assert copy.state is MessageState.CONFIDENTIAL
    assert mail_facts.inside_of(copy, writing.site.vault).preview == SECRET
    assert SECRET.encode() not in writing.out.sent[0].content


def test_blind_recipients_stand_in_the_writers_copy_only(writing: Office) -> None:
    writing.partner(HUBER)
    writing.partner(DANA)
    accept(writing, HUBER.address, bcc=(DANA.address,), text=SECRET)

    send_all(writing)

    (copy,) = in_folder(ALICES, FolderRole.SENT)
    raw = messages.raw(copy.sha256)
    opened, _ = filing.read_and_judged(
        ALICES, parse_message(raw), writing.site, at=writing.at, fetch=False
    )
    field = opened.payload.get(BCC_FIELD)
    assert field is not None
    assert field.value.strip() == DANA.address
    assert DANA.address.encode() not in raw
    for sent in writing.out.sent:
        assert DANA.address.encode() not in sent.content
        assert BCC_FIELD.encode() not in sent.content
    assert len(writing.out.sent) == 2


def test_blind_recipients_of_signed_mail_are_not_seen_by_others(writing: Office) -> None:
    accept(writing, HUBER.address, bcc=(UNKNOWN,))

    send_all(writing)

    assert all(UNKNOWN.encode() not in sent.content for sent in writing.out.sent)
    (copy,) = in_folder(ALICES, FolderRole.SENT)
    assert b"Bcc: " + UNKNOWN.encode() in messages.raw(copy.sha256)
    assert copy.state is MessageState.VERIFIED


@pytest.mark.requirement("A57", "A16")
def test_what_was_promised_encrypted_is_held_when_that_ends(writing: Office) -> None:
    writing.partner(HUBER)
    id_ = accept(writing, HUBER.address, undo=60)
    assert row(writing, id_).plan == "sign_and_encrypt"
    writing.rule("must_encrypt_domains", [])
    writing.later(days=10000)  # every certificate has ended by then

    send_all(writing)

    assert writing.out.sent == []
    assert row(writing, id_).state is OutboxState.HELD


def test_what_is_held_leaves_when_the_certificate_is_there_and_its_writer_hears(
    writing: Office,
) -> None:
    writing.rule("must_encrypt_domains", [HUBER.address.partition("@")[2]])
    id_ = accept(writing, HUBER.address, text=SECRET)
    send_all(writing)
    assert row(writing, id_).state is OutboxState.HELD

    writing.partner(HUBER)
    send_all(writing.later(minutes=4))

    assert row(writing, id_).state is OutboxState.SENT
    assert all(SECRET.encode() not in sent.content for sent in writing.out.sent)
    (news,) = in_folder(ALICES, FolderRole.INBOX)
    assert news.subject == "Ihre Nachricht ist nun unterwegs"


def test_a_certificate_that_is_learnt_lets_it_go_at_once(writing: Office) -> None:
    watch = Watch()
    id_ = accept(writing, HUBER.address, wait=True)
    watch.ring(at=writing.at)
    send_all(writing)
    assert not watch.ring(at=writing.at)

    writing.partner(HUBER)

    assert watch.ring(at=writing.at)
    send_all(writing)
    assert row(writing, id_).state is OutboxState.SENT


def test_a_day_of_being_held_is_told_once(writing: Office) -> None:
    accept(writing, HUBER.address, extra="X-Siegel-Protect: encrypt\r\n")
    for _ in range(4):
        send_all(writing.later(hours=13))
    (news,) = in_folder(ALICES, FolderRole.INBOX)
    assert news.subject == "Ihre Nachricht ist noch angehalten"
    assert HUBER.address.encode() in messages.raw(news.sha256)


def test_some_refused_means_the_others_have_it_and_the_writer_knows_who_and_why(
    writing: Office,
) -> None:
    writing.out.refuse[UNKNOWN] = refusal(550)
    id_ = accept(writing, HUBER.address, UNKNOWN)

    send_all(writing)

    found = row(writing, id_)
    assert found.state is OutboxState.SENT
    assert {each.address: each.state for each in found.recipients} == {
        HUBER.address: "accepted",
        UNKNOWN: "refused",
    }
    (news,) = in_folder(ALICES, FolderRole.INBOX)
    assert news.subject == "Nicht alle haben Ihre Nachricht bekommen"
    text = messages.raw(news.sha256)
    assert UNKNOWN.encode() in text
    assert b"no such user" in text
    assert HUBER.address.encode() not in text.partition(b"\r\n\r\n")[2]


def test_nobody_reached_for_five_days_fails_and_is_told(writing: Office) -> None:
    writing.out.fails = 10_000
    id_ = accept(writing, UNKNOWN)
    begin = writing.at
    while writing.at - begin <= GIVE_UP_AFTER + PAUSES[-1]:
        send_all(writing)
        writing.later(hours=2)

    found = row(writing, id_)
    assert found.state is OutboxState.FAILED
    assert found.attempts > 20
    subjects = [each.subject for each in in_folder(ALICES, FolderRole.INBOX)]
    assert subjects == ["Ihre Nachricht ist noch nicht draußen", "Ihre Nachricht kam nicht an"]
    assert SECRET not in str(list(JournalEntry.objects.values_list("detail", flat=True)))
    assert outbox.text_of(found, writing.site)


def test_a_retry_sends_only_what_is_missing(writing: Office) -> None:
    writing.out.refuse[UNKNOWN] = refusal(451)
    id_ = accept(writing, HUBER.address, UNKNOWN)
    send_all(writing)
    assert row(writing, id_).state is OutboxState.WAITING

    del writing.out.refuse[UNKNOWN]
    send_all(writing.later(minutes=2))

    assert [sent.recipients for sent in writing.out.sent] == [(HUBER.address,), (UNKNOWN,)]
    assert row(writing, id_).state is OutboxState.SENT
    assert len(in_folder(ALICES, FolderRole.SENT)) == 1


def test_a_copy_that_cannot_be_encrypted_lies_nowhere_in_clear(
    writing: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing.partner(HUBER)
    id_ = accept(writing, HUBER.address, text=SECRET)
    monkeypatch.setattr("siegel.flows.sent_copy._encrypted", lambda *_: None)

    send_all(writing)

    found = row(writing, id_)
    assert (found.state, found.answer) == (OutboxState.SENT, NO_COPY)
    assert in_folder(ALICES, FolderRole.SENT) == []
    assert SECRET.encode() in outbox.text_of(found, writing.site)
    monkeypatch.undo()
    send_all(writing.later(hours=2))
    assert row(writing, id_).filed_at is not None
    assert len(in_folder(ALICES, FolderRole.SENT)) == 1


def test_the_mail_server_of_the_account_gets_the_copy_once(
    writing: Office, on_a_server: None
) -> None:
    accept(writing, UNKNOWN)
    send_all(writing)
    send_all(writing.later(days=1))
    (change,) = FolderChange.objects.all()
    assert (change.kind, change.folder.role) == ("append", "sent")


def test_what_was_answered_says_so(writing: Office, on_a_server: None) -> None:
    inbox = mail_folders.ensure(ALICES, "INBOX", role=FolderRole.INBOX)
    raw = mail(HUBER.address, ALICE.address)
    arrival = Arrival(account=ALICES, folder=inbox.id, raw=raw, received_at=writing.at, uid=7)
    item = filing.file(arrival, writing.site, at=writing.at)

    accept(writing, HUBER.address, answers=item)
    send_all(writing)

    (place,) = mail_filing.places_of([item])
    assert place.flags.answered
    assert FolderChange.objects.filter(kind="answered", uid=7).count() == 1


def test_the_same_text_sent_twice_on_purpose_goes_twice(writing: Office) -> None:
    accept(writing, UNKNOWN)
    accept(writing, UNKNOWN)
    send_all(writing)
    assert len(writing.out.sent) == 2


def test_somebody_elses_lease_is_respected(writing: Office) -> None:
    from siegel.store.queries import outbox as rows

    id_ = accept(writing, UNKNOWN)
    until = writing.at + timedelta(seconds=90)
    assert rows.take_due(at=writing.at, until=until) == id_
    send_all(writing.later(seconds=60))
    assert writing.out.sent == []
    send_all(writing.later(seconds=31))
    assert len(writing.out.sent) == 1


def test_what_has_ended_is_forgotten_after_its_time_and_what_waits_never(writing: Office) -> None:
    sent = accept(writing, HUBER.address)
    send_all(writing)
    writing.later(days=1)
    waiting = accept(writing, HUBER.address, undo=30)
    long_ago = writing.at + timedelta(days=29, hours=1)

    assert clear_due(long_ago - timedelta(days=1), journal_for=FOREVER)["outbox"] == 0
    assert clear_due(long_ago + timedelta(days=1), journal_for=FOREVER)["outbox"] == 1

    with pytest.raises(NotFound):
        row(writing, sent)
    assert row(writing, waiting).state is OutboxState.WAITING
    assert len(in_folder(ALICES, FolderRole.SENT)) == 1
