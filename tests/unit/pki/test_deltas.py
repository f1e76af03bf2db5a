"""Delta lists, lists of other issuers, and lists that are newer than what is in time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from siegel.pki.anchors import AnchorSet
from siegel.pki.deltas import missing_delta_places
from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, Purpose, RevocationStatus
from tests.unit.pki.chains import (
    AT,
    Party,
    Shape,
    anchored,
    issue,
    leaf_of,
    revocation_list,
    root,
)

GOOD, REVOKED, UNKNOWN = (
    RevocationStatus.GOOD,
    RevocationStatus.REVOKED,
    RevocationStatus.UNKNOWN,
)
HOLD = x509.ReasonFlags.certificate_hold
LIFTED = x509.ReasonFlags.remove_from_crl
DAY = timedelta(days=1)
EARLIER, LATER = AT - 30 * DAY, AT + 30 * DAY
ONCE: dict[str, Any] = {"this_update": AT - 3 * DAY}
OVER: dict[str, Any] = {"this_update": AT - 2 * DAY, "next_update": AT - DAY}
OLD: dict[str, Any] = {"this_update": AT - 9 * DAY, "next_update": AT - 4 * DAY}

UNKNOWN_EXTENSION = (
    x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.8"), b"\x05\x00"),
    True,
)

ROOT = root("Root")
CA = issue(ROOT, "CA")
LEAF = leaf_of(CA)
ROOT_LIST = revocation_list(ROOT)
HERE = "http://crl.office.example/delta.crl"


def point(url: str = HERE, issuer: x509.Name | None = None) -> x509.DistributionPoint:
    issuers: list[x509.GeneralName] = [] if issuer is None else [x509.DirectoryName(issuer)]
    return x509.DistributionPoint(
        [x509.UniformResourceIdentifier(url)], None, None, issuers or None
    )


FRESHEST = (x509.FreshestCRL([point()]), False)


def listed(why: x509.ReasonFlags | None = None, at: datetime = EARLIER) -> dict[int, Any]:
    return {LEAF.certificate.serial: (at, why)}


def complete(revoked: dict[int, Any] | None = None, **more: Any) -> bytes:
    return revocation_list(CA, revoked, extensions=(FRESHEST,), **(ONCE | more))


def delta(
    revoked: dict[int, Any] | None = None, base: int = 1, by: Party = CA, **more: Any
) -> bytes:
    indicator = (x509.DeltaCRLIndicator(base), True)
    return revocation_list(CA, revoked, extensions=(indicator,), key=by.key, number=7, **more)


def plain(revoked: dict[int, Any] | None = None, **more: Any) -> bytes:
    return revocation_list(CA, revoked, **(ONCE | more))


def judge(*lists: bytes, leaf: Party = LEAF, also: tuple[Party, ...] = ()) -> PathVerdict:
    evidence = Evidence(
        intermediates=tuple(one.certificate for one in (CA, *also)), crls=(ROOT_LIST, *lists)
    )
    return validate(leaf.certificate, anchored(ROOT), evidence, AT)


@pytest.mark.parametrize(
    ("lists", "revocation"),
    [
        pytest.param((complete(), delta()), GOOD, id="ok/nothing new"),
        pytest.param((complete(), delta(listed())), REVOKED, id="fail/revoked since"),
        pytest.param((complete(), delta(listed(HOLD))), REVOKED, id="fail/on hold since"),
        pytest.param((complete(listed(HOLD)), delta()), REVOKED, id="fail/on hold still"),
        pytest.param((complete(listed(HOLD)), delta(listed(LIFTED))), GOOD, id="ok/hold lifted"),
        pytest.param((complete(listed()), delta()), REVOKED, id="fail/revoked before"),
        pytest.param((delta(),), UNKNOWN, id="unknown/without complete list"),
        pytest.param((complete(**OLD), delta()), UNKNOWN, id="unknown/complete list out of date"),
        pytest.param((complete(), delta(listed(), base=2)), REVOKED, id="fail/of another base"),
        pytest.param((complete(), delta(base=2)), GOOD, id="ok/of another base, nothing new"),
        pytest.param((complete(), delta(listed(), by=ROOT)), GOOD, id="ok/forged delta"),
        pytest.param((complete(), delta(**OVER)), GOOD, id="ok/delta out of date, nothing new"),
        pytest.param((complete(), delta(listed(), **OVER)), REVOKED, id="fail/delta out of date"),
        pytest.param(
            (complete(), delta(listed(HOLD), **OVER)), UNKNOWN, id="unknown/hold, out of date"
        ),
        pytest.param((plain(), delta(listed())), REVOKED, id="fail/delta that nobody names"),
        pytest.param((plain(), delta(listed(HOLD))), UNKNOWN, id="unknown/hold that nobody names"),
    ],
)
def test_deltas_and_complete_lists_speak_together(
    lists: tuple[bytes, ...], revocation: RevocationStatus
) -> None:
    for given in (lists, lists[::-1]):
        verdict = judge(*given)
        assert verdict.revocation is revocation
        assert (verdict.status is PathStatus.INVALID) is (revocation is REVOKED)


@pytest.mark.parametrize(
    ("lists", "revocation"),
    [
        pytest.param((plain(), plain(listed(), **OVER)), REVOKED, id="fail/newer, out of date"),
        pytest.param((plain(), plain(listed(), **OLD)), GOOD, id="ok/older, out of date"),
        pytest.param((plain(), plain(listed(), this_update=AT - DAY)), REVOKED, id="fail/newer"),
        pytest.param((plain(listed()), plain(this_update=AT - DAY)), GOOD, id="ok/newest without"),
        pytest.param((plain(), plain(listed())), REVOKED, id="fail/of two at once the worse"),
        pytest.param(
            (
                plain(listed(x509.ReasonFlags.superseded)),
                plain(
                    listed(x509.ReasonFlags.superseded, LATER),
                    this_update=AT - DAY,
                    extensions=(UNKNOWN_EXTENSION,),
                ),
            ),
            REVOKED,
            id="fail/newest not understood",
        ),
        pytest.param(
            (plain(), plain(listed(x509.ReasonFlags.superseded, LATER), **OVER)),
            GOOD,
            id="ok/replaced later, newer and out of date",
        ),
    ],
)
def test_the_newest_list_counts_even_if_it_is_out_of_date(
    lists: tuple[bytes, ...], revocation: RevocationStatus
) -> None:
    """A list of short life that names the certificate is not forgotten for an older, longer one."""
    assert judge(*lists).revocation is revocation
    assert judge(*lists[::-1]).revocation is revocation


@pytest.mark.parametrize(
    ("certificate", "lists", "places"),
    [
        pytest.param(LEAF, (complete(),), (HERE,), id="ok/named by the list"),
        pytest.param(leaf_of(CA, extensions=(FRESHEST,)), (plain(),), (HERE,), id="ok/by the leaf"),
        pytest.param(LEAF, (plain(),), (), id="nothing/named by nobody"),
        pytest.param(LEAF, (), (), id="nothing/no list"),
        pytest.param(LEAF, (complete(**OLD),), (), id="nothing/list out of date"),
        pytest.param(LEAF, (complete(), delta()), (), id="nothing/at hand"),
        pytest.param(LEAF, (complete(), delta(**OVER)), (HERE,), id="ok/the one at hand is old"),
        pytest.param(LEAF, (ROOT_LIST, b"x"), (), id="nothing/of another issuer"),
    ],
)
def test_where_a_missing_delta_is_found(
    certificate: Party, lists: tuple[bytes, ...], places: tuple[str, ...]
) -> None:
    assert missing_delta_places(certificate.certificate, CA.certificate, lists, AT) == places


ELSEWHERE = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "List office")])
OFFICE = issue(ROOT, "List office")
LISTED_ELSEWHERE = leaf_of(
    CA, extensions=((x509.CRLDistributionPoints([point(issuer=ELSEWHERE)]), False),)
)
INDIRECT = (
    x509.IssuingDistributionPoint(
        full_name=[x509.UniformResourceIdentifier(HERE)],
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=False,
        only_some_reasons=None,
        indirect_crl=True,
        only_contains_attribute_certs=False,
    ),
    True,
)


@pytest.mark.parametrize(
    ("leaf", "lists"),
    [
        pytest.param(LISTED_ELSEWHERE, (), id="named, not at hand"),
        pytest.param(
            LISTED_ELSEWHERE, (revocation_list(OFFICE, extensions=(INDIRECT,)),), id="at hand"
        ),
        pytest.param(LEAF, (revocation_list(CA, extensions=(INDIRECT,)),), id="also for others"),
        pytest.param(LISTED_ELSEWHERE, (revocation_list(OFFICE),), id="not said to be indirect"),
    ],
)
def test_an_indirect_list_is_said_to_be_not_evaluated(
    leaf: Party, lists: tuple[bytes, ...]
) -> None:
    verdict = judge(*lists, leaf=leaf, also=(OFFICE,))

    assert (verdict.status, verdict.revocation) == (PathStatus.VALID, UNKNOWN)
    assert [(one.finding, one.depth, one.detail) for one in verdict.reasons] == [
        (PathFinding.INDIRECT_LIST, 0, "indirect CRL, not evaluated")
    ]


def test_a_separate_key_for_lists_counts_only_with_a_certificate_of_the_authority() -> None:
    """Same name, other key, certified by the same authority; a stranger of that name is nobody."""
    signer = issue(ROOT, "CA", Shape(usage=("crl_sign",)))
    stranger = issue(root("Root"), "CA", Shape(usage=("crl_sign",)))
    for by, revocation in ((signer, GOOD), (stranger, UNKNOWN)):
        whose = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key())
        verdict = judge(plain(key=by.key, extensions=((whose, False),)), also=(by,))
        assert verdict.revocation is revocation, by.name


def test_a_separate_key_for_lists_that_was_revoked_says_nothing() -> None:
    signer = issue(ROOT, "CA", Shape(usage=("crl_sign",)))
    listed_signer = revocation_list(ROOT, {signer.certificate.serial: (EARLIER, None)})
    whose = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    evidence = Evidence(
        intermediates=(CA.certificate, signer.certificate),
        crls=(listed_signer, plain(key=signer.key, extensions=((whose, False),))),
    )

    verdict = validate(LEAF.certificate, anchored(ROOT), evidence, AT)

    assert verdict.revocation is UNKNOWN


@pytest.mark.parametrize(
    ("lists", "good_at"),
    [
        pytest.param((plain(**OLD),), AT - 4 * DAY, id="ok/until the list ended"),
        pytest.param((plain(**OLD), plain(**OVER)), AT - DAY, id="ok/the last of two"),
        pytest.param((), None, id="never/no list"),
        pytest.param((plain(listed(HOLD), **OLD),), None, id="never/on hold then"),
        pytest.param((plain(key=ROOT.key, **OLD),), None, id="never/forged"),
    ],
)
def test_a_list_out_of_date_tells_when_nothing_was_revoked(
    lists: tuple[bytes, ...], good_at: datetime | None
) -> None:
    for_ever = revocation_list(ROOT, this_update=AT - 99 * DAY, next_update=LATER)
    evidence = Evidence(intermediates=(CA.certificate,), crls=(for_ever, *lists))
    trust = TrustFacts(anchors=anchored(ROOT), evidence=evidence, at=AT)

    verdict = trust.verdict(LEAF.certificate, Purpose.SIGN)

    assert verdict.revocation is UNKNOWN
    assert verdict.known_good_at == good_at


def test_what_is_known_now_needs_no_earlier_moment() -> None:
    evidence = Evidence(intermediates=(CA.certificate,), crls=(ROOT_LIST, plain(), plain(**OLD)))
    for anchors, revocation in (
        (anchored(ROOT), GOOD),
        (AnchorSet(anchors=()), RevocationStatus.NOT_CHECKED),
    ):
        trust = TrustFacts(anchors=anchors, evidence=evidence, at=AT)
        verdict = trust.verdict(LEAF.certificate, Purpose.SIGN)
        assert (verdict.revocation, verdict.known_good_at) == (revocation, None)
