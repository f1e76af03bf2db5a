"""What directories answer, and what is wrong with them, has plain words in both languages."""

import pytest

from siegel.policy.lookups import STAGE_OF, Answer, DirectoryProblem, DirectoryStage
from siegel.wording.lookups import answer_words, problem_words, stage_name
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("problem", DirectoryProblem)
def test_every_problem_is_worded_with_a_next_step(
    problem: DirectoryProblem, language: Language
) -> None:
    words = problem_words(problem, language)
    assert words.sentence.endswith(".")
    assert words.next_step.endswith(".")
    assert not words.title.endswith(".")
    assert problem in STAGE_OF


@pytest.mark.requirement("C2")
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("answer", Answer)
def test_every_answer_is_worded(answer: Answer, language: Language) -> None:
    words = answer_words(answer, language)
    assert words.sentence.endswith(".")
    assert not words.title.endswith(".")
    assert not words.next_step or words.next_step.endswith(".")


@pytest.mark.parametrize("member", [*Answer, *DirectoryProblem])
def test_the_german_words_are_plain(member: Answer | DirectoryProblem) -> None:
    german = Language.DE
    words = (
        answer_words(member, german)
        if isinstance(member, Answer)
        else problem_words(member, german)
    )
    assert first_vienna_formula(f"{words.sentence} {words.next_step}") <= 10


@pytest.mark.parametrize("language", Language)
def test_every_stage_has_a_name(language: Language) -> None:
    assert len({stage_name(stage, language) for stage in DirectoryStage}) == len(DirectoryStage)
