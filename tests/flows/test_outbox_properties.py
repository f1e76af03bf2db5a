"""Whatever happens, in whatever order: nothing is lost, nothing leaves with less protection than
was promised, and a copy goes twice only by a crash between the next hop's 250 and our record."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from siegel.base.errors import Conflict
from siegel.flows import outbox, outbox_sending, outbox_undo
from siegel.flows.outbox_sending import Hand
from siegel.flows.points import OF_THE_OUTBOX, Point
from siegel.store.outbox_rows import OutboxRow
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.queries.outbox import OutboxState
from tests.flows.office import DANA, HUBER, UNKNOWN, Hop, Office, refusal
from tests.flows.outbox import ALICES, MIRA, in_folder, letter, outbox_office

PEOPLE = (HUBER.address, DANA.address, UNKNOWN)
ENDED = (OutboxState.SENT, OutboxState.FAILED, OutboxState.WITHDRAWN, OutboxState.HELD)

accepting = st.tuples(
    st.just("accept"),
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True),
    st.sampled_from(["", "encrypt", "sign"]),
    st.booleans(),
)
others = st.one_of(
    st.tuples(st.just("work"), st.none(), st.none(), st.none()),
    st.tuples(st.just("crash"), st.sampled_from(OF_THE_OUTBOX), st.integers(1, 3), st.none()),
    st.tuples(st.just("unreachable"), st.integers(1, 3), st.none(), st.none()),
    st.tuples(st.just("refuse"), st.sampled_from(PEOPLE), st.sampled_from([451, 550]), st.none()),
    st.tuples(st.just("learn"), st.sampled_from([HUBER, DANA]), st.none(), st.none()),
    st.tuples(st.just("undo"), st.integers(0, 5), st.none(), st.none()),
    st.tuples(st.just("now"), st.integers(0, 5), st.none(), st.none()),
    st.tuples(st.just("later"), st.sampled_from([1, 70, 4000, 90_000]), st.none(), st.none()),
)
Step = tuple[object, ...]


class PulledPlug(BaseException):
    """The process is gone: nothing of ours catches it."""


@dataclass
class World:
    office: Office
    letters: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    doubles: int = 0

    def secret(self, number: int) -> bytes:
        return f"geheim-{number}-geheim".encode()

    def row(self, id_: int) -> OutboxRow:
        return outbox.get(id_, MIRA, at=self.office.at)

    def step(self, step: Step) -> None:
        getattr(self, str(step[0]))(*step[1:])

    def accept(self, to: list[str], wish: str, wait: bool) -> None:
        number = len(self.letters)
        extra = f"X-Siegel-Protect: {wish}\r\n" if wish else ""
        made = letter(*to[:1], bcc=tuple(to[1:]), extra=extra, wait=wait, undo=number % 2 * 10,
                      text=self.secret(number).decode())  # fmt: skip
        id_ = outbox.accept(made, self.office.site, by="test", at=self.office.at)
        self.letters[id_] = made.message_id, self.secret(number)

    def work(self, *_: object) -> None:
        site, at = self.office.site, self.office.at
        outbox_sending.look_at_held(site, at=at)
        while outbox_sending.send_next(site, Hand(), at=at):
            pass
        while outbox_sending.finish_next(site, at=at):
            pass

    def crash(self, point: Point, at_pass: int, _: None) -> None:
        before, passed = self.office.site, [0]

        def passes(here: Point) -> None:
            passed[0] += here is point
            if here is point and passed[0] == at_pass:
                self.doubles += point is Point.SUBMITTED
                raise PulledPlug

        self.office.site = replace(before, passes=passes)
        with suppress(PulledPlug):
            self.work()
        self.office.site = before

    def unreachable(self, times: int, *_: None) -> None:
        self.office.out.fails = times

    def refuse(self, who: str, code: int, _: None) -> None:
        self.office.out.refuse[who] = refusal(code)

    def learn(self, person: object, *_: None) -> None:
        self.office.partner(person)  # type: ignore[arg-type]  # one of the cast

    def undo(self, which: int, *_: None) -> None:
        for id_ in list(self.letters)[which : which + 1]:
            with suppress(Conflict):
                outbox_undo.back_to_draft(id_, MIRA, self.office.site, by="test", at=self.office.at)

    def now(self, which: int, *_: None) -> None:
        for id_ in list(self.letters)[which : which + 1]:
            with suppress(Conflict):
                outbox.try_now(id_, MIRA, at=self.office.at)

    def later(self, seconds: int, *_: None) -> None:
        self.office.at += timedelta(seconds=seconds)

    def come_to_an_end(self) -> None:
        """The next hop is well again, and days pass."""
        self.office.out.fails = 0
        self.office.out.refuse = {w: r for w, r in self.office.out.refuse.items() if r.permanent}
        for _ in range(3):
            self.office.at += timedelta(hours=5)
            self.work()


@contextmanager
def undone(office: Office) -> Iterator[World]:
    """A world of its own for each example; the store forgets it."""
    at, office.out = office.at, Hop()
    site = office.site
    office.site = replace(site, hops={role: office.out for role in site.hops})
    with transaction.atomic():
        yield World(office)
        transaction.set_rollback(True)
    office.at, office.site = at, site


@pytest.mark.requirement("A3", "A16", "A57")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.one_of(accepting, others, others), min_size=2, max_size=12))
def test_whatever_happens_nothing_is_lost_and_nothing_leaves_plain(
    office: Office, steps: list[Step]
) -> None:
    with undone(outbox_office(office)) as world:
        for step in steps:
            world.step(step)
        world.come_to_an_end()
        for id_, (message_id, secret) in world.letters.items():
            _judge(world, world.row(id_), message_id.encode(), secret)


def _judge(world: World, row: OutboxRow, message_id: bytes, secret: bytes) -> None:
    assert row.state in ENDED
    copies = [sent for sent in world.office.out.sent if message_id in sent.content]
    got = [who for sent in copies for who in sent.recipients]
    assert len(got) - len(set(got)) <= world.doubles
    if row.plan == "sign_and_encrypt":
        assert all(secret not in sent.content for sent in copies)
    if row.plan == "sign":
        assert all(b"multipart/signed" in sent.content for sent in copies)
    if row.state is OutboxState.SENT:
        _is_sent(row, set(got))
    elif row.state is OutboxState.FAILED:
        assert all(each.state == "refused" for each in row.recipients)
        assert in_folder(ALICES, FolderRole.INBOX), "its writer was told"
    elif row.state is OutboxState.WITHDRAWN:
        assert got == []


def _is_sent(row: OutboxRow, got: set[str]) -> None:
    """Everybody has it or is named as one who has not; Sent has it once."""
    named = {each.address for each in row.recipients if each.state == "refused"}
    assert {each.address for each in row.recipients} == got | named
    in_sent = in_folder(ALICES, FolderRole.SENT)
    assert sum(each.message_id == row.message_id for each in in_sent) == 1
    assert row.filed_at is not None
