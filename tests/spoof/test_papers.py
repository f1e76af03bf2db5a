"""Every published attack is tried, and no trial ends green for somebody who did not write it."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.spoof.case import ATTACKER, VICTIM, Case
from tests.spoof.cases import CASES
from tests.spoof.making import FORGED, HONEST
from tests.spoof.papers import ATTACKS, Attack, Paper, verdicts
from tests.unit.smime import mails

ROOT = Path(__file__).parents[2]
GOOD = [case for case in CASES if case.good]


@pytest.mark.parametrize("attack", ATTACKS, ids=[one.name for one in ATTACKS])
def test_every_attack_is_tried_or_cannot_be(attack: Attack) -> None:
    assert attack.cases or attack.tests or attack.left
    for word in attack.words:
        assert any(word in case.name for case in attack.cases), word
    for test in attack.tests:
        file, _, name = test.partition("::")
        assert hasattr(import_module(file.removesuffix(".py").replace("/", ".")), name), test


def test_every_paper_has_attacks_and_no_two_are_called_the_same() -> None:
    assert {attack.paper for attack in ATTACKS} == set(Paper)
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def test_verdicts_are_counted() -> None:
    assert sum(verdicts(CASES).values()) == len(CASES)
    assert set(verdicts(CASES)) == {case.summary.value for case in CASES}


@pytest.mark.requirement("A5", "A18")
@pytest.mark.parametrize("case", GOOD, ids=[case.name for case in GOOD])
def test_what_is_green_for_the_victim_are_her_own_words(case: Case) -> None:
    """The few that count: the victim's text unchanged, or the forger under her own address."""
    payload = bytes(mails.opened(case.make(), case.reader).payload.exact)
    own = HONEST.partition(b"\r\n\r\n")[2]
    forged = FORGED.partition(b"\r\n\r\n")[2]
    assert case.about in (VICTIM.address, ATTACKER.address)
    if case.about == VICTIM.address:
        assert own in payload
        assert forged not in payload
