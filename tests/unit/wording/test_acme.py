"""Every standing of an order and every refusal of a mail has words in both languages."""

import pytest

from siegel.policy.acme import AcmeReason, MailRefusal, MailStanding
from siegel.wording.acme import acme_words, challenge_words, refusal_words
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("reason", AcmeReason)
@pytest.mark.requirement("A90")
def test_every_reason_is_worded_with_a_next_step(reason: AcmeReason, language: Language) -> None:
    words = acme_words(reason, language)
    assert words.sentence.endswith(".")
    assert words.next_step.endswith(".")
    assert not words.title.endswith(".")


@pytest.mark.parametrize("reason", AcmeReason)
@pytest.mark.requirement("A92")
def test_the_german_words_are_plain(reason: AcmeReason) -> None:
    words = acme_words(reason, Language.DE)
    assert first_vienna_formula(f"{words.sentence} {words.next_step}") <= 10


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("refusal", MailRefusal)
def test_every_refusal_is_a_sentence(refusal: MailRefusal, language: Language) -> None:
    assert refusal_words(refusal, language).endswith(".")


@pytest.mark.parametrize("refusal", MailRefusal)
def test_german_refusals_are_plain(refusal: MailRefusal) -> None:
    assert first_vienna_formula(refusal_words(refusal, Language.DE)) <= 10


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("became", [*MailStanding, *MailRefusal])
def test_a_reader_is_told_what_became_of_a_challenge(
    became: MailStanding | MailRefusal, language: Language
) -> None:
    said = challenge_words(became, language)
    assert said.sentence.endswith(".")
    assert said.next_step.endswith(".")
    if language is Language.DE:
        assert first_vienna_formula(f"{said.sentence} {said.next_step}") <= 10


@pytest.mark.parametrize("language", Language)
def test_no_two_reasons_are_called_the_same(language: Language) -> None:
    titles = [acme_words(reason, language).title for reason in AcmeReason]
    assert len(set(titles)) == len(titles)
