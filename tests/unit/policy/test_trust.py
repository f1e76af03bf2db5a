"""Which roots are trusted: by default, by decision, and at which moment."""

from datetime import datetime

import pytest

from siegel.pki.anchors import AnchorSource, TrustAnchor, public_email_roots
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.policy.trust import Trust, TrustDecision, anchors_in_force
from tests.unit.policy.facts import DAY, NOW
from tests.world import WORLD

PUBLIC_ROOT = parse_certificate(WORLD.root.der)
OTHER_ROOT = parse_certificate(WORLD.authority("pss_root").der)
AGENCY_ROOT = parse_certificate(WORLD.unknown_root.der)
PUBLIC = tuple(
    TrustAnchor(certificate=root, source=AnchorSource.PUBLIC) for root in (PUBLIC_ROOT, OTHER_ROOT)
)


def decided(
    certificate: Certificate,
    trust: Trust,
    at: datetime = NOW - DAY,
    domains: frozenset[str] | None = None,
) -> TrustDecision:
    return TrustDecision(certificate=certificate, trust=trust, at=at, domains=domains)


def names(*decisions: TrustDecision, at: datetime = NOW) -> tuple[set[str], frozenset[str]]:
    found = anchors_in_force(PUBLIC, decisions, at)
    return {anchor.certificate.subject for anchor in found.anchors}, found.distrusted


BOTH = {PUBLIC_ROOT.subject, OTHER_ROOT.subject}


@pytest.mark.requirement("A34", "A35", "A70", "A72")
def test_public_roots_are_trusted_by_default_and_no_others() -> None:
    assert names() == (BOTH, frozenset())


@pytest.mark.requirement("A36", "A37", "A71")
def test_another_root_is_trusted_by_decision() -> None:
    assert names(decided(AGENCY_ROOT, Trust.TRUSTED))[0] == {*BOTH, AGENCY_ROOT.subject}


def test_a_public_root_can_be_distrusted() -> None:
    anchors, distrusted = names(decided(PUBLIC_ROOT, Trust.DISTRUSTED))
    assert anchors == {OTHER_ROOT.subject}
    assert PUBLIC_ROOT.fingerprint in distrusted


def test_a_root_that_is_no_anchor_can_be_distrusted() -> None:
    """It then counts for nothing on the way to another root either."""
    assert names(decided(AGENCY_ROOT, Trust.DISTRUSTED)) == (
        BOTH,
        frozenset({AGENCY_ROOT.fingerprint, AGENCY_ROOT.spki_sha256}),
    )


def test_distrust_reaches_every_certificate_of_the_key() -> None:
    """Anybody can give a certificate another fingerprint by rewriting its ECDSA signature."""
    _, distrusted = names(decided(PUBLIC_ROOT, Trust.DISTRUSTED))
    assert PUBLIC_ROOT.spki_sha256 in distrusted


def test_distrust_of_an_old_certificate_spares_the_new_one_that_is_trusted() -> None:
    old, new = (
        parse_certificate(WORLD.person(n).certificate_der) for n in ("alice", "alice_renewed")
    )
    assert old.spki_sha256 == new.spki_sha256
    _, distrusted = names(decided(old, Trust.DISTRUSTED), decided(new, Trust.TRUSTED))
    assert distrusted == {old.fingerprint}


@pytest.mark.parametrize(
    ("decisions", "trusted"),
    [
        pytest.param([(Trust.TRUSTED, 2), (Trust.DISTRUSTED, 1)], False, id="fail/later-distrust"),
        pytest.param([(Trust.DISTRUSTED, 2), (Trust.TRUSTED, 1)], True, id="ok/later-trust"),
        pytest.param([(Trust.DISTRUSTED, 1), (Trust.TRUSTED, 2)], False, id="fail/any-order"),
        pytest.param([(Trust.TRUSTED, 2), (Trust.WITHDRAWN, 1)], False, id="fail/withdrawn"),
        pytest.param([(Trust.DISTRUSTED, 1), (Trust.TRUSTED, 1)], True, id="ok/last-written"),
        pytest.param([(Trust.TRUSTED, 0)], True, id="ok/at-this-moment"),
        pytest.param([(Trust.TRUSTED, -1)], False, id="fail/decided-later"),
    ],
)
def test_the_latest_decision_by_that_moment_counts(
    decisions: list[tuple[Trust, int]], trusted: bool
) -> None:
    made = [decided(AGENCY_ROOT, trust, NOW - days * DAY) for trust, days in decisions]
    assert (AGENCY_ROOT.subject in names(*made)[0]) is trusted


def test_a_withdrawn_decision_leaves_a_public_root_as_it_was() -> None:
    made = (
        decided(PUBLIC_ROOT, Trust.DISTRUSTED, NOW - 2 * DAY),
        decided(PUBLIC_ROOT, Trust.WITHDRAWN),
    )
    assert names(*made) == (BOTH, frozenset())


def test_a_decision_can_narrow_a_root_to_domains() -> None:
    domains = frozenset({"bundesamt.example"})
    made = (
        decided(AGENCY_ROOT, Trust.TRUSTED, domains=domains),
        decided(PUBLIC_ROOT, Trust.TRUSTED, domains=domains),
    )
    found = anchors_in_force(PUBLIC, made, NOW)
    narrowed = {a.certificate.subject: a.domains for a in found.anchors}
    assert narrowed == {
        OTHER_ROOT.subject: None,
        AGENCY_ROOT.subject: domains,
        PUBLIC_ROOT.subject: domains,
    }


@pytest.mark.parametrize(
    ("decisions", "marks"),
    [
        pytest.param((), {AGENCY_ROOT.fingerprint, AGENCY_ROOT.spki_sha256}, id="ok/by-default"),
        pytest.param((Trust.TRUSTED,), set(), id="ok/somebody-here-trusts-it"),
        pytest.param(
            (Trust.TRUSTED, Trust.WITHDRAWN),
            {AGENCY_ROOT.fingerprint, AGENCY_ROOT.spki_sha256},
            id="ok/withdrawn",
        ),
    ],
)
def test_the_publisher_of_the_list_can_distrust_and_people_here_have_the_last_word(
    decisions: tuple[Trust, ...], marks: set[str]
) -> None:
    made = [decided(AGENCY_ROOT, trust) for trust in decisions]
    found = anchors_in_force(PUBLIC, made, NOW, distrusted=(AGENCY_ROOT,))
    assert found.distrusted == marks


def test_a_publisher_who_distrusts_an_old_certificate_keeps_the_key_it_trusts_in_a_new_one() -> (
    None
):
    old, new = (
        parse_certificate(WORLD.person(n).certificate_der) for n in ("alice", "alice_renewed")
    )
    public = (TrustAnchor(certificate=new, source=AnchorSource.PUBLIC),)
    assert anchors_in_force(public, (), NOW, distrusted=(old,)).distrusted == {old.fingerprint}
    by_people = anchors_in_force(public, (decided(old, Trust.DISTRUSTED),), NOW)
    assert old.spki_sha256 in by_people.distrusted, "a person's distrust reaches the key"


@pytest.mark.requirement("A34", "A35")
def test_the_shipped_roots_are_in_force_without_any_decision() -> None:
    found = anchors_in_force(public_email_roots(), (), NOW)
    assert len(found.anchors) == len(public_email_roots()) > 20
    assert {anchor.source for anchor in found.anchors} == {AnchorSource.PUBLIC}


def test_the_same_decisions_give_the_same_name_for_caches() -> None:
    one, two = decided(AGENCY_ROOT, Trust.TRUSTED), decided(PUBLIC_ROOT, Trust.DISTRUSTED)
    keys = {anchors_in_force(PUBLIC, order, NOW).key for order in ((one, two), (two, one))}
    assert len(keys) == 1
    assert anchors_in_force(PUBLIC, (one,), NOW).key not in keys
