"""The one word for a certificate: nothing that stands in the way is left out of it."""

import unicodedata
from datetime import timedelta

import pytest

from siegel.base.secret import Secret
from siegel.pki.certificate import parse_certificate
from siegel.policy.expiry import STEPS, days_left, step_today
from siegel.policy.passphrases import weakness_of
from siegel.policy.reasons import Obstacle
from siegel.policy.standing import Seen, Standing, against_its_use, standing_of
from tests.unit.policy.facts import TRUSTED
from tests.world import WORLD, WORLD_NOW

HUBER = parse_certificate(WORLD.person("huber").certificate_der)
NOT_OF_ONE = {
    Obstacle.NO_CERTIFICATE,
    Obstacle.NO_COMMON_CIPHER,
    Obstacle.LOCKED,
    Obstacle.NO_PRIVATE_KEY,
}


def standing(*against: Obstacle) -> Standing:
    seen = Seen(certificate=HUBER, path=TRUSTED, against=against)
    return standing_of(seen, WORLD_NOW)


@pytest.mark.parametrize("obstacle", sorted(set(Obstacle) - NOT_OF_ONE))
@pytest.mark.requirement("A91")
def test_every_obstacle_has_a_standing(obstacle: Obstacle) -> None:
    assert standing() is Standing.USABLE
    assert standing(obstacle) is not Standing.USABLE


def test_the_worst_comes_first() -> None:
    assert standing(Obstacle.NO_ACCOUNT, Obstacle.EXPIRED) is Standing.EXPIRED
    assert standing(Obstacle.NOT_TRUSTED, Obstacle.REVOKED) is Standing.REVOKED


def test_one_that_only_encrypts_is_as_good_as_any_other() -> None:
    wrong = (Obstacle.WRONG_USAGE,)
    assert against_its_use(HUBER, wrong, ()) == ()
    server = parse_certificate(WORLD.person("alice").certificate_der)
    assert against_its_use(server, None, (Obstacle.EXPIRED,)) == (Obstacle.EXPIRED,)


@pytest.mark.parametrize(
    ("days", "step"),
    [(31, None), (30, 30), (29.9, 30), (14, 14), (13, 14), (7, 7), (2, 7), (1, 1), (0.5, 1),
     (0, 0), (-0.1, 0), (-7, 0), (-7.1, None)],
)  # fmt: skip
def test_the_step_of_a_day(days: float, step: int | None) -> None:
    assert step_today(WORLD_NOW + timedelta(days=days), WORLD_NOW) == step
    assert step is None or step in STEPS


def test_days_are_whole_days() -> None:
    assert days_left(WORLD_NOW + timedelta(days=1, hours=23), WORLD_NOW) == 1
    assert days_left(WORLD_NOW - timedelta(hours=1), WORLD_NOW) == -1


@pytest.mark.parametrize(
    "good", ["richtig pferd batterie klammer", "Xq7-nV2_zLp4", "Übung macht 7 Meister"]
)
def test_a_good_passphrase_is_taken_however_its_umlauts_are_spelled(good: str) -> None:
    decomposed = unicodedata.normalize("NFD", good)
    assert weakness_of(Secret(good), Secret(decomposed)) is None
