"""Which of several certificates is used."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.pki.verdict import PathFinding
from siegel.policy.reasons import Obstacle
from siegel.policy.rules import KeyChangeRule
from siegel.policy.selection import for_encryption, for_own_copy, for_signing
from siegel.policy.usability import Candidate, Usable
from tests.unit.policy.facts import (
    ALICE,
    DAY,
    FRIEDA,
    HUBER,
    NOW,
    RULES,
    TRUSTED,
    certificate,
    failed,
    own,
    partner,
    rules,
)

OLD, RENEWED, REKEYED = own("alice"), own("alice_renewed"), own("alice_rekeyed")
EXPIRED = Candidate(certificate=certificate("huber", not_after=NOW - DAY), path=TRUSTED)


def fingerprints(found: tuple[Usable, ...]) -> list[str]:
    return [one.certificate.fingerprint for one in found]


@pytest.mark.requirement("A87")
def test_the_newest_own_certificate_signs_in_whatever_order_they_come() -> None:
    newest = min(REKEYED.certificate.fingerprint, RENEWED.certificate.fingerprint)
    for order in permutations((OLD, RENEWED, REKEYED)):
        assert fingerprints(for_signing(order, ALICE, NOW, RULES).usable) == [newest]


def test_a_newer_certificate_that_may_not_be_used_does_not_hide_an_older_one() -> None:
    later = Candidate(
        certificate=certificate("alice", not_before=NOW + DAY),
        path=TRUSTED,
        has_private_key=True,
        has_account=True,
    )
    found = for_signing((OLD, later), ALICE, NOW, RULES)
    assert fingerprints(found.usable) == [OLD.certificate.fingerprint]
    assert found.obstacles == ()


def test_an_expired_certificate_beside_a_valid_one_is_no_obstacle() -> None:
    valid = partner("huber")
    for order in permutations((EXPIRED, valid)):
        found = for_encryption(order, HUBER, NOW, RULES)
        assert fingerprints(found.usable) == [valid.certificate.fingerprint]
        assert found.obstacles == ()


def test_all_valid_certificates_of_a_recipient_are_used_each_once() -> None:
    candidates = (partner("alice"), partner("alice_renewed"), partner("alice_rekeyed"))
    found = for_encryption((*candidates, *candidates), ALICE, NOW, RULES)
    assert sorted(fingerprints(found.usable)) == sorted(
        one.certificate.fingerprint for one in candidates
    )


def test_separate_certificates_each_do_their_own_work() -> None:
    both = (own("frieda_sign"), own("frieda_encrypt"))
    sign = for_signing(both, FRIEDA, NOW, RULES)
    encrypt = for_encryption(both, FRIEDA, NOW, RULES)
    assert fingerprints(sign.usable) == [certificate("frieda_sign").fingerprint]
    assert fingerprints(encrypt.usable) == [certificate("frieda_encrypt").fingerprint]


def test_an_old_confirmed_key_is_used_while_a_new_one_is_held() -> None:
    new = partner("alice_rekeyed", change_unconfirmed=True)
    confirmed = partner("alice")
    held = for_encryption((confirmed, new), ALICE, NOW, rules(key_change=KeyChangeRule.HOLD))
    told = for_encryption((confirmed, new), ALICE, NOW, rules(key_change=KeyChangeRule.ALERT))
    assert fingerprints(held.usable) == [confirmed.certificate.fingerprint]
    assert len(told.usable) == 2


def test_an_office_certificate_is_used_only_where_the_person_has_none() -> None:
    office = partner("nina", linked_to=frozenset({HUBER}))
    personal = partner("huber")
    allowed = rules(organisation_certificates=True)
    assert fingerprints(for_encryption((office, personal), HUBER, NOW, allowed).usable) == [
        personal.certificate.fingerprint
    ]
    assert fingerprints(for_encryption((office, EXPIRED), HUBER, NOW, allowed).usable) == [
        office.certificate.fingerprint
    ]


def test_an_office_certificate_is_used_only_where_a_rule_allows_it() -> None:
    office = partner("nina", linked_to=frozenset({HUBER}))
    found = for_encryption((office,), HUBER, NOW, RULES)
    assert (found.usable, found.obstacles) == ((), (Obstacle.ORGANISATION_CERTIFICATE_OFF,))


def test_an_office_certificate_never_signs_for_a_person() -> None:
    office = own("nina", linked_to=frozenset({HUBER}))
    found = for_signing((office,), HUBER, NOW, rules(organisation_certificates=True))
    assert (found.usable, found.obstacles) == ((), (Obstacle.ADDRESS_DIFFERS,))


def test_without_any_certificate_that_is_the_obstacle() -> None:
    found = for_encryption((), HUBER, NOW, RULES)
    assert (found.usable, found.obstacles) == ((), (Obstacle.NO_CERTIFICATE,))


def test_the_certificate_nearest_to_being_usable_names_the_obstacles() -> None:
    hopeless = partner("otto", failed(PathFinding.UNTRUSTED_ROOT), pending=True)
    for order in permutations((hopeless, EXPIRED)):
        assert for_encryption(order, HUBER, NOW, RULES).obstacles == (Obstacle.EXPIRED,)


@pytest.mark.parametrize(
    ("candidate", "taken"),
    [
        pytest.param(own("alice"), True, id="ok/key-is-here"),
        pytest.param(
            own("alice", has_private_key=False, locked=True), True, id="ok/key-is-here-locked"
        ),
        pytest.param(own("alice", has_account=False), True, id="ok/no-account-needed-to-read"),
        pytest.param(partner("alice"), False, id="fail/arrived-by-mail"),
        pytest.param(
            own("alice", failed(PathFinding.EXPIRED)), False, id="fail/never-to-an-expired-one"
        ),
    ],
)
@pytest.mark.requirement("A15")
def test_the_sender_s_own_copy_is_for_keys_that_are_here(candidate: Candidate, taken: bool) -> None:
    assert bool(for_own_copy((candidate,), ALICE, NOW, RULES)) is taken


def test_nobody_gets_a_certificate_of_another_address() -> None:
    other = EmailAddress.parse("alice@office.example.org")
    assert for_signing((OLD,), other, NOW, RULES).usable == ()
    assert for_encryption((OLD,), other, NOW, RULES).obstacles == (Obstacle.ADDRESS_DIFFERS,)


HOURS = st.integers(-72, 72)


@pytest.mark.requirement("C10", "A87")
@given(moment=HOURS, order=st.permutations([OLD, RENEWED, REKEYED]))
def test_before_the_moment_the_kept_one_signs_and_from_it_on_the_newest(
    moment: int, order: list[Candidate]
) -> None:
    until = NOW + timedelta(hours=moment)
    kept = [replace(c, signs_until=until if c is OLD else None) for c in order]
    newest = fingerprints(for_signing(order, ALICE, NOW, RULES).usable)
    expected = newest if until <= NOW else [OLD.certificate.fingerprint]
    assert fingerprints(for_signing(kept, ALICE, NOW, RULES).usable) == expected


@pytest.mark.requirement("C10")
@given(moment=HOURS)
def test_a_kept_one_that_may_not_sign_gives_way_at_once(moment: int) -> None:
    until = NOW + timedelta(hours=moment)
    newest = fingerprints(for_signing((RENEWED,), ALICE, NOW, RULES).usable)
    for path in (failed(PathFinding.REVOKED), failed(PathFinding.EXPIRED)):
        kept = replace(OLD, path=path, signs_until=until)
        assert fingerprints(for_signing((kept, RENEWED), ALICE, NOW, RULES).usable) == newest


@given(moment=HOURS)
def test_who_encrypts_uses_both_before_and_after_the_moment(moment: int) -> None:
    kept = replace(OLD, signs_until=NOW + timedelta(hours=moment))
    found = for_encryption((kept, RENEWED), ALICE, NOW, RULES)
    assert set(fingerprints(found.usable)) == {
        OLD.certificate.fingerprint,
        RENEWED.certificate.fingerprint,
    }
