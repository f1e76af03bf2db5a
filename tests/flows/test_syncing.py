"""A mailbox and its server in step: nothing lost, nothing doubled, whoever changes what, when."""

import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.errors import TransportFailure
from siegel.flows import accounts, filing
from siegel.flows.points import SyncPoint
from siegel.flows.site import Site
from siegel.flows.sync_plan import Known, Seen, plan
from siegel.store.mail_rows import Flags
from siegel.store.models import UnfiledMessage
from siegel.store.models.mail import ChangeKind
from siegel.store.queries import mail_due, mail_folders, messages
from siegel.transport.imap_session import Head, ServerFlags
from siegel.transport.mail_server import MailProblem, failure
from tests.flows.mailboxes import on_a_server
from tests.flows.model_server import Killed, ModelServer
from tests.flows.office import ALICE, Office
from tests.flows.sync_scene import Scene, letter

ALICES = EmailAddress.parse(ALICE.address)
UIDS = st.sets(st.integers(1, 30))


def _letter(number: int, *, message_id: bool = True) -> bytes:
    return letter(number, ALICE.address, message_id=message_id)


@pytest.fixture
def server() -> ModelServer:
    return ModelServer()


@pytest.fixture
def scene(office: Office, server: ModelServer) -> Scene:
    return Scene(office, ALICES, server)


# the plan


@given(there=UIDS, known=UIDS, leaving=UIDS)
def test_a_plan_makes_both_sides_equal(there: set[int], known: set[int], leaving: set[int]) -> None:
    made = plan(Seen(uids=there), Known(uids=known - leaving, leaving=leaving))

    after = (known - leaving - set(made.gone)) | set(made.fetch)
    assert after == there - leaving
    assert list(made.fetch) == sorted(made.fetch, reverse=True)


@given(known=UIDS, deleted=UIDS)
def test_what_the_server_calls_deleted_goes_and_is_not_fetched(
    known: set[int], deleted: set[int]
) -> None:
    flags = dict.fromkeys(deleted, ServerFlags(deleted=True))

    made = plan(Seen(uids=None, flags=flags), Known(uids=known))

    assert set(made.gone) == known & deleted
    assert not made.fetch
    assert not made.flags


@given(known=UIDS, named=UIDS)
def test_a_message_that_is_no_longer_deleted_is_fetched_again(
    known: set[int], named: set[int]
) -> None:
    flags = dict.fromkeys(named, ServerFlags(seen=True))

    made = plan(Seen(uids=None, flags=flags), Known(uids=known))

    assert set(made.fetch) == named - known
    assert made.flags == dict.fromkeys(known & named, Flags(seen=True))


# from there to here


def test_all_messages_arrive_with_their_flags_the_newest_first(
    scene: Scene, server: ModelServer
) -> None:
    for number in range(1, 8):
        server.put("INBOX", _letter(number), ServerFlags(seen=number % 2 == 0))

    done = scene.sync()

    assert done.filed == 7
    assert server.asked_for == [7, 6, 5, 4, 3, 2, 1]
    assert scene.folder("INBOX").unread == 4
    assert scene.texts_in("INBOX") == server.texts_in("INBOX")


def test_a_second_look_at_a_quiet_server_fetches_nothing(scene: Scene, server: ModelServer) -> None:
    server.put("INBOX", _letter(1))
    scene.sync()
    server.asked_for.clear()

    assert scene.sync().filed == 0
    assert server.asked_for == []


@pytest.mark.parametrize("modseqs", [True, False])
def test_flags_moves_and_deletions_of_other_programs_show_here(
    office: Office, modseqs: bool
) -> None:
    server = ModelServer(modseqs=modseqs)
    scene = Scene(office, ALICES, server)
    one, two, three = (server.put("INBOX", _letter(number)) for number in (1, 2, 3))
    scene.sync()

    server.mark("INBOX", one, seen=True, flagged=True)
    server.carry("INBOX", two, "Archive")
    server.take("INBOX", three)
    scene.sync()

    (place,) = scene.places("INBOX")
    assert (place.uid, place.seen, place.flagged) == (one, True, True)
    assert scene.texts_in("Archive") == [_letter(2)]
    assert scene.items() == 3


def test_an_interrupted_first_reading_goes_on_where_it_was(
    scene: Scene, server: ModelServer
) -> None:
    """Users suffered: a large mailbox began anew after each interruption and never ended."""
    for number in range(1, 41):
        server.put("INBOX", _letter(number))
    with pytest.raises(Killed):
        scene.sync(kill_at=SyncPoint.FILED, after=15)
    assert scene.items() == 15
    server.put("INBOX", _letter(41))
    server.asked_for.clear()

    scene.sync()

    assert server.asked_for == [41, *range(25, 0, -1)]
    assert scene.texts_in("INBOX") == server.texts_in("INBOX")


def test_another_uidvalidity_doubles_nothing(scene: Scene, server: ModelServer) -> None:
    """Users suffered: after the server was restored, every message was there twice."""
    for number in (1, 2, 3):
        server.put("INBOX", _letter(number))
    server.put("INBOX", _letter(3))
    scene.sync()

    server.renumber("INBOX")
    server.put("INBOX", _letter(4))
    scene.sync()

    assert scene.items() == 4
    assert scene.texts_in("INBOX") == server.texts_in("INBOX")
    assert all(place.uid is not None for place in scene.places("INBOX"))


def test_a_renamed_folder_keeps_items_and_conversations(scene: Scene, server: ModelServer) -> None:
    server.put("Archive", _letter(1))
    scene.sync()
    before = scene.places("Archive")[0].item_id

    server.mailboxes["Akten"] = server.mailboxes.pop("Archive")
    scene.sync()

    assert [place.item_id for place in scene.places("Akten")] == [before]
    assert "Archive" not in [row.name for row in mail_folders.of_account(ALICES)]


def test_what_cannot_be_filed_is_noted_and_keeps_nothing_back(
    scene: Scene, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Users suffered: one damaged mail, and the folder stayed empty from then on."""
    server.put("INBOX", _letter(1))
    server.put("INBOX", b"\0\0 no message at all")
    server.put("INBOX", _letter(2))
    real = filing.file

    def file(arrival: filing.Arrival, *args: object, **kwargs: object) -> int:
        if arrival.raw.startswith(b"\0"):
            raise ZeroDivisionError
        return real(arrival, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(filing, "file", file)
    done = scene.sync()
    server.asked_for.clear()
    scene.sync()

    assert (done.filed, done.unfiled) == (2, 1)
    assert UnfiledMessage.objects.get().reason == "internal ZeroDivisionError"
    assert server.asked_for == []


def test_a_message_that_is_too_big_is_not_even_fetched(office: Office, server: ModelServer) -> None:
    office.site = _with_message_size(office, 2000)
    scene = Scene(office, ALICES, server)
    server.put("INBOX", _letter(1) + b"x" * 3000)
    server.put("INBOX", _letter(2))

    done = scene.sync()

    assert (done.filed, done.unfiled) == (1, 1)
    assert server.asked_for == [2]
    assert UnfiledMessage.objects.get().reason == "limit_exceeded"


def test_uids_that_go_backwards_lose_nothing(scene: Scene, server: ModelServer) -> None:
    server.mailboxes["INBOX"].next_uid = 90
    server.put("INBOX", _letter(1))
    scene.sync()

    server.mailboxes["INBOX"].next_uid = 5
    server.put("INBOX", _letter(2))
    scene.sync()

    assert scene.texts_in("INBOX") == server.texts_in("INBOX")


def test_one_message_that_breaks_the_connection_does_not_keep_others_back(
    scene: Scene, server: ModelServer
) -> None:
    for number in (1, 2, 3):
        server.put("INBOX", _letter(number))
    honest = server.texts

    def texts(heads: Sequence[Head]) -> Iterator[tuple[int, bytes]]:
        if any(head.uid == 2 for head in heads):
            raise failure(MailProblem.OTHER_PROTOCOL)
        yield from honest(heads)

    server.texts = texts  # type: ignore[method-assign]
    for carefully in (False, True):
        with pytest.raises(TransportFailure):
            scene.sync(carefully=carefully)
    scene.sync(carefully=True)

    assert scene.texts_in("INBOX") == [_letter(1), _letter(3)]
    assert UnfiledMessage.objects.get().reason == "not_readable"


# from here to there


def test_what_people_do_here_is_told_in_order(scene: Scene, server: ModelServer) -> None:
    for number in (1, 2, 3):
        server.put("INBOX", _letter(number))
    scene.sync()
    one, two, three = scene.places("INBOX")

    scene.mark(one, ChangeKind.SEEN, Flags(seen=True))
    scene.move(two, "Archive")
    scene.delete(three)
    done = scene.sync()

    assert (done.told, scene.waiting()) == (3, 0)
    assert server.texts_in("INBOX") == scene.texts_in("INBOX")
    assert server.texts_in("Archive") == scene.texts_in("Archive")
    assert [each.flags.seen for each in server.mailboxes["INBOX"].messages.values()] == [True]


@pytest.mark.parametrize("tells_uids", [True, False])
def test_moved_on_before_the_server_knew_and_back_again(office: Office, tells_uids: bool) -> None:
    server = ModelServer(tells_uids=tells_uids)
    scene = Scene(office, ALICES, server)
    server.put("INBOX", _letter(1))
    scene.sync()

    for target in ("Archive", "Trash", "INBOX"):
        (place,) = itertools.chain(*(scene.places(n) for n in ("INBOX", "Archive", "Trash")))
        scene.move(place, target)
    scene.sync()

    assert (scene.waiting(), scene.items()) == (0, 1)
    assert scene.texts_in("INBOX") == server.texts_in("INBOX") == [_letter(1)]
    assert scene.places("INBOX")[0].uid == 2


def test_a_change_that_waits_here_wins_over_the_server(scene: Scene, server: ModelServer) -> None:
    """Users suffered: a mail marked as read became unread again at the next look."""
    one = server.put("INBOX", _letter(1))
    server.put("INBOX", _letter(2))
    scene.sync()
    place, moved = scene.places("INBOX")
    scene.mark(place, ChangeKind.SEEN, Flags(seen=True))
    scene.move(moved, "Archive")
    server.refuses = True
    server.mark("INBOX", one, flagged=True)

    scene.sync()

    assert scene.places("INBOX")[0].seen
    assert len(scene.places("INBOX")) == len(scene.places("Archive")) == 1
    server.refuses = False
    scene.sync()
    assert scene.texts_in("Archive") == server.texts_in("Archive") == [_letter(2)]


def test_what_the_server_never_takes_is_given_up_and_shown_as_it_is(
    scene: Scene, server: ModelServer
) -> None:
    server.put("INBOX", _letter(1))
    scene.sync()
    scene.move(scene.places("INBOX")[0], "Archive")
    server.refuses = True

    for _ in range(6):
        scene.sync()

    assert scene.waiting() == 0
    assert scene.texts_in("INBOX") == [_letter(1)]
    assert scene.texts_in("Archive") == []


def test_a_sent_mail_is_never_given_up(scene: Scene, server: ModelServer) -> None:
    scene.sync()
    scene.append(_letter(1))
    server.refuses = True
    for _ in range(8):
        scene.office.later(hours=2)
        scene.sync()
    assert scene.texts_in("Archive") == [_letter(1)]
    server.refuses = False

    scene.sync()

    assert server.texts_in("Archive") == [_letter(1)]
    assert (scene.waiting(), len(scene.places("Archive"))) == (0, 1)


def test_the_folder_for_a_sent_mail_is_made_again(scene: Scene, server: ModelServer) -> None:
    scene.sync()
    scene.append(_letter(1))
    del server.mailboxes["Archive"]

    scene.sync()
    scene.sync()

    assert server.texts_in("Archive") == scene.texts_in("Archive") == [_letter(1)]


def test_a_uid_of_another_time_deletes_nothing_else(scene: Scene, server: ModelServer) -> None:
    """Users suffered: a mail nobody had touched was gone after the server was restored."""
    first = server.put("INBOX", _letter(1))
    server.put("INBOX", _letter(2))
    scene.sync()
    scene.delete(scene.places("INBOX")[0])
    server.take("INBOX", first)
    server.renumber("INBOX")  # number 2 has the UID that number 1 had

    scene.sync()

    assert server.texts_in("INBOX") == scene.texts_in("INBOX") == [_letter(2)]
    assert scene.items() == 1  # nobody has the first one any more


def test_what_is_deleted_for_good_is_gone_here_when_the_server_has_deleted_it(
    scene: Scene, server: ModelServer
) -> None:
    server.put("Trash", _letter(1))
    scene.sync()
    scene.delete(scene.places("Trash")[0])
    assert scene.items() == 1

    scene.sync()

    assert (scene.items(), server.texts_in("Trash")) == (0, [])


def test_a_refused_change_is_not_tried_again_every_second(
    office: Office, server: ModelServer
) -> None:
    account = on_a_server(ALICE.address, port=143, user="alice", at=office.at)
    scene = Scene(office, account, server)
    server.put("INBOX", _letter(1))
    scene.sync()
    mail_due.look_again(account, due_at=office.at + timedelta(minutes=3))
    scene.mark(scene.places("INBOX")[0], ChangeKind.SEEN, Flags(seen=True))
    assert mail_due.due(at=office.at, limit=9) == (account,)

    server.refuses = True
    scene.sync()
    scene.mark(scene.places("INBOX")[0], ChangeKind.FLAGGED, Flags(seen=True, flagged=True))

    assert mail_due.due(at=office.at, limit=9) == ()
    assert mail_due.due(at=office.at + timedelta(minutes=3), limit=9) == (account,)


# killed

CHANGING = (SyncPoint.CHANGE_TRIED, SyncPoint.CHANGED)


@pytest.mark.parametrize("point", CHANGING)
@pytest.mark.parametrize("tells_uids", [True, False])
@pytest.mark.parametrize("message_id", [True, False])
def test_a_sent_mail_is_appended_once_although_we_were_killed(
    office: Office, point: SyncPoint, tells_uids: bool, message_id: bool
) -> None:
    server = ModelServer(tells_uids=tells_uids)
    scene = Scene(office, ALICES, server)
    scene.sync()
    scene.append(_letter(1, message_id=message_id))

    with pytest.raises(Killed):
        scene.sync(kill_at=point)
    scene.sync()

    assert server.texts_in("Archive") == scene.texts_in("Archive")
    assert len(server.texts_in("Archive")) == len(scene.places("Archive")) == 1


@pytest.mark.parametrize("point", CHANGING)
@pytest.mark.parametrize("tells_uids", [True, False])
def test_a_move_is_made_once_although_we_were_killed(
    office: Office, point: SyncPoint, tells_uids: bool
) -> None:
    server = ModelServer(tells_uids=tells_uids)
    scene = Scene(office, ALICES, server)
    server.put("INBOX", _letter(1))
    scene.sync()
    scene.move(scene.places("INBOX")[0], "Archive")

    with pytest.raises(Killed):
        scene.sync(kill_at=point)
    scene.sync()

    assert server.texts_in("INBOX") == scene.texts_in("INBOX") == []
    assert server.texts_in("Archive") == scene.texts_in("Archive") == [_letter(1)]
    assert scene.places("Archive")[0].uid is not None


def test_a_copy_left_half_way_is_no_second_message(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ModelServer(moves=False)
    scene = Scene(office, ALICES, server)
    server.put("INBOX", _letter(1))
    scene.sync()
    scene.move(scene.places("INBOX")[0], "Archive")

    def killed() -> None:
        raise Killed

    monkeypatch.setattr(server, "after_copy", killed)
    with pytest.raises(Killed):
        scene.sync()
    monkeypatch.undo()
    scene.sync()

    assert server.texts_in("INBOX") == scene.texts_in("INBOX") == []
    assert server.texts_in("Archive") == scene.texts_in("Archive") == [_letter(1)]


# anything at all

ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "arrive", "arrive", "twice", "flag there", "move there", "delete there",
                "read here", "move here", "delete here", "append", "renumber", "sync", "killed",
            ]
        ),
        st.integers(0, 50),
    ),
    max_size=14,
)  # fmt: skip


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actions=ACTIONS, modseqs=st.booleans(), tells_uids=st.booleans(), moves=st.booleans())
def test_both_sides_agree_after_anything(
    office: Office,
    actions: list[tuple[str, int]],
    modseqs: bool,
    tells_uids: bool,
    moves: bool,
) -> None:
    server = ModelServer(modseqs=modseqs, tells_uids=tells_uids, moves=moves)
    account = EmailAddress.parse(f"a{next(_NUMBERS)}@office.example")
    accounts.create(account, "", by="test", at=office.at)
    scene = Scene(office, account, server)
    scene.sync()
    copies = Copies()
    for action, number in actions:
        _do(action, number, scene, server, copies)
    scene.office.later(hours=2)
    for _ in range(2):
        scene.sync()

    for folder in server.mailboxes:
        assert scene.texts_in(folder) == server.texts_in(folder), folder
        flags = {uid: each.flags.seen for uid, each in server.mailboxes[folder].messages.items()}
        assert {place.uid: place.seen for place in scene.places(folder)} == flags
        row = scene.folder(folder)
        assert (row.total, row.unread) == (len(flags), sum(not seen for seen in flags.values()))
    assert scene.waiting() == 0
    copies.hold(server)


_NUMBERS = itertools.count()
_NAMES = ("INBOX", "Archive", "Trash")


@dataclass
class Copies:
    """How often each text was put somewhere, and which ones somebody deleted."""

    made: Counter[bytes] = field(default_factory=Counter)
    deleted: set[bytes] = field(default_factory=set)

    def hold(self, server: ModelServer) -> None:
        there = Counter(text for name in _NAMES for text in server.texts_in(name))
        assert not there - self.made
        assert set(self.made) - self.deleted <= set(there)


def _do(action: str, number: int, scene: Scene, server: ModelServer, copies: Copies) -> None:
    """One change there, here, or a look."""
    if action in ("arrive", "append"):
        text = letter(next(_NUMBERS), str(scene.account))
        copies.made[text] += 1
        if action == "arrive":
            server.put("INBOX", text)
        else:
            scene.append(text)
    elif action == "sync":
        scene.sync()
    elif action == "killed":
        points = list(SyncPoint)
        with contextlib.suppress(Killed):
            scene.sync(kill_at=points[number % len(points)], after=1 + number // 10)
    elif action == "renumber":
        server.renumber(_NAMES[number % 3])
    elif action.endswith("there") or action == "twice":
        _do_there(action, number, server, copies)
    else:
        _do_here(action, number, scene, copies)


def _do_there(action: str, number: int, server: ModelServer, copies: Copies) -> None:
    found = [(name, uid) for name in _NAMES for uid in server.mailboxes[name].messages]
    if not found:
        return
    name, uid = found[number % len(found)]
    text = server.mailboxes[name].messages[uid].text
    if action == "flag there":
        server.mark(name, uid, seen=number % 2 == 0)
    elif action == "move there":
        server.carry(name, uid, _NAMES[number % 3])
    elif action == "twice":
        copies.made[text] += 1
        server.put(name, text)
    else:
        copies.deleted.add(text)
        server.take(name, uid)


def _do_here(action: str, number: int, scene: Scene, copies: Copies) -> None:
    found = [(name, place) for name in _NAMES for place in scene.places(name)]
    if not found:
        return
    name, place = found[number % len(found)]
    if action == "read here":
        kind = ChangeKind.SEEN if number % 2 else ChangeKind.UNSEEN
        scene.mark(place, kind, Flags(seen=bool(number % 2)))
    elif action == "move here" and name != _NAMES[number % 3]:
        scene.move(place, _NAMES[number % 3])
    elif action == "delete here":
        copies.deleted.add(messages.raw(place.item.stored.sha256))
        scene.delete(place)


def _with_message_size(office: Office, size: int) -> Site:
    return replace(office.site, limits=replace(office.site.limits, message_size=size))
