"""When a step at another authority is due again."""

from datetime import timedelta

import pytest

from siegel.policy.checklists import (
    FOLLOWS_CERTIFICATE,
    PRESETS,
    SOON,
    Counterpart,
    Done,
    Progress,
    StepKind,
    progress,
)
from siegel.wording.checklists import COUNTERPARTS, PAGES, PROGRESS, STEPS
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula, fourth_vienna_formula
from tests.world import WORLD_NOW

A_YEAR = WORLD_NOW + timedelta(days=365)
DONE = Done(at=WORLD_NOW, by="user:mira@office.example", fingerprint="aa", ends_at=A_YEAR)


@pytest.mark.parametrize("follows", [True, False])
def test_what_nobody_did_is_open(follows: bool) -> None:
    found = progress(None, follows_certificate=follows, current="aa", at=WORLD_NOW)
    assert found is Progress.OPEN


def test_what_gives_no_certificate_away_is_done_for_good() -> None:
    done = Done(at=WORLD_NOW, by="")
    later = WORLD_NOW + timedelta(days=10_000)
    assert progress(done, follows_certificate=False, current="bb", at=later) is Progress.DONE


@pytest.mark.parametrize(
    ("current", "days", "expected"),
    [
        ("aa", 0, Progress.DONE),
        ("bb", 0, Progress.AGAIN),  # renewed
        (None, 0, Progress.AGAIN),  # revoked: it counts no more and there is no other
        ("aa", 365 - SOON.days, Progress.SOON),
        ("aa", 365 - SOON.days - 1, Progress.DONE),
        ("aa", 365, Progress.AGAIN),  # ended
    ],
)
def test_an_upload_counts_for_the_certificate_it_was_done_with(
    current: str | None, days: int, expected: Progress
) -> None:
    at = WORLD_NOW + timedelta(days=days)
    assert progress(DONE, follows_certificate=True, current=current, at=at) is expected


def test_a_certificate_that_is_not_here_any_more_makes_it_due_again() -> None:
    gone = Done(at=WORLD_NOW, by="", fingerprint="aa", ends_at=None)
    found = progress(gone, follows_certificate=True, current="aa", at=WORLD_NOW)
    assert found is Progress.AGAIN


@pytest.mark.requirement("A36", "A37")
def test_every_preset_begins_with_trust_that_a_person_gives() -> None:
    for counterpart in (Counterpart.BAMF, Counterpart.V_PKI, Counterpart.EMPLOYMENT_AGENCY):
        assert StepKind.IMPORT_ROOT in PRESETS[counterpart]
        assert PAGES[counterpart].startswith("https://")


def test_every_step_that_hands_a_certificate_out_follows_it() -> None:
    assert {StepKind.UPLOAD, StepKind.PORTAL_UPLOAD} <= FOLLOWS_CERTIFICATE
    assert StepKind.IMPORT_ROOT not in FOLLOWS_CERTIFICATE


@pytest.mark.parametrize("language", Language)
def test_everything_has_words(language: Language) -> None:
    assert set(COUNTERPARTS[language]) == set(Counterpart)
    assert set(STEPS[language]) == set(StepKind)
    assert set(PROGRESS[language]) == set(Progress)


def test_what_was_not_checked_says_so() -> None:
    for counterpart in (Counterpart.EMPLOYMENT_AGENCY, Counterpart.BAMF):
        assert "nicht prüfen" in COUNTERPARTS[Language.DE][counterpart].next_step
        assert "could not check" in COUNTERPARTS[Language.EN][counterpart].next_step


def test_german_sentences_are_easy_to_read() -> None:
    for table in (COUNTERPARTS, STEPS, PROGRESS):
        for words in table[Language.DE].values():
            text = f"{words.sentence} {words.next_step}"
            assert first_vienna_formula(text) <= 10, text
            assert fourth_vienna_formula(text) <= 11, text
