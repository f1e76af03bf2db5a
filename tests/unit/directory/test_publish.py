"""Which certificates are handed out: what mail can be opened with, the newest first."""

from dataclasses import replace
from datetime import timedelta

import pytest

from siegel.directory.publish import Held, handed_out, is_renewal
from siegel.pki.certificate import parse_certificate
from tests.world import WORLD

ALICE = parse_certificate(WORLD.person("alice").certificate_der)
ADDRESS = ALICE.addresses[0]
OLDER = replace(
    ALICE, der=ALICE.der + b"0", fingerprint="0" * 64, not_before=ALICE.not_before - timedelta(300)
)
GOOD = Held(certificate=ALICE, opens=True, usable=True)
OLD = Held(certificate=OLDER, opens=True, usable=True)


def test_the_newest_comes_first() -> None:
    assert handed_out(ADDRESS, [OLD, GOOD]) == (ALICE, OLDER)


@pytest.mark.parametrize("held", [replace(GOOD, opens=False), replace(GOOD, usable=False)])
def test_what_cannot_be_opened_or_used_stays_here(held: Held) -> None:
    assert handed_out(ADDRESS, [held]) == ()


def test_a_certificate_of_another_address_stays_here() -> None:
    bob = parse_certificate(WORLD.person("bob").certificate_der).addresses[0]
    assert handed_out(bob, [GOOD]) == ()


def test_a_certificate_after_another_is_a_renewal() -> None:
    assert is_renewal(ALICE, [OLD, GOOD])
    assert not is_renewal(ALICE, [GOOD])
    assert not is_renewal(OLDER, [OLD, GOOD])


def test_one_whose_key_was_never_here_makes_no_renewal() -> None:
    assert not is_renewal(ALICE, [replace(OLD, opens=False), GOOD])
