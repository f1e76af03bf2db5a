"""Every problem with a mail server has words in both languages, and says what to do."""

import pytest

from siegel.policy.mail_problems import MailProblem, Stage, problem_named
from siegel.wording.mail_problems import problem_words, stage_name
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("problem", MailProblem)
def test_every_problem_is_worded_with_a_next_step(problem: MailProblem, language: Language) -> None:
    words = problem_words(problem, language)
    assert words.sentence.endswith(".")
    assert words.next_step.endswith(".")
    assert not words.title.endswith(".")


@pytest.mark.parametrize("problem", MailProblem)
def test_the_german_words_are_plain(problem: MailProblem) -> None:
    words = problem_words(problem, Language.DE)
    assert first_vienna_formula(f"{words.sentence} {words.next_step}") <= 10


@pytest.mark.parametrize("language", Language)
def test_every_stage_has_a_name(language: Language) -> None:
    names = [stage_name(stage, language) for stage in Stage]
    assert len(set(names)) == len(Stage)


def test_a_problem_of_another_version_is_still_one() -> None:
    assert problem_named("") is None
    assert problem_named("of_the_future") is MailProblem.NOT_REACHED
    assert problem_named("timed_out") is MailProblem.TIMED_OUT
