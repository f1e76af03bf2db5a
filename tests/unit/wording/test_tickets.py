"""Words about certificates on their way: all members, both languages, plain German."""

import pytest

from siegel.policy.enrolling import LineFault
from siegel.policy.tickets import Hindrance, TicketReason
from siegel.wording.enrolling import said_of_line
from siegel.wording.outside_authorities import OUTSIDE_AUTHORITIES, OutsideAuthority
from siegel.wording.tickets import said_of_hindrance, said_of_ticket
from siegel.wording.words import Language, Words
from tests.unit.wording.readability import first_vienna_formula


def said(member: TicketReason | Hindrance | LineFault, language: Language) -> Words:
    if isinstance(member, TicketReason):
        return said_of_ticket(member, language)
    if isinstance(member, LineFault):
        return said_of_line(member, language)
    return said_of_hindrance(member, language)


@pytest.mark.requirement("A90", "A92")
@pytest.mark.parametrize("member", [*TicketReason, *Hindrance, *LineFault])
def test_every_reason_has_words_and_german_ones_are_easy(
    member: TicketReason | Hindrance | LineFault,
) -> None:
    german, english = (said(member, language) for language in Language)
    assert english.sentence.endswith(".")
    assert first_vienna_formula(f"{german.sentence} {german.next_step}") <= 10


@pytest.mark.requirement("B21")
@pytest.mark.parametrize("each", OUTSIDE_AUTHORITIES, ids=lambda each: each.names[Language.EN])
def test_steps_at_authorities_outside_are_easy(each: OutsideAuthority) -> None:
    assert set(each.steps) == set(Language)
    assert first_vienna_formula(each.steps[Language.DE]) <= 10
