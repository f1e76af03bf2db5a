"""What the test robot says: everything in both languages, plain German, and no stranger's words."""

from datetime import UTC, datetime

import pytest

from siegel.policy.robot import Silence
from siegel.policy.robot_report import (
    OnAnswer,
    OnEncryption,
    OnSignature,
    Report,
    SeenCertificate,
)
from siegel.wording.robot_letters import (
    ANSWER,
    ENCRYPTION,
    SIGNATURE,
    SILENCES,
    Sending,
    robot_letter,
)
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula

SENDING = Sending(organisation="Amt", signed=True, encrypted=False, page="https://a.example/")


def report(issuer: str = "") -> Report:
    return Report(
        signature=OnSignature.COUNTS,
        encryption=OnEncryption.OPENED,
        answer=OnAnswer.READY,
        certificate=SeenCertificate(
            fingerprint="ab" * 32, not_after=datetime(2028, 1, 2, tzinfo=UTC), issuer=issuer
        ),
    )


@pytest.mark.parametrize("language", Language)
def test_everything_that_can_be_seen_has_words(language: Language) -> None:
    assert set(SIGNATURE[language]) == set(OnSignature)
    assert set(ENCRYPTION[language]) == set(OnEncryption)
    assert set(ANSWER[language]) == set(OnAnswer)
    assert set(SILENCES[language]) == set(Silence)


@pytest.mark.requirement("A92")
def test_german_sentences_are_easy_to_read() -> None:
    german = Language.DE
    tables = (SIGNATURE[german], ENCRYPTION[german], ANSWER[german], SILENCES[german])
    for said in (text for table in tables for text in table.values()):
        assert first_vienna_formula(said) <= 10, said
    letter = robot_letter([german], report(), SENDING)
    assert first_vienna_formula(letter.text) <= 10


def test_both_languages_stand_one_below_the_other() -> None:
    text = robot_letter(list(Language), report(), SENDING).text
    assert text.index("Guten Tag") < text.index("Hello")


@pytest.mark.parametrize("language", Language)
def test_an_answer_says_how_it_leaves_and_where_to_go_on(language: Language) -> None:
    said = {
        robot_letter([language], report(), sending).text
        for sending in (
            SENDING,
            Sending(organisation="Amt", signed=True, encrypted=True, page=""),
            Sending(organisation="Amt", signed=False, encrypted=False, page=""),
        )
    }
    assert len(said) == 3
    assert sum("https://a.example/" in text for text in said) == 1


def test_an_issuers_name_is_short_plain_and_no_link() -> None:
    text = robot_letter([Language.EN], report("CN=http://spam.example\n\x07" + "x" * 500), SENDING)
    assert "://spam" not in text.text
    assert "x" * 120 not in text.text
    assert "\x07" not in text.text
