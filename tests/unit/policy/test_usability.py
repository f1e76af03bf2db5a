"""When a certificate may be used: every corner of the table, then each rule by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product, starmap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.keys import KeyKind
from siegel.pki.certificate import Certificate
from siegel.pki.classes import Generation, ValidationClass, ValidationType
from siegel.pki.verdict import (
    PathFinding,
    PathReason,
    PathStatus,
    PathVerdict,
    RevocationStatus,
)
from siegel.policy.reasons import Obstacle
from siegel.policy.rules import KeyChangeRule, OrganisationRules, UnknownRevocation
from siegel.policy.usability import Candidate, Purpose, Usable, obstacles, usable
from tests.unit.policy.facts import (
    ALICE,
    DAY,
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

SECOND = timedelta(seconds=1)
STRICT = rules(
    unknown_revocation=UnknownRevocation.REFUSE, key_change=KeyChangeRule.HOLD, min_rsa_bits=2048
)
OF_THE_CERTIFICATE: dict[Obstacle, dict[str, object]] = {
    Obstacle.EXPIRED: {"not_after": NOW - DAY},
    Obstacle.NOT_YET_VALID: {"not_before": NOW + DAY},
    Obstacle.ADDRESS_DIFFERS: {"addresses": (ALICE,)},
    Obstacle.WRONG_USAGE: {"key_usage": frozenset({"keyCertSign"})},
    Obstacle.WEAK_KEY: {"key_bits": 1024},
}
OF_THE_CANDIDATE: dict[Obstacle, dict[str, bool]] = {
    Obstacle.LOCKED: {"locked": True},
    Obstacle.NO_PRIVATE_KEY: {"has_private_key": False},
    Obstacle.NO_ACCOUNT: {"has_account": False},
    Obstacle.PENDING: {"pending": True},
    Obstacle.CHANGE_UNCONFIRMED: {"change_unconfirmed": True},
}
OF_THE_PATH: dict[frozenset[Obstacle], PathVerdict] = {
    frozenset(): TRUSTED,
    frozenset({Obstacle.REVOKED}): replace(TRUSTED, revocation=RevocationStatus.REVOKED),
    frozenset({Obstacle.REVOCATION_UNKNOWN}): replace(TRUSTED, revocation=RevocationStatus.UNKNOWN),
    frozenset({Obstacle.NOT_TRUSTED}): replace(
        failed(PathFinding.UNTRUSTED_ROOT), revocation=RevocationStatus.GOOD
    ),
}
CLASSES = (None, *starmap(ValidationClass, product(ValidationType, Generation)))
SIGNING_ONLY = {Obstacle.LOCKED, Obstacle.NO_PRIVATE_KEY, Obstacle.NO_ACCOUNT}
ENCRYPTION_ONLY = {Obstacle.CHANGE_UNCONFIRMED}


def corners() -> list[tuple[Candidate, frozenset[Obstacle]]]:
    """Every combination of everything that can stand in the way, and what it should give."""
    made = []
    for bad in product((False, True), repeat=len(OF_THE_CERTIFICATE)):
        of_certificate = [o for o, wrong in zip(OF_THE_CERTIFICATE, bad, strict=True) if wrong]
        changes = {k: v for o in of_certificate for k, v in OF_THE_CERTIFICATE[o].items()}
        changed = certificate("huber", **changes)
        for worse in product((False, True), repeat=len(OF_THE_CANDIDATE)):
            of_candidate = [o for o, wrong in zip(OF_THE_CANDIDATE, worse, strict=True) if wrong]
            known: dict[str, Any] = {"has_private_key": True, "has_account": True}
            for obstacle in of_candidate:
                known |= OF_THE_CANDIDATE[obstacle]
            for of_path, path in OF_THE_PATH.items():
                one = Candidate(certificate=changed, path=path, **known)
                made.append((one, frozenset((*of_certificate, *of_candidate)) | of_path))
    return made


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.requirement("A67", "A68", "A69", "A42", "A73", "A91")
def test_every_corner_of_what_can_stand_in_the_way(purpose: Purpose) -> None:
    elsewhere = ENCRYPTION_ONLY if purpose is Purpose.SIGN else SIGNING_ONLY
    for candidate, wrong in corners():
        expected = set(wrong) - elsewhere
        if Obstacle.LOCKED in expected:
            expected.discard(Obstacle.NO_PRIVATE_KEY)
        found = obstacles(candidate, HUBER, purpose, NOW, STRICT)
        assert set(found) == expected
        assert list(found) == sorted(found, key=list(Obstacle).index)
        assert (usable(candidate, HUBER, purpose, NOW, STRICT) is not None) == (not expected)


@pytest.mark.requirement("A67", "A68", "A69")
def test_a_usable_certificate_is_trusted_in_time_and_names_the_address() -> None:
    found = usable(partner("huber"), HUBER, Purpose.ENCRYPT, NOW, RULES)
    assert found is not None
    assert (found.certificate, found.address, found.at) == (certificate("huber"), HUBER, NOW)


def test_nothing_else_makes_a_usable() -> None:
    found = usable(partner("huber"), HUBER, Purpose.ENCRYPT, NOW, RULES)
    assert found is not None
    changes: dict[str, Any] = {"purpose": Purpose.SIGN}
    with pytest.raises((TypeError, ValueError)):
        replace(found, **changes)
    with pytest.raises(TypeError):
        Usable(
            certificate=certificate("emil"),
            path=TRUSTED,
            address=HUBER,
            purpose=Purpose.SIGN,
            at=NOW,
            made_by=object(),
        )


@pytest.mark.parametrize(
    ("named", "asked", "differs"),
    [
        pytest.param("huber@school.example", "huber@school.example", False, id="ok/equal"),
        pytest.param("Hans.HUBER@School.example", "hans.huber@sCHOOL.EXAMPLE", False, id="ok/case"),
        pytest.param("x@xn--mnchen-3ya.example", "x@münchen.example", False, id="ok/a-label"),
        pytest.param("hans@school.example", "hans@school.example.org", True, id="fail/longer"),
        pytest.param("hans@school.example", "ans@school.example", True, id="fail/part"),
        pytest.param("hans@school.example", "hans@mail.school.example", True, id="fail/below"),
        pytest.param("hans@school.example", "hans+x@school.example", True, id="fail/plus"),
        pytest.param("h.ans@school.example", "hans@school.example", True, id="fail/dots"),
        pytest.param("STRASSE@school.example", "straße@school.example", True, id="fail/sharp-s"),
        pytest.param("İ@school.example", "i@school.example", True, id="fail/not-ascii-case"),
    ],
)
@pytest.mark.requirement("A69", "A58", "A23")
def test_addresses_are_equal_but_for_ascii_case(named: str, asked: str, differs: bool) -> None:
    one = Candidate(
        certificate=certificate("huber", addresses=(EmailAddress.parse(named),)), path=TRUSTED
    )
    found = obstacles(one, EmailAddress.parse(asked), Purpose.ENCRYPT, NOW, RULES)
    assert (Obstacle.ADDRESS_DIFFERS in found) is differs


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(certificate("huber").not_before, (), id="ok/first-moment"),
        pytest.param(certificate("huber").not_after, (), id="ok/last-moment"),
        pytest.param(
            certificate("huber").not_before - SECOND, (Obstacle.NOT_YET_VALID,), id="fail/before"
        ),
        pytest.param(certificate("huber").not_after + SECOND, (Obstacle.EXPIRED,), id="fail/after"),
    ],
)
@pytest.mark.requirement("A68")
def test_first_and_last_moment_belong_to_the_time_of_a_certificate(
    at: datetime, expected: tuple[Obstacle, ...]
) -> None:
    assert obstacles(partner("huber"), HUBER, Purpose.ENCRYPT, at, RULES) == expected


@pytest.mark.requirement("A32", "A33", "A81")
def test_validation_class_changes_nothing() -> None:
    for one in CLASSES:
        candidate = Candidate(
            certificate=certificate("huber", validation_class=one),
            path=TRUSTED,
            has_private_key=True,
            has_account=True,
        )
        for purpose in Purpose:
            assert obstacles(candidate, HUBER, purpose, NOW, RULES) == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(TRUSTED, (), id="ok/valid"),
        pytest.param(failed(PathFinding.EXPIRED), (Obstacle.EXPIRED,), id="fail/leaf-expired"),
        pytest.param(
            failed(PathFinding.EXPIRED, depth=1), (Obstacle.NOT_TRUSTED,), id="fail/ca-expired"
        ),
        pytest.param(failed(PathFinding.REVOKED), (Obstacle.REVOKED,), id="fail/leaf-revoked"),
        pytest.param(
            failed(PathFinding.REVOKED, depth=1), (Obstacle.REVOKED,), id="fail/ca-revoked"
        ),
        pytest.param(
            failed(PathFinding.WRONG_USAGE), (Obstacle.WRONG_USAGE,), id="fail/leaf-usage"
        ),
        pytest.param(failed(PathFinding.LEAF_IS_CA), (Obstacle.WRONG_USAGE,), id="fail/leaf-is-ca"),
        pytest.param(failed(PathFinding.WEAK_KEY), (Obstacle.WEAK_KEY,), id="fail/leaf-weak"),
        pytest.param(
            failed(PathFinding.WEAK_KEY, depth=2), (Obstacle.NOT_TRUSTED,), id="fail/root-weak"
        ),
        pytest.param(
            failed(PathFinding.UNTRUSTED_ROOT), (Obstacle.NOT_TRUSTED,), id="fail/unknown-root"
        ),
        pytest.param(
            failed(PathFinding.EXPIRED, PathFinding.ISSUER_UNKNOWN),
            (Obstacle.EXPIRED, Obstacle.NOT_TRUSTED),
            id="fail/expired-and-unknown",
        ),
        pytest.param(
            failed(PathFinding.EXPIRED, PathFinding.REVOCATION_UNKNOWN),
            (Obstacle.EXPIRED,),
            id="fail/expired-hides-unknown-revocation",
        ),
        pytest.param(
            failed(PathFinding.REVOCATION_UNKNOWN),
            (Obstacle.NOT_TRUSTED,),
            id="fail/never-usable-without-a-valid-path",
        ),
        pytest.param(
            PathVerdict(status=PathStatus.INDETERMINATE, at=NOW),
            (Obstacle.NOT_TRUSTED,),
            id="fail/no-verdict",
        ),
        pytest.param(
            PathVerdict(
                status=PathStatus.INVALID,
                at=NOW,
                reasons=(
                    PathReason(finding=PathFinding.EXPIRED),
                    PathReason(finding=PathFinding.EXPIRED, depth=1),
                ),
            ),
            (Obstacle.EXPIRED, Obstacle.NOT_TRUSTED),
            id="fail/reasons-without-findings",
        ),
        pytest.param(
            PathVerdict(status=PathStatus.INVALID, at=NOW, findings=(PathFinding.NAME_CONSTRAINT,)),
            (Obstacle.NOT_TRUSTED,),
            id="fail/finding-without-reason",
        ),
    ],
)
@pytest.mark.requirement("A67", "A13")
def test_a_path_gives_the_obstacle_that_a_person_can_act_on(
    path: PathVerdict, expected: tuple[Obstacle, ...]
) -> None:
    assert obstacles(partner("huber", path), HUBER, Purpose.ENCRYPT, NOW, RULES) == expected


PATHS = st.builds(
    PathVerdict,
    status=st.sampled_from([PathStatus.INVALID, PathStatus.INDETERMINATE]),
    at=st.just(NOW),
    reasons=st.lists(
        st.builds(PathReason, finding=st.sampled_from(PathFinding), depth=st.integers(0, 3)),
        max_size=4,
    ).map(tuple),
    findings=st.lists(st.sampled_from(PathFinding), max_size=3).map(tuple),
    revocation=st.sampled_from(RevocationStatus),
)


@given(path=PATHS, purpose=st.sampled_from(Purpose))
def test_no_certificate_is_usable_without_a_valid_path(path: PathVerdict, purpose: Purpose) -> None:
    one = replace(own("alice"), path=path)
    assert obstacles(one, ALICE, purpose, NOW, RULES)
    assert usable(one, ALICE, purpose, NOW, RULES) is None


@pytest.mark.parametrize("status", [RevocationStatus.UNKNOWN, RevocationStatus.NOT_CHECKED])
@pytest.mark.parametrize(
    ("rule", "good_at", "refused"),
    [
        pytest.param(UnknownRevocation.ALLOW, None, False, id="ok/allowed"),
        pytest.param(UnknownRevocation.ALLOW_CACHED_7D, NOW - 7 * DAY, False, id="ok/seven-days"),
        pytest.param(
            UnknownRevocation.ALLOW_CACHED_7D, NOW - 7 * DAY - SECOND, True, id="fail/longer"
        ),
        pytest.param(UnknownRevocation.ALLOW_CACHED_7D, None, True, id="fail/never-known"),
        pytest.param(UnknownRevocation.REFUSE, NOW, True, id="fail/refused"),
    ],
)
def test_unknown_revocation_is_treated_as_the_organisation_says(
    rule: UnknownRevocation, good_at: datetime | None, refused: bool, status: RevocationStatus
) -> None:
    one = partner("huber", replace(TRUSTED, revocation=status, known_good_at=good_at))
    found = obstacles(one, HUBER, Purpose.ENCRYPT, NOW, rules(unknown_revocation=rule))
    assert found == ((Obstacle.REVOCATION_UNKNOWN,) if refused else ())


@pytest.mark.parametrize("rule", UnknownRevocation)
def test_revoked_refuses_whatever_the_rule_about_unknown_revocation(
    rule: UnknownRevocation,
) -> None:
    revoked = replace(TRUSTED, revocation=RevocationStatus.REVOKED, known_good_at=NOW)
    one = partner("huber", revoked)
    found = obstacles(one, HUBER, Purpose.ENCRYPT, NOW, rules(unknown_revocation=rule))
    assert found == (Obstacle.REVOKED,)


def test_an_unconfirmed_new_key_waits_only_where_the_organisation_holds_it() -> None:
    one = partner("huber", change_unconfirmed=True)
    held = rules(key_change=KeyChangeRule.HOLD)
    told = rules(key_change=KeyChangeRule.ALERT)
    assert obstacles(one, HUBER, Purpose.ENCRYPT, NOW, held) == (Obstacle.CHANGE_UNCONFIRMED,)
    assert obstacles(one, HUBER, Purpose.ENCRYPT, NOW, told) == ()


STRENGTHS: list[tuple[str, Callable[[], Certificate], int, bool]] = [
    ("ok/rsa-2048", lambda: certificate("huber"), 2048, False),
    ("fail/rsa-2048-where-3072-is-the-rule", lambda: certificate("huber"), 3072, True),
    ("fail/rsa-1024", lambda: certificate("wanda"), 2048, True),
    ("ok/p256", lambda: certificate("dana"), 4096, False),
    ("ok/brainpool", lambda: certificate("bruno"), 4096, False),
    ("ok/x25519", lambda: certificate("carla_encrypt"), 4096, False),
    ("fail/p192", lambda: certificate("dana", key_bits=192), 2048, True),
    ("fail/dsa", lambda: certificate("dana", key_kind=KeyKind.DSA, key_bits=3072), 2048, True),
]


@pytest.mark.parametrize(
    ("made", "least", "weak"), [case[1:] for case in STRENGTHS], ids=[case[0] for case in STRENGTHS]
)
def test_weak_keys_are_not_used(made: Callable[[], Certificate], least: int, weak: bool) -> None:
    one = Candidate(certificate=made(), path=TRUSTED)
    address = one.certificate.addresses[0]
    found = obstacles(one, address, Purpose.ENCRYPT, NOW, OrganisationRules(min_rsa_bits=least))
    assert (Obstacle.WEAK_KEY in found) is weak


@pytest.mark.requirement("A42")
def test_an_own_certificate_without_an_account_signs_nothing() -> None:
    found = obstacles(own("alice", has_account=False), ALICE, Purpose.SIGN, NOW, RULES)
    assert found == (Obstacle.NO_ACCOUNT,)


@pytest.mark.requirement("A73", "A41")
def test_signing_needs_the_private_key_and_says_when_only_the_passphrase_is_missing() -> None:
    without = own("alice", has_private_key=False)
    locked = own("alice", has_private_key=False, locked=True)
    assert obstacles(without, ALICE, Purpose.SIGN, NOW, RULES) == (Obstacle.NO_PRIVATE_KEY,)
    assert obstacles(locked, ALICE, Purpose.SIGN, NOW, RULES) == (Obstacle.LOCKED,)


def test_what_an_administrator_bound_to_an_address_counts_for_that_address_only() -> None:
    one = partner("nina", linked_to=frozenset({HUBER}))
    allowed = rules(organisation_certificates=True)
    assert obstacles(one, HUBER, Purpose.ENCRYPT, NOW, allowed) == ()
    assert obstacles(one, ALICE, Purpose.ENCRYPT, NOW, RULES) == (Obstacle.ADDRESS_DIFFERS,)


def test_a_separate_signing_certificate_is_never_encrypted_to_nor_the_reverse() -> None:
    frieda = certificate("frieda_sign").addresses[0]
    signs, encrypts = own("frieda_sign"), own("frieda_encrypt")
    assert obstacles(signs, frieda, Purpose.SIGN, NOW, RULES) == ()
    assert obstacles(signs, frieda, Purpose.ENCRYPT, NOW, RULES) == (Obstacle.WRONG_USAGE,)
    assert obstacles(encrypts, frieda, Purpose.ENCRYPT, NOW, RULES) == ()
    assert obstacles(encrypts, frieda, Purpose.SIGN, NOW, RULES) == (Obstacle.WRONG_USAGE,)
