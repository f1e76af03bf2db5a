"""``rules explain`` in words: every obstacle has its sentence and its next step."""

import pytest

from siegel.base.address import EmailAddress
from siegel.flows.explaining import Explanation
from siegel.policy.outbound import EncryptionOffer, Offer, Plain, Send
from siegel.policy.reasons import Obstacle, Reason
from siegel.wording.lookup import words
from siegel.wording.words import Language

HUBER = EmailAddress.parse("huber@school.example")


@pytest.mark.requirement("A73", "A74")
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("obstacle", list(Obstacle))
def test_every_obstacle_is_explained_with_a_next_step(
    obstacle: Obstacle, language: Language
) -> None:
    said = words(obstacle, language)
    decisions = [Send(plan=Plain(), reasons=(), recipients={HUBER: (obstacle,)})]
    if obstacle is not Obstacle.NO_CERTIFICATE:  # of the sender: a reason, with words of its own
        decisions.append(Send(plan=Plain(), reasons=(), recipients={HUBER: ()}, sender=(obstacle,)))
    for decision in decisions:
        lines = explained(decision, language)
        at = lines.index(f"  {said.title}: {said.sentence}")
        assert lines[at + 1] == f"    → {said.next_step}"
        assert said.next_step


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_a_sentence(reason: Reason, language: Language) -> None:
    decision = Send(plan=Plain(), reasons=(reason,), recipients={})
    assert explained(decision, language)[1] == f"  {words(reason, language).sentence}"


def explained(decision: Send, language: Language) -> list[str]:
    offer = Offer(encryption=EncryptionOffer.IMPOSSIBLE, decision=decision, on_wish=decision)
    return Explanation(offer=offer).lines(language)
