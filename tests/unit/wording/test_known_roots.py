"""The catalogue of private roots: complete in both languages, plain, and without any trust."""

import re

import pytest

from siegel.pki.anchors import public_email_roots
from siegel.pki.known_roots import PAGES, KnownRoot, Operator, known_private_roots
from siegel.wording.known_roots import OPERATORS, described
from siegel.wording.words import Language
from tests.unit.wording.readability import first_vienna_formula

ROOTS = known_private_roots()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("operator", Operator)
@pytest.mark.requirement("A37")
def test_every_operator_has_title_sentence_and_next_step(
    operator: Operator, language: Language
) -> None:
    words = OPERATORS[language][operator]
    assert words.title
    assert words.sentence.endswith(".")
    assert words.next_step.endswith(".")
    assert "SHA-256" in words.next_step, "an identifier of a key proves nothing"


@pytest.mark.parametrize("operator", Operator)
@pytest.mark.requirement("A92")
def test_german_texts_are_easy_to_read(operator: Operator) -> None:
    words = OPERATORS[Language.DE][operator]
    assert first_vienna_formula(f"{words.sentence} {words.next_step}") <= 10


@pytest.mark.requirement("A37", "B30", "B31")
def test_the_authorities_that_partners_meet_are_in_the_catalogue() -> None:
    assert {root.operator for root in ROOTS} == set(Operator)
    generations = [root.name for root in ROOTS if root.operator is Operator.BSI]
    assert generations == [f"PCA-1-Verwaltung-{year}" for year in (26, 23, 20, 17)]
    assert all(page.startswith("https://") for page in PAGES.values())


@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_identifiers_are_whole_or_absent(root: KnownRoot) -> None:
    assert re.fullmatch("(?:[0-9a-f]{40})?", root.subject_key_identifier)
    assert re.fullmatch("(?:[0-9a-f]{64})?", root.sha256)


@pytest.mark.requirement("A72")
def test_no_root_of_the_catalogue_is_among_the_anchors() -> None:
    shipped = " ".join(anchor.certificate.subject for anchor in public_email_roots())
    for root in ROOTS:
        assert root.name not in shipped


def test_what_is_not_known_is_left_empty() -> None:
    (agency,) = (root for root in ROOTS if root.operator is Operator.EMPLOYMENT_AGENCY)
    found = described(agency, Language.EN)
    assert (found["page"], found["sha256"], found["subject_key_identifier"]) == ("", "", "")
    assert found["advice"]
