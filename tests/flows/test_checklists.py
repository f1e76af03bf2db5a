"""Checklists of other authorities: they remember what was given away, and ask for it again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, NotFound
from siegel.flows import accounts, attention, checklists
from siegel.flows.attention import Matter
from siegel.flows.checklists import MOST_LISTS, MOST_STEPS, NothingToGive
from siegel.policy.actions import Action
from siegel.policy.checklists import Counterpart, Progress, StepKind
from siegel.store.queries import journal
from tests.flows.office import ALICE, BOB, Office
from tests.world import WORLD

BY = "user:mira@office.example"


def make(office: Office, counterpart: Counterpart = Counterpart.EMPLOYMENT_AGENCY) -> int:
    account = EmailAddress.parse(ALICE.address)
    return checklists.make(counterpart, "Agentur", account, "", by=BY, at=office.at)


def do(office: Office, number: int, *kinds: StepKind) -> None:
    for step in checklists.one(number, office.at).steps:
        if not kinds or step.row.kind in kinds:
            checklists.mark_done(number, step.row.id, "Frau Sommer", by=BY, at=office.at)


def standing(office: Office, number: int) -> dict[StepKind, Progress]:
    return {s.row.kind: s.progress for s in checklists.one(number, office.at).steps}


@pytest.mark.requirement("A45", "A55")
def test_a_list_remembers_who_did_what_when_and_with_which_certificate(
    office: Office,
) -> None:
    number = make(office)
    do(office, number, StepKind.UPLOAD)
    state = checklists.one(number, office.at)
    upload = next(step.row for step in state.steps if step.row.kind is StepKind.UPLOAD)
    assert upload.done is not None
    assert state.current is not None
    assert (upload.done.by, upload.done.at) == (BY, office.at)
    assert upload.done.fingerprint == state.current.fingerprint
    assert upload.note == "Frau Sommer"
    assert state.progress is Progress.OPEN
    entry = journal.read(action=Action.CHECKLIST_STEP_DONE)[0]
    assert entry.detail["certificate"] == state.current.fingerprint


def test_a_renewal_makes_uploads_due_again_and_nothing_else(office: Office) -> None:
    number = make(office)
    do(office, number)
    assert checklists.due(office.at) == ()
    office.key(WORLD.person("alice_rekeyed"))
    found = standing(office, number)
    assert found[StepKind.UPLOAD] is found[StepKind.TEST_MAIL] is Progress.AGAIN
    assert found[StepKind.IMPORT_ROOT] is found[StepKind.ASK_CONTACT] is Progress.DONE
    due = checklists.due(office.at)
    assert {each.step.kind for each in due} == {StepKind.UPLOAD, StepKind.TEST_MAIL}
    assert {each.by_day for each in due} == {office.at}
    waiting = {each.matter: each.number for each in attention.of_the_house(office.at)}
    assert waiting[Matter.CHECKLISTS] == 2
    do(office, number, StepKind.UPLOAD)
    assert standing(office, number)[StepKind.UPLOAD] is Progress.DONE


def test_the_end_of_a_certificate_is_told_before_it_comes(office: Office) -> None:
    number = make(office)
    do(office, number)
    current = checklists.one(number, office.at).current
    assert current is not None
    office.at = current.not_after
    office.later(days=-20)
    assert {(e.progress, e.by_day) for e in checklists.due(office.at)} == {
        (Progress.SOON, current.not_after)
    }
    office.later(days=21)
    assert standing(office, number)[StepKind.UPLOAD] is Progress.AGAIN


def test_without_a_certificate_there_is_nothing_to_upload(office: Office) -> None:
    account = EmailAddress.parse("neu@office.example")
    accounts.create(account, "", by="test", at=office.at)
    number = checklists.make(
        Counterpart.EMPLOYMENT_AGENCY, "Agentur", account, "", by=BY, at=office.at
    )
    with pytest.raises(NothingToGive):
        do(office, number, StepKind.UPLOAD)
    do(office, number, StepKind.ASK_CONTACT)


def test_a_step_can_be_opened_again(office: Office) -> None:
    number = make(office)
    do(office, number)
    step = checklists.one(number, office.at).steps[0].row.id
    checklists.reopen(number, step, by=BY, at=office.at)
    assert checklists.one(number, office.at).steps[0].progress is Progress.OPEN


def test_own_steps_are_written_and_taken_out_and_those_of_a_preset_stay(office: Office) -> None:
    number = make(office, Counterpart.OWN)
    checklists.add_step(
        number, "Anrufen", "Vormittags", follows_certificate=True, by=BY, at=office.at
    )
    mine = checklists.one(number, office.at).steps[0].row
    assert (mine.title, mine.text, mine.follows_certificate) == ("Anrufen", "Vormittags", True)
    checklists.remove_step(number, mine.id, by=BY, at=office.at)
    assert checklists.one(number, office.at).steps == ()
    preset = make(office)
    first = checklists.one(preset, office.at).steps[0].row.id
    with pytest.raises(NotFound):
        checklists.remove_step(preset, first, by=BY, at=office.at)


def test_a_step_of_another_list_is_not_found(office: Office) -> None:
    first, second = make(office), make(office)
    step = checklists.one(first, office.at).steps[0].row.id
    with pytest.raises(NotFound):
        checklists.mark_done(second, step, "", by=BY, at=office.at)


def test_a_list_goes_and_the_journal_keeps_what_was_done(office: Office) -> None:
    number = make(office)
    do(office, number)
    assert checklists.remove(number, by=BY, at=office.at) == "Agentur"
    assert checklists.listing(office.at) == ()
    assert len(journal.read(action=Action.CHECKLIST_STEP_DONE)) == 6
    with pytest.raises(NotFound):
        checklists.remove(number, by=BY, at=office.at)


def test_there_are_limits(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checklists, "MOST_LISTS", 1)
    monkeypatch.setattr(checklists, "MOST_STEPS", 7)
    number = make(office)
    with pytest.raises(LimitExceeded):
        make(office)

    def add() -> None:
        checklists.add_step(number, "x", "", follows_certificate=False, by=BY, at=office.at)

    add()
    with pytest.raises(LimitExceeded):
        add()
    assert MOST_LISTS > 1 < MOST_STEPS


def test_many_lists_ask_the_store_no_more_often_than_two(office: Office) -> None:
    for account in (ALICE, BOB):
        address = EmailAddress.parse(account.address)
        number = checklists.make(Counterpart.BAMF, "B", address, "", by=BY, at=office.at)
        do(office, number)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            checklists.due(office.at)
        return len(queries)

    few = asked()
    for _ in range(10):
        do(office, make(office))
    assert asked() == few
