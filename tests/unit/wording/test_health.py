"""Every state of every check has words in both languages, and nothing in them is left open."""

from datetime import UTC, datetime

import pytest

from siegel.policy.health import Check, Checked, State
from siegel.wording.amounts import grouped, moment_in_words, size_in_words
from siegel.wording.health import NAMES, SAID, STATES, said_of_check
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula, fourth_vienna_formula

AT = datetime(2026, 11, 28, 4, 5, tzinfo=UTC)
VALUES: dict[str, int | datetime] = {
    "sent": 1200, "signed": 0, "usual": 80, "expired": 1, "expiring": 2, "free": 3 * 1024**3,
    "size": 40 * 1024**3, "number": 3, "at": AT,
}  # fmt: skip
EVER_UNKNOWN = set(Check) - {Check.CERTIFICATES, Check.MAILBOXES, Check.ROOTS, Check.NOTICES}
NEVER_WARN = {
    Check.OUTBOUND_LISTENER, Check.INBOUND_LISTENER, Check.OUTBOUND_HOP, Check.INBOUND_HOP,
    Check.KEY_FILE, Check.HARDWARE,
}  # fmt: skip
NEVER_BAD = {Check.ROOTS, Check.FETCHING, Check.NOTICES, Check.BACKUP}


def possible(check: Check) -> set[State]:
    states = set(State)
    states -= {State.UNKNOWN} if check not in EVER_UNKNOWN else set()
    states -= {State.WARN} if check in NEVER_WARN else set()
    return states - ({State.BAD} if check in NEVER_BAD else set())


CASES = [(check, state) for check in Check for state in State if state in possible(check)]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("check", Check)
def test_words_exist_for_exactly_the_states_that_can_be(check: Check, language: Language) -> None:
    assert set(SAID[language][check]) == possible(check)
    assert NAMES[language][check]
    assert set(STATES[language]) == set(State)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("check", "state"), CASES)
@pytest.mark.requirement("A90", "A92")
def test_the_words_are_whole_sentences_and_say_what_to_do_about_trouble(
    check: Check, state: State, language: Language
) -> None:
    said = said_of_check(Checked(check=check, state=state, values=VALUES), language)
    assert "{" not in said.sentence
    assert said.sentence.endswith(".")
    if state in (State.WARN, State.BAD):
        assert said.next_step.endswith(".")


@pytest.mark.parametrize(("check", "state"), CASES)
@pytest.mark.requirement("A92")
def test_german_words_are_easy_to_read(check: Check, state: State) -> None:
    said = " ".join(SAID[Language.DE][check][state])
    assert first_vienna_formula(said) <= 10
    assert fourth_vienna_formula(said) <= 10


def test_amounts_are_written_as_each_language_does() -> None:
    de, en = Language.DE, Language.EN
    assert (grouped(1234567, de), grouped(1234567, en)) == ("1.234.567", "1,234,567")
    assert (size_in_words(1536 * 1024**2, de), size_in_words(1536 * 1024**2, en)) == (
        "1,5 GB", "1.5 GB",
    )  # fmt: skip
    assert (size_in_words(0, en), size_in_words(1023, en), size_in_words(20480, de)) == (
        "0 B", "1023 B", "20 KB",
    )  # fmt: skip
    assert moment_in_words(AT, de) == "28. November 2026, 04:05 (UTC)"
    assert moment_in_words(AT, en) == "28 November 2026, 04:05 (UTC)"
