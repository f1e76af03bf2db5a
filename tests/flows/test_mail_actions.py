"""What people do with messages: figures stay right, others' mail stays alone, servers learn it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows import conversation_handling, mail_actions
from siegel.policy.access import Capacity, Standing
from siegel.policy.actions import Action
from siegel.store import models
from siegel.store.models.mail import ChangeKind
from siegel.store.models.mailbox import MailboxKind
from siegel.store.queries import account_people, journal, mail_folders
from siegel.store.queries.mail_folders import FolderRole
from tests.flows.mails import Post
from tests.flows.office import ALICE, BOB, Office

ALICES, BOBS = EmailAddress.parse(ALICE.address), EmailAddress.parse(BOB.address)
MIRA, JONAS = (EmailAddress.parse(f"{name}@office.example") for name in ("mira", "jonas"))


@pytest.fixture
def post(office: Office) -> Post:
    """Mira works with Alice's account; Jonas with Bob's."""
    post = Post(office.at)
    post.person(MIRA, ALICES)
    post.person(JONAS, BOBS)
    return post


def _figures(folder: int) -> tuple[int, int]:
    row = mail_folders.get(folder)
    return row.total, row.unread


def test_a_message_is_read_and_unread_with_the_figures_of_its_folder(post: Post) -> None:
    inbox = post.folder(ALICES)
    items = post.fill(ALICES, inbox, 3)

    mail_actions.mark_seen(items[:2], MIRA, at=post.at)
    assert _figures(inbox) == (3, 1)
    assert mail_actions.mark_seen(items[:2], MIRA, at=post.at) == 0

    mail_actions.mark_seen(items[:1], MIRA, at=post.at, seen=False)
    assert _figures(inbox) == (3, 2)


def test_reading_a_message_leaves_its_other_flags(post: Post) -> None:
    inbox = post.folder(ALICES)
    items = post.fill(ALICES, inbox, 1)

    mail_actions.flag(items, MIRA, at=post.at)
    mail_actions.mark_seen(items, MIRA, at=post.at)

    place = models.FolderMessage.objects.get()
    assert (place.seen, place.flagged) == (True, True)


def test_deleting_moves_into_the_trash_and_can_be_undone(post: Post) -> None:
    inbox = post.folder(ALICES)
    items = post.fill(ALICES, inbox, 2)

    moved = mail_actions.delete(items, MIRA, at=post.at)
    trash = mail_folders.with_role(ALICES, FolderRole.TRASH)
    assert trash is not None
    assert (_figures(inbox), _figures(trash.id)) == ((0, 0), (2, 2))

    assert mail_actions.undo(moved, MIRA, at=post.at) == 2
    assert (_figures(inbox), _figures(trash.id)) == ((2, 2), (0, 0))


def test_what_leaves_the_trash_is_gone_with_its_conversation(post: Post) -> None:
    trash = post.folder(ALICES, "Trash", FolderRole.TRASH)
    items = post.fill(ALICES, trash, 2)

    moved = mail_actions.delete(items, MIRA, at=post.at)

    assert (moved.for_good, moved.ways) == (2, ())
    assert not models.MailItem.objects.exists()
    assert not models.Conversation.objects.exists()
    assert models.StoredMessage.objects.filter(keep_until__lte=post.at).count() == 2
    (entry,) = journal.read(action=Action.MESSAGE_DELETED)
    assert (entry.actor, entry.recipients, entry.detail) == (
        f"user:{MIRA}", (str(ALICES),), {"messages": 2},
    )  # fmt: skip


def test_a_copy_in_another_folder_outlives_the_one_in_the_trash(post: Post) -> None:
    trash, inbox = post.folder(ALICES, "Trash", FolderRole.TRASH), post.folder(ALICES)
    items = post.fill(ALICES, trash, 1)
    post.copy(items[0], inbox)

    mail_actions.delete(items, MIRA, at=post.at, source=trash)

    assert _figures(inbox) == (1, 1)
    assert models.MailItem.objects.count() == 1


def test_spam_and_back(post: Post) -> None:
    inbox = post.folder(ALICES)
    items = post.fill(ALICES, inbox, 1)

    mail_actions.spam(items, MIRA, at=post.at)
    assert _figures(inbox) == (0, 0)

    mail_actions.spam(items, MIRA, at=post.at, is_spam=False)
    assert _figures(inbox) == (1, 1)


def test_mail_of_others_cannot_be_touched(post: Post) -> None:
    inbox = post.folder(BOBS)
    foreign = post.fill(BOBS, inbox, 1)
    mine = post.fill(ALICES, post.folder(ALICES), 1)

    for act in (mail_actions.mark_seen, mail_actions.flag, mail_actions.delete,
                mail_actions.spam, mail_actions.archive):  # fmt: skip
        with pytest.raises(NotFound):
            act([*mine, *foreign], MIRA, at=post.at)
    with pytest.raises(NotFound):
        mail_actions.move(foreign, post.folder(ALICES), MIRA, at=post.at)
    with pytest.raises(NotFound):
        mail_actions.move(mine, inbox, MIRA, at=post.at)
    assert (_figures(inbox), _figures(post.folder(ALICES))) == ((1, 1), (1, 1))


def test_a_deputy_acts_in_the_time_given_only(post: Post) -> None:
    items = post.fill(BOBS, post.folder(BOBS), 1)
    until = post.at + timedelta(days=7)
    standing = Standing(capacity=Capacity.DEPUTY, since=post.at, until=until)
    account_people.admit(BOBS, MIRA, standing, by="test", at=post.at)

    assert mail_actions.mark_seen(items, MIRA, at=post.at) == 1
    with pytest.raises(NotFound):
        mail_actions.mark_seen(items, MIRA, at=until, seen=False)


def test_a_mail_server_gets_the_changes_in_their_order(post: Post) -> None:
    post.mailbox(ALICES, MailboxKind.IMAP)
    inbox = post.folder(ALICES)
    trash = post.folder(ALICES, "Trash", FolderRole.TRASH)
    items = post.fill(ALICES, inbox, 1, uid=7)

    mail_actions.mark_seen(items, MIRA, at=post.at)
    mail_actions.delete(items, MIRA, at=post.at)
    mail_actions.delete(items, MIRA, at=post.at)

    found = models.FolderChange.objects.order_by("id").values_list(
        "kind", "folder", "uid", "target"
    )
    assert list(found) == [
        (ChangeKind.SEEN, inbox, 7, None),
        (ChangeKind.MOVE, inbox, 7, trash),
        (ChangeKind.DELETE, trash, None, None),
    ]
    assert models.MailItem.objects.exists()  # until the server has learned it


def test_a_mailbox_that_lies_here_has_nobody_to_tell(post: Post) -> None:
    post.mailbox(ALICES, MailboxKind.GATEWAY)
    mail_actions.delete(post.fill(ALICES, post.folder(ALICES), 1), MIRA, at=post.at)
    assert not models.FolderChange.objects.exists()


def test_many_messages_ask_as_many_questions_as_few(post: Post) -> None:
    inbox = post.folder(ALICES)
    post.folder(ALICES, "Trash", FolderRole.TRASH)
    asked = []
    for number in (5, 100):
        items = post.fill(ALICES, inbox, number)
        with CaptureQueriesContext(connection) as seen:
            mail_actions.mark_seen(items, MIRA, at=post.at)
            mail_actions.delete(items, MIRA, at=post.at)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_a_conversation_is_assigned_to_somebody_who_reads_it(post: Post) -> None:
    (item,) = post.fill(ALICES, post.folder(ALICES), 1)
    talk = models.MailItem.objects.get(pk=item).conversation_id

    with pytest.raises(NotFound):
        mail_actions.assign([talk], JONAS, MIRA, at=post.at)
    with pytest.raises(NotFound):
        mail_actions.assign([talk], JONAS, JONAS, at=post.at)
    post.person(JONAS, ALICES)
    assert mail_actions.assign([talk], JONAS, MIRA, at=post.at) == 1
    assert mail_actions.assign([talk], JONAS, MIRA, at=post.at) == 0
    assert mail_actions.assign([talk], None, MIRA, at=post.at) == 1
    entries = journal.read(action=Action.MESSAGE_ASSIGNED)
    assert [(each.about, each.actor) for each in entries] == [
        ("", f"user:{MIRA}"), (str(JONAS), f"user:{MIRA}"),
    ]  # fmt: skip
    assert not models.Conversation.objects.exclude(assigned_to=None).exists()


def test_colleagues_are_those_who_read_the_account_now(post: Post) -> None:
    gone = Standing(capacity=Capacity.DEPUTY, since=post.at - timedelta(9), until=post.at)
    account_people.admit(ALICES, JONAS, gone, by="test", at=post.at)
    assert [row.user for row in conversation_handling.colleagues([ALICES], at=post.at)] == [MIRA]
