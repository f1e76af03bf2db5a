"""Verdicts on certification paths: what is wrong is named, all of it, and never raises."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ObjectIdentifier
from hypothesis import given, settings
from hypothesis import strategies as st

from siegel.base import der
from siegel.base.errors import MalformedMessage
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.evidence import Evidence
from siegel.pki.path import forget, validate
from siegel.pki.usage import PathRules
from siegel.pki.verdict import (
    PathFinding,
    PathStatus,
    PathVerdict,
    Purpose,
    RevocationStatus,
)
from tests.unit.pki.chains import (
    AT,
    LAST_YEAR,
    NOT_AFTER,
    NOT_BEFORE,
    Party,
    Shape,
    anchored,
    fresh_key,
    issue,
    leaf_of,
    root,
    sent,
    signed_with_sha1,
)
from tests.world import WORLD, WORLD_NOW

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
ANY_USAGE = "2.5.29.37.0"
SMTP_UTF8_MAILBOX = ObjectIdentifier("1.3.6.1.5.5.7.8.9")
UNKNOWN_EXTENSION = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.4.1.99999.7"), b"\x05\x00")

ROOT = root("Root")
CA = issue(ROOT, "CA")


def constraint(*permitted: str) -> x509.NameConstraints:
    return x509.NameConstraints([x509.RFC822Name(name) for name in permitted], None)


def judge(
    leaf: Party,
    *intermediates: Party,
    purpose: Purpose = Purpose.ANY,
    at: datetime = AT,
    anchors: AnchorSet | None = None,
) -> PathVerdict:
    given = sent(*(intermediates or (CA,)))
    return validate(leaf.certificate, anchors or anchored(ROOT), given, at, purpose=purpose)


def found(verdict: PathVerdict) -> list[tuple[PathFinding, int]]:
    return [(one.finding, one.depth) for one in verdict.reasons]


@pytest.mark.requirement("A13")
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_good_chain_is_valid(purpose: Purpose) -> None:
    leaf = leaf_of(CA)

    verdict = judge(leaf, purpose=purpose)

    assert verdict.status is PathStatus.VALID
    assert verdict.reasons == ()
    assert verdict.revocation is RevocationStatus.NOT_CHECKED
    assert verdict.path == tuple(one.certificate.fingerprint for one in (leaf, CA, ROOT))
    assert verdict.anchor == ROOT.certificate.fingerprint
    assert verdict.at == AT


def test_a_verdict_is_no_truth_value() -> None:
    with pytest.raises(TypeError, match="not for a truth value"):
        bool(judge(leaf_of(CA)))


def test_without_anchors_nothing_is_known() -> None:
    verdict = judge(leaf_of(CA), anchors=AnchorSet())

    assert verdict.status is PathStatus.INDETERMINATE
    assert verdict.findings == (PathFinding.NO_ANCHORS,)


# ---- one thing wrong with the leaf


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        pytest.param({"not_after": LAST_YEAR}, PathFinding.EXPIRED, id="fail/expired"),
        pytest.param(
            {"not_before": AT + timedelta(days=1)}, PathFinding.NOT_YET_VALID, id="fail/not yet"
        ),
        pytest.param({"ca": True}, PathFinding.LEAF_IS_CA, id="fail/an authority"),
        pytest.param({"purposes": (SERVER_AUTH,)}, PathFinding.WRONG_USAGE, id="fail/for servers"),
        pytest.param(
            {"usage": ("key_cert_sign",)},
            PathFinding.WRONG_USAGE,
            id="fail/neither signs nor opens",
        ),
        pytest.param(
            {"names": (x509.RFC822Name._init_without_validation("a@b@office.example"),)},
            PathFinding.MALFORMED_ADDRESS,
            id="fail/two at signs",
        ),
        pytest.param(
            {"names": (x509.RFC822Name("office.example"),)},
            PathFinding.MALFORMED_ADDRESS,
            id="fail/a host is no address",
        ),
        pytest.param(
            {"extensions": ((UNKNOWN_EXTENSION, True),)},
            PathFinding.CRITICAL_EXTENSION,
            id="fail/unknown critical extension",
        ),
    ],
)
def test_what_is_wrong_with_the_leaf_is_named(
    changes: dict[str, Any], finding: PathFinding
) -> None:
    verdict = judge(leaf_of(CA, **changes))

    assert verdict.status is PathStatus.INVALID
    assert found(verdict) == [(finding, 0)]


@pytest.mark.parametrize(
    ("changes", "purpose", "valid"),
    [
        pytest.param({"usage": ("digital_signature",)}, Purpose.SIGN, True, id="ok/signs"),
        pytest.param({"usage": ("content_commitment",)}, Purpose.SIGN, True, id="ok/commits"),
        pytest.param({"usage": ("key_agreement",)}, Purpose.ENCRYPT, True, id="ok/agrees"),
        pytest.param({"usage": None}, Purpose.ENCRYPT, True, id="ok/says nothing"),
        pytest.param({"usage": ("key_agreement",)}, Purpose.SIGN, False, id="fail/never signs"),
        pytest.param(
            {"usage": ("digital_signature",)}, Purpose.ENCRYPT, False, id="fail/never opens"
        ),
        pytest.param(
            {"usage": ("key_encipherment",)}, Purpose.ENCRYPT, False, id="fail/RSA bit, EC key"
        ),
        pytest.param({"purposes": (ANY_USAGE,)}, Purpose.SIGN, True, id="ok/any usage"),
        pytest.param({"purposes": ()}, Purpose.SIGN, True, id="ok/no usage named"),
    ],
)
def test_the_leaf_must_be_meant_for_what_is_asked(
    changes: dict[str, Any], purpose: Purpose, valid: bool
) -> None:
    verdict = judge(leaf_of(CA, **changes), purpose=purpose)

    expected = [] if valid else [(PathFinding.WRONG_USAGE, 0)]
    assert found(verdict) == expected


# ---- one thing wrong above


@pytest.mark.parametrize(
    ("shape", "finding"),
    [
        pytest.param(Shape(not_after=LAST_YEAR), PathFinding.EXPIRED, id="fail/expired"),
        pytest.param(Shape(ca=None), PathFinding.NOT_A_CA, id="fail/no basicConstraints"),
        pytest.param(Shape(ca=False), PathFinding.NOT_A_CA, id="fail/cA FALSE"),
        pytest.param(Shape(usage=("crl_sign",)), PathFinding.NOT_A_CA, id="fail/no keyCertSign"),
        pytest.param(
            Shape(purposes=(SERVER_AUTH,)), PathFinding.WRONG_USAGE, id="fail/for servers"
        ),
        pytest.param(
            Shape(extensions=((UNKNOWN_EXTENSION, True),)),
            PathFinding.CRITICAL_EXTENSION,
            id="fail/unknown critical extension",
        ),
    ],
)
def test_what_is_wrong_with_an_authority_is_named(shape: Shape, finding: PathFinding) -> None:
    authority = issue(ROOT, "Odd CA", shape)

    verdict = judge(leaf_of(authority), authority)

    assert verdict.status is PathStatus.INVALID
    assert found(verdict) == [(finding, 1)]


@pytest.mark.parametrize(
    "purposes", [(), (EMAIL_PROTECTION,), (ANY_USAGE,), (SERVER_AUTH, EMAIL_PROTECTION)]
)
def test_an_authority_may_be_limited_to_mail(purposes: tuple[str, ...]) -> None:
    authority = issue(ROOT, "Mail CA", Shape(purposes=purposes))

    assert judge(leaf_of(authority), authority).status is PathStatus.VALID


def test_the_path_length_counts_authorities() -> None:
    short = issue(ROOT, "Short CA", Shape(path_length=0))
    below = issue(short, "Sub CA")

    verdict = judge(leaf_of(below), short, below)

    assert found(verdict) == [(PathFinding.PATH_LENGTH, 2)]


@pytest.mark.parametrize(
    ("permitted", "address", "valid"),
    [
        pytest.param("office.example", "a@office.example", True, id="ok/host"),
        pytest.param("office.example", "a@OFFICE.example", True, id="ok/other case"),
        pytest.param("office.example", "a@mail.office.example", False, id="fail/host below"),
        pytest.param(".office.example", "a@mail.office.example", True, id="ok/domain"),
        pytest.param(".office.example", "a@office.example", False, id="fail/not below"),
        pytest.param("a@office.example", "a@office.example", True, id="ok/mailbox"),
        pytest.param("a@office.example", "b@office.example", False, id="fail/other mailbox"),
        pytest.param("office.example", "a@elsewhere.example", False, id="fail/elsewhere"),
    ],
)
def test_name_constraints_hold_for_addresses(permitted: str, address: str, valid: bool) -> None:
    authority = issue(ROOT, "Limited CA", Shape(constraints=constraint(permitted)))
    leaf = leaf_of(authority, names=(x509.RFC822Name(address),))

    verdict = judge(leaf, authority)

    assert found(verdict) == ([] if valid else [(PathFinding.NAME_CONSTRAINT, 0)])


@pytest.mark.parametrize(
    ("address", "valid"),
    [("jörg@office.example", True), ("jörg@elsewhere.example", False)],
)
def test_name_constraints_hold_for_international_addresses(address: str, valid: bool) -> None:
    """RFC 9598 §6."""
    authority = issue(ROOT, "Limited CA", Shape(constraints=constraint("office.example")))
    name = x509.OtherName(SMTP_UTF8_MAILBOX, der.utf8_string(address))

    verdict = judge(leaf_of(authority, names=(name,)), authority)

    assert found(verdict) == ([] if valid else [(PathFinding.NAME_CONSTRAINT, 0)])


def test_several_things_are_named_at_once_the_most_specific_first() -> None:
    authority = issue(
        ROOT,
        "Limited CA",
        Shape(constraints=constraint("elsewhere.example"), purposes=(SERVER_AUTH,)),
    )
    leaf = leaf_of(authority, not_after=LAST_YEAR, usage=("key_cert_sign",))

    verdict = judge(leaf, authority)

    assert found(verdict) == [
        (PathFinding.EXPIRED, 0),
        (PathFinding.NAME_CONSTRAINT, 0),
        (PathFinding.WRONG_USAGE, 0),
        (PathFinding.WRONG_USAGE, 1),
    ]
    assert verdict.reasons[0].at == LAST_YEAR


def test_what_is_wrong_and_what_is_missing_are_named_together() -> None:
    authority = issue(root("Elsewhere"), "Unknown CA")

    verdict = judge(leaf_of(authority, not_after=LAST_YEAR))

    assert verdict.status is PathStatus.INVALID
    assert found(verdict) == [(PathFinding.EXPIRED, 0), (PathFinding.ISSUER_UNKNOWN, 0)]


# ---- dates


@pytest.mark.parametrize(
    ("at", "status"),
    [
        pytest.param(NOT_BEFORE, PathStatus.VALID, id="ok/first second"),
        pytest.param(NOT_BEFORE - timedelta(seconds=1), PathStatus.INVALID, id="fail/too early"),
        pytest.param(NOT_AFTER, PathStatus.VALID, id="ok/last second"),
        pytest.param(
            NOT_AFTER + timedelta(milliseconds=999), PathStatus.VALID, id="ok/its fractions"
        ),
        pytest.param(NOT_AFTER + timedelta(seconds=1), PathStatus.INVALID, id="fail/too late"),
    ],
)
@pytest.mark.parametrize("warm", [False, True], ids=["asked first", "asked before"])
def test_both_ends_of_the_period_belong_to_it(at: datetime, status: PathStatus, warm: bool) -> None:
    forget()
    leaf = leaf_of(CA)
    if warm:
        judge(leaf)

    assert judge(leaf, at=at).status is status


def test_other_time_zones_mean_the_same_moment() -> None:
    leaf = leaf_of(CA, not_after=AT)

    verdict = judge(leaf, at=AT.astimezone(ZoneInfo("Asia/Karachi")))

    assert verdict.status is PathStatus.VALID
    assert verdict.at == AT
    assert verdict.at.tzinfo is UTC


# ---- strength


def test_a_weak_key_in_the_leaf_is_named() -> None:
    wanda, anchors = _world("wanda")

    verdict = validate(wanda, anchors, _world_evidence("wanda"), WORLD_NOW)

    assert verdict.status is PathStatus.INVALID
    assert [(one.finding, one.detail) for one in verdict.reasons] == [
        (PathFinding.WEAK_KEY, "RSA 1024")
    ]


def test_a_weak_key_above_is_named() -> None:
    authority = issue(ROOT, "Weak CA", key=ec.generate_private_key(ec.SECP224R1()))

    assert found(judge(leaf_of(authority), authority)) == [(PathFinding.WEAK_KEY, 1)]


def test_a_broken_digest_is_named_wherever_it_is() -> None:
    authority = signed_with_sha1(CA, ROOT)
    leaf = signed_with_sha1(leaf_of(CA), CA)

    assert found(judge(leaf, CA)) == [(PathFinding.WEAK_DIGEST, 0)]
    assert found(judge(leaf_of(CA), authority)) == [(PathFinding.WEAK_DIGEST, 1)]


def test_the_signature_of_an_anchor_on_itself_need_not_be_strong() -> None:
    old = signed_with_sha1(ROOT, ROOT)

    assert judge(leaf_of(CA), anchors=anchored(old)).status is PathStatus.VALID


def test_the_organisation_may_ask_for_longer_keys() -> None:
    alice, anchors = _world("alice")

    verdict = validate(
        alice, anchors, _world_evidence("alice"), WORLD_NOW, rules=PathRules(min_rsa_bits=3072)
    )

    assert set(found(verdict)) == {(PathFinding.WEAK_KEY, depth) for depth in range(3)}


IMPECCABLE = [
    "alice",
    "dana",
    "bruno",
    "carla",
    "quentin",
    "quentin_encrypt",
    "paula",
    "joerg",
    "maria",
]


@pytest.mark.parametrize("name", IMPECCABLE)
def test_everybody_impeccable_is_valid(name: str) -> None:
    certificate, anchors = _world(name)

    verdict = validate(certificate, anchors, _world_evidence(name), WORLD_NOW)

    assert verdict.status is PathStatus.VALID, verdict.reasons


# ---- what people decided about anchors


@pytest.mark.parametrize("who", ["leaf", "authority", "anchor", "key of the authority"])
def test_a_distrusted_certificate_spoils_every_path_through_it(who: str) -> None:
    leaf = leaf_of(CA)
    mark, depth = {
        "leaf": (leaf.certificate.fingerprint, 0),
        "authority": (CA.certificate.fingerprint, 1),
        "key of the authority": (CA.certificate.spki_sha256, 1),
        "anchor": (ROOT.certificate.fingerprint, 2),
    }[who]

    verdict = judge(leaf, anchors=anchored(ROOT, distrusted=[mark]))

    assert verdict.status is PathStatus.INVALID
    assert found(verdict) == [(PathFinding.DISTRUSTED, depth)]


def test_another_path_around_a_distrusted_authority_is_taken() -> None:
    other = root("Other root")
    again = issue(other, "CA", key=CA.key)
    anchors = anchored(ROOT, other, distrusted=[ROOT.certificate.fingerprint])

    verdict = judge(leaf_of(CA), CA, again, anchors=anchors)

    assert verdict.status is PathStatus.VALID
    assert verdict.anchor == other.certificate.fingerprint


@pytest.mark.parametrize(
    ("domains", "addresses", "valid"),
    [
        pytest.param({"office.example"}, ("a@office.example",), True, id="ok/within"),
        pytest.param({"office.example"}, ("a@Office.Example",), True, id="ok/other case"),
        pytest.param({"office.example"}, ("a@sub.office.example",), False, id="fail/below"),
        pytest.param(
            {"office.example"},
            ("a@office.example", "a@elsewhere.example"),
            False,
            id="fail/one elsewhere",
        ),
        pytest.param({"office.example"}, (), False, id="fail/no address"),
    ],
)
def test_an_anchor_for_some_domains_vouches_for_no_others(
    domains: set[str], addresses: tuple[str, ...], valid: bool
) -> None:
    limited = TrustAnchor(
        certificate=ROOT.certificate,
        source=AnchorSource.VERIFIED_BY_HAND,
        domains=frozenset(domains),
    )
    leaf = leaf_of(CA, names=tuple(x509.RFC822Name(one) for one in addresses))

    verdict = judge(leaf, anchors=AnchorSet(anchors=(limited,)))

    assert found(verdict) == ([] if valid else [(PathFinding.NAME_CONSTRAINT, 0)])


def test_of_two_decisions_about_one_anchor_the_wider_one_counts() -> None:
    wide = TrustAnchor(certificate=ROOT.certificate, source=AnchorSource.PUBLIC)
    narrow = replace(wide, domains=frozenset({"elsewhere.example"}))

    assert judge(leaf_of(CA), anchors=AnchorSet(anchors=(narrow, wide))).status is PathStatus.VALID


def test_an_anchor_that_is_given_up_vouches_for_nothing_new() -> None:
    given_up = TrustAnchor(
        certificate=ROOT.certificate, source=AnchorSource.PUBLIC, distrust_after=LAST_YEAR
    )
    anchors = AnchorSet(anchors=(given_up,))
    new = leaf_of(CA, not_before=LAST_YEAR + timedelta(days=1))

    assert judge(leaf_of(CA), anchors=anchors).status is PathStatus.VALID
    assert found(judge(new, anchors=anchors)) == [(PathFinding.DISTRUSTED, 2)]


# ---- never raises, remembers the right things


CHANGES = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=3)


@settings(deadline=None)
@given(in_leaf=CHANGES, in_authority=CHANGES)
def test_no_octet_of_a_certificate_makes_it_raise(
    in_leaf: list[tuple[int, int]], in_authority: list[tuple[int, int]]
) -> None:
    """Whatever can be read as a certificate gets a verdict, and a changed one is never valid."""
    leaf, authority = _FUZZED
    changed = [
        _changed(leaf.certificate.der, in_leaf),
        _changed(authority.certificate.der, in_authority),
    ]
    try:
        given = [parse_certificate(one) for one in changed]
    except MalformedMessage:
        return
    evidence = Evidence(intermediates=(given[1], authority.certificate))

    verdict = validate(given[0], anchored(ROOT), evidence, AT)

    assert verdict.status is not PathStatus.VALID or given[0] == leaf.certificate


def _changed(whole: bytes, changes: list[tuple[int, int]]) -> bytes:
    spoilt = bytearray(whole)
    for position, octet in changes:
        spoilt[position % len(whole)] = octet
    return bytes(spoilt)


_FUZZED = (leaf_of(CA), CA)


def test_an_accepted_chain_makes_no_other_certificate_trusted() -> None:
    """A memory that mixed up two certificates would be a hole."""
    forget()
    key = fresh_key()
    good, forged = issue(ROOT, "CA 2", key=key), issue(ROOT, "CA 2", Shape(broken=True), key=key)
    leaf = leaf_of(good)

    assert judge(leaf, good).status is PathStatus.VALID
    assert judge(leaf, forged).status is PathStatus.INDETERMINATE
    assert judge(leaf, good, anchors=anchored(root("Root"))).status is not PathStatus.VALID


def test_the_verdict_is_the_same_with_and_without_memory() -> None:
    leaf = leaf_of(CA)
    forget()
    cold = judge(leaf)

    assert judge(leaf) == cold
    later = judge(leaf, at=AT + timedelta(days=1))
    assert later == replace(cold, at=AT + timedelta(days=1))


def test_many_threads_get_the_same_verdicts() -> None:
    forget()
    good, bad = leaf_of(CA), leaf_of(CA, purposes=(SERVER_AUTH,))

    with ThreadPoolExecutor(8) as threads:
        verdicts = list(threads.map(judge, [good, bad] * 200))

    assert {one.status for one in verdicts[::2]} == {PathStatus.VALID}
    assert {one.status for one in verdicts[1::2]} == {PathStatus.INVALID}


def test_openssl_is_loaded_only_when_a_path_is_judged() -> None:
    program = "import siegel.pki.path, sys; sys.exit('OpenSSL' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def _world(name: str) -> tuple[Certificate, AnchorSet]:
    anchors = (
        TrustAnchor(certificate=parse_certificate(one.der), source=AnchorSource.ORGANISATION)
        for one in WORLD.trusted_roots
    )
    certificate = parse_certificate(WORLD.person(name).certificate_der)
    return certificate, AnchorSet(anchors=tuple(anchors))


def _world_evidence(name: str) -> Evidence:
    return Evidence(intermediates=tuple(map(parse_certificate, WORLD.person(name).chain)))
