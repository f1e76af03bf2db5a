"""What a received message is worth: the four states, and everything that keeps from green."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.findings import Finding
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, RevocationStatus
from siegel.policy.inbound import CryptographicSummary, is_content_authentic, judge
from siegel.policy.reasons import Reason
from siegel.policy.rules import OrganisationRules, UnknownRevocation
from siegel.policy.signers import KnownCertificate, by_fingerprint
from siegel.smime.layers import (
    CompressedLayer,
    EncryptedLayer,
    ErrantLayer,
    Layer,
    OpenedMessage,
    SignedLayer,
    Signer,
)
from tests.unit.policy.facts import (
    ALICE,
    DAY,
    HUBER,
    NOW,
    RULES,
    STRANGER,
    TRUSTED,
    certificate,
    failed,
    rules,
)
from tests.unit.policy.opened import encrypted, judged, opened, signed, signer, signer_of

UNPROTECTED = CryptographicSummary.UNPROTECTED
VERIFIED = CryptographicSummary.VERIFIED
CONFIDENTIAL = CryptographicSummary.CONFIDENTIAL
UNVERIFIED = CryptographicSummary.ENCRYPTED_UNVERIFIED
HUBER_FP = certificate("huber").fingerprint
CLOSED = encrypted(opened=False, key_found=False, findings=(Finding.NO_DECRYPTION_KEY,))
WEAK = encrypted(weak=True, cipher="3des", findings=(Finding.WEAK_CIPHER,))
BROKEN = signer(intact=False, findings=(Finding.DIGEST_MISMATCH,))

SHAPES: list[tuple[str, tuple[Layer, ...], CryptographicSummary, tuple[Reason, ...]]] = [
    ("plain", (), UNPROTECTED, (Reason.NOT_PROTECTED,)),
    ("compressed", (CompressedLayer(),), UNPROTECTED, (Reason.NOT_PROTECTED,)),
    ("signed", (signed(signer()),), VERIFIED, (Reason.SIGNATURE_COUNTS,)),
    (
        "signed-compressed",
        (signed(signer()), CompressedLayer()),
        VERIFIED,
        (Reason.SIGNATURE_COUNTS,),
    ),
    (
        "encrypted-signed",
        (encrypted(), signed(signer())),
        CONFIDENTIAL,
        (Reason.ENCRYPTED, Reason.SIGNATURE_COUNTS),
    ),
    (
        "triple-wrapped",
        (signed(signer()), encrypted(), signed(signer())),
        CONFIDENTIAL,
        (Reason.ENCRYPTED, Reason.SIGNATURE_COUNTS),
    ),
    ("encrypted", (encrypted(),), UNVERIFIED, (Reason.ENCRYPTED, Reason.NOT_SIGNED)),
    (
        "encrypted-and-authenticated",
        (encrypted(authenticated=True),),
        UNVERIFIED,
        (Reason.ENCRYPTED, Reason.NOT_SIGNED),
    ),
    (
        "encrypted-broken-signature",
        (encrypted(), signed(BROKEN)),
        UNVERIFIED,
        (Reason.ENCRYPTED, Reason.SIGNATURE_BROKEN),
    ),
    (
        "signed-outside-encryption",
        (signed(signer()), encrypted()),
        UNVERIFIED,
        (Reason.ENCRYPTED, Reason.SIGNED_OUTSIDE_ENCRYPTION),
    ),
    (
        "signed-around-closed",
        (signed(signer()), CLOSED),
        UNVERIFIED,
        (Reason.ENCRYPTION_CLOSED, Reason.SIGNED_OUTSIDE_ENCRYPTION),
    ),
    ("closed", (CLOSED,), UNVERIFIED, (Reason.ENCRYPTION_CLOSED, Reason.NOT_SIGNED)),
    (
        "weak",
        (WEAK,),
        UNPROTECTED,
        (Reason.ENCRYPTED, Reason.ENCRYPTION_WEAK, Reason.NOT_SIGNED),
    ),
    (
        "weak-signed",
        (WEAK, signed(signer())),
        VERIFIED,
        (Reason.ENCRYPTED, Reason.ENCRYPTION_WEAK, Reason.SIGNATURE_COUNTS),
    ),
    (
        "strong-around-weak-signed",
        (encrypted(), WEAK, signed(signer())),
        VERIFIED,
        (Reason.ENCRYPTED, Reason.ENCRYPTION_WEAK, Reason.SIGNATURE_COUNTS),
    ),
    (
        "weak-by-finding",
        (encrypted(findings=(Finding.WEAK_CIPHER,)),),
        UNPROTECTED,
        (Reason.ENCRYPTED, Reason.ENCRYPTION_WEAK, Reason.NOT_SIGNED),
    ),
    (
        "weak-by-flag",
        (encrypted(weak=True),),
        UNPROTECTED,
        (Reason.ENCRYPTED, Reason.ENCRYPTION_WEAK, Reason.NOT_SIGNED),
    ),
    (
        "closed-inside-opened",
        (encrypted(), CLOSED),
        UNVERIFIED,
        (Reason.ENCRYPTION_CLOSED, Reason.NOT_SIGNED),
    ),
    ("broken", (signed(BROKEN),), UNPROTECTED, (Reason.SIGNATURE_BROKEN,)),
    ("nobody-signed", (signed(findings=(Finding.NO_SIGNER,)),), UNPROTECTED, (Reason.NOT_SIGNED,)),
]


@pytest.mark.parametrize(
    ("layers", "summary", "reasons"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES]
)
@pytest.mark.requirement("A2", "A4", "A17", "A65", "A77")
def test_every_shape_has_its_summary(
    layers: tuple[Layer, ...], summary: CryptographicSummary, reasons: tuple[Reason, ...]
) -> None:
    found = judged(opened(*layers))
    assert (found.summary, found.reasons) == (summary, reasons)
    assert found.at == NOW


# --- why a signature does not count --------------------------------------------------------------

UNKNOWN_ROOT = {HUBER_FP: failed(PathFinding.UNTRUSTED_ROOT)}
REVOKED = {HUBER_FP: replace(TRUSTED, revocation=RevocationStatus.REVOKED)}
AGAINST: list[tuple[str, Signer, dict[str, PathVerdict], Reason]] = [
    ("digest", signer(intact=False), {}, Reason.SIGNATURE_BROKEN),
    ("mathematics", signer(signature_valid=False), {}, Reason.SIGNATURE_BROKEN),
    (
        "contradicts-itself",
        signer(findings=(Finding.SIGNING_CERTIFICATE_MISMATCH,)),
        {},
        Reason.SIGNATURE_BROKEN,
    ),
    (
        "no-certificate",
        signer(None, signature_valid=None, findings=(Finding.SIGNER_CERTIFICATE_MISSING,)),
        {},
        Reason.SIGNATURE_NOT_CHECKABLE,
    ),
    (
        "unknown-algorithm",
        signer(signature_valid=None, findings=(Finding.UNSUPPORTED,)),
        {},
        Reason.SIGNATURE_NOT_CHECKABLE,
    ),
    ("weak", signer(weak=True), {}, Reason.SIGNATURE_WEAK),
    ("weak-digest", signer(findings=(Finding.WEAK_DIGEST,)), {}, Reason.SIGNATURE_WEAK),
    ("another-address", signer("stranger"), {}, Reason.SIGNER_ADDRESS_DIFFERS),
    ("unknown-root", signer(), UNKNOWN_ROOT, Reason.SIGNER_NOT_TRUSTED),
    (
        "indeterminate",
        signer(),
        {HUBER_FP: PathVerdict(status=PathStatus.INDETERMINATE, at=NOW)},
        Reason.SIGNER_NOT_TRUSTED,
    ),
    ("revoked", signer(), REVOKED, Reason.SIGNER_REVOKED),
    (
        "not-for-signing",
        signer_of(certificate("huber", key_usage=frozenset({"keyEncipherment"}))),
        {},
        Reason.SIGNER_MAY_NOT_SIGN,
    ),
    (
        "in-the-future",
        signer(signing_time=NOW + timedelta(minutes=10, seconds=1)),
        {},
        Reason.SIGNING_TIME_IN_FUTURE,
    ),
]


@pytest.mark.parametrize(
    ("one", "paths", "reason"), [row[1:] for row in AGAINST], ids=[f"fail/{r[0]}" for r in AGAINST]
)
@pytest.mark.requirement("A5", "A6", "A13", "A18", "A67", "A69")
def test_a_failed_signature_is_no_signature_plus_its_reason(
    one: Signer, paths: dict[str, PathVerdict], reason: Reason
) -> None:
    for layers, summary in (
        ((signed(one),), UNPROTECTED),
        ((encrypted(), signed(one)), UNVERIFIED),
    ):
        found = judged(opened(*layers), paths=paths)
        assert found.summary is summary
        assert found.reasons[-1] is reason
        assert [s.reasons for s in found.signers] == [(reason,)]
        assert not found.signers[0].counts


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(signer(signing_time=None), id="ok/no-signing-time"),
        pytest.param(signer(signing_time=NOW + timedelta(minutes=10)), id="ok/clock-ten-minutes"),
        pytest.param(signer(signing_time=NOW - 365 * DAY), id="ok/old-mail"),
        pytest.param(signer(findings=(Finding.UNUSUAL_PSS,)), id="ok/note"),
    ],
)
def test_what_does_not_count_against_a_signature(one: Signer) -> None:
    assert judged(opened(signed(one))).summary is VERIFIED


def test_a_certificate_without_a_path_verdict_is_not_trusted() -> None:
    found = judge(opened(signed(signer())), {}, (HUBER,), at=NOW, rules=RULES)
    assert found.summary is UNPROTECTED
    assert found.signers[0].path is None
    assert not found.signers[0].trusted


@pytest.mark.parametrize(
    ("one", "paths", "trusted"),
    [
        pytest.param(signer(), {}, True, id="ok/valid-path"),
        pytest.param(BROKEN, {}, True, id="ok/broken-by-a-trusted-person"),
        pytest.param(signer("stranger"), {}, True, id="ok/trusted-for-another-address"),
        pytest.param(signer(), UNKNOWN_ROOT, False, id="fail/unknown-root"),
        pytest.param(signer(), REVOKED, False, id="fail/revoked"),
        pytest.param(signer(None, signature_valid=None), {}, False, id="fail/no-certificate"),
    ],
)
@pytest.mark.requirement("A13")
def test_trust_in_the_certificate_is_a_question_of_its_own(
    one: Signer, paths: dict[str, PathVerdict], trusted: bool
) -> None:
    assert judged(opened(signed(one)), paths=paths).signers[0].trusted is trusted


def test_a_flaw_of_the_layer_is_a_flaw_of_each_of_its_signatures() -> None:
    layer = signed(signer(), findings=(Finding.PARTIAL_SIGNATURE,))
    assert judged(opened(layer)).reasons == (Reason.SIGNATURE_BROKEN,)


@pytest.mark.parametrize(
    ("rule", "good_at", "summary"),
    [
        pytest.param(UnknownRevocation.ALLOW, None, VERIFIED, id="ok/allowed"),
        pytest.param(UnknownRevocation.ALLOW_CACHED_7D, NOW - DAY, VERIFIED, id="ok/known-good"),
        pytest.param(UnknownRevocation.ALLOW_CACHED_7D, None, UNPROTECTED, id="fail/never-known"),
        pytest.param(UnknownRevocation.REFUSE, NOW - DAY, UNPROTECTED, id="fail/refused"),
    ],
)
def test_unknown_revocation_counts_as_the_organisation_says(
    rule: UnknownRevocation, good_at: datetime | None, summary: CryptographicSummary
) -> None:
    unknown = replace(TRUSTED, revocation=RevocationStatus.UNKNOWN, known_good_at=good_at)
    found = judged(
        opened(signed(signer())), paths={HUBER_FP: unknown}, rules=rules(unknown_revocation=rule)
    )
    assert found.summary is summary


# --- bound to From -------------------------------------------------------------------------------

INSIDE = b'Content-Type: text/plain; hp="clear"\r\nFrom: %s\r\n\r\nHallo\r\n'


@pytest.mark.parametrize(
    ("from_", "sender_field", "reason"),
    [
        pytest.param((HUBER,), None, None, id="ok/from"),
        pytest.param((EmailAddress.parse("HUBER@School.Example"),), None, None, id="ok/case"),
        pytest.param((HUBER,), STRANGER, None, id="ok/sender-does-not-matter"),
        pytest.param((STRANGER,), HUBER, Reason.SIGNED_BY_SENDER_FIELD, id="fail/sender-only"),
        pytest.param((STRANGER,), ALICE, Reason.SIGNER_ADDRESS_DIFFERS, id="fail/neither"),
        pytest.param((), HUBER, Reason.FROM_AMBIGUOUS, id="fail/no-from"),
        pytest.param((HUBER, STRANGER), None, Reason.FROM_AMBIGUOUS, id="fail/two"),
        pytest.param((HUBER, HUBER), None, Reason.FROM_AMBIGUOUS, id="fail/twice"),
    ],
)
@pytest.mark.requirement("A5", "A18", "A69")
def test_only_the_one_address_in_from_makes_a_signature_count(
    from_: tuple[EmailAddress, ...], sender_field: EmailAddress | None, reason: Reason | None
) -> None:
    found = judged(opened(signed(signer())), from_=from_, sender_field=sender_field)
    assert found.signers[0].bound_to_from is (reason is None)
    assert found.summary is (VERIFIED if reason is None else UNPROTECTED)
    if reason:
        assert reason in found.reasons
        assert Finding(reason.value) in found.findings


@pytest.mark.parametrize(
    ("inside", "from_", "summary"),
    [
        pytest.param(b"huber@school.example", HUBER, VERIFIED, id="ok/the-same"),
        pytest.param(b"Hans Huber <HUBER@school.example>", HUBER, VERIFIED, id="ok/other-writing"),
        pytest.param(b"huber@school.example", STRANGER, UNPROTECTED, id="fail/stranger-outside"),
        pytest.param(b"stranger@elsewhere.example", HUBER, UNPROTECTED, id="fail/stranger-inside"),
        pytest.param(b"huber@school.example, a@b.example", HUBER, UNPROTECTED, id="fail/two"),
        pytest.param(b"nobody", HUBER, UNPROTECTED, id="fail/unreadable"),
        pytest.param(
            b"huber@school.example\r\nFrom: a@b.example", HUBER, UNPROTECTED, id="fail/two-fields"
        ),
    ],
)
def test_a_protected_from_has_to_agree_with_the_one_outside(
    inside: bytes, from_: EmailAddress, summary: CryptographicSummary
) -> None:
    message = opened(signed(signer()), inside=INSIDE % inside)
    assert judged(message, from_=(from_,)).summary is summary


def test_protected_fields_without_from_leave_the_outer_one() -> None:
    inside = b'Content-Type: text/plain; hp="clear"\r\nSubject: x\r\n\r\nHallo\r\n'
    assert judged(opened(signed(signer()), inside=inside)).summary is VERIFIED


def test_an_administrator_may_bind_a_certificate_without_the_address() -> None:
    office = certificate("nina")
    bound = KnownCertificate(certificate=office, bound=True)
    message = opened(signed(signer_of(office)))
    assert judged(message).summary is UNPROTECTED
    found = judged(message, known=(bound,))
    assert (found.summary, found.reasons) == (VERIFIED, (Reason.SIGNED_BY_ORGANISATION,))
    assert found.by_organisation
    assert Finding.SIGNED_BY_ORGANISATION in found.findings


def test_of_two_signatures_the_person_s_is_shown_and_not_the_organisation_s() -> None:
    office = certificate("nina")
    bound = KnownCertificate(certificate=office, bound=True)
    for signers in ((signer_of(office), signer()), (signer(), signer_of(office))):
        found = judged(opened(signed(*signers)), known=(bound,))
        assert found.reasons == (Reason.SIGNATURE_COUNTS,)
        assert not found.by_organisation


def test_a_certificate_that_names_the_address_is_the_person_s_although_its_domain_is_bound() -> (
    None
):
    bound = KnownCertificate(certificate=certificate("huber"), bound=True)
    found = judged(opened(signed(signer())), known=(bound,))
    assert found.reasons == (Reason.SIGNATURE_COUNTS,)


def test_a_binding_does_not_make_a_broken_or_rejected_signature_count() -> None:
    office = certificate("nina")
    bound = KnownCertificate(certificate=office, bound=True)
    refused = KnownCertificate(certificate=office, rejected=True)
    broken = opened(signed(signer_of(office, intact=False)))
    assert judged(broken, known=(bound,)).summary is UNPROTECTED
    assert judged(opened(signed(signer_of(office))), known=(bound, refused)).summary is UNPROTECTED


@pytest.mark.parametrize("other", [{}, {"pending": True}])
def test_what_is_known_twice_is_known_once(other: dict[str, bool]) -> None:
    """Bound if one entry says so, pending only if both do, times are the later ones."""
    office = certificate("nina")
    entries = [
        KnownCertificate(certificate=office, bound=True, last_seen_at=NOW - DAY),
        KnownCertificate(certificate=office, **other, last_seen_at=NOW),
    ]
    for known in (entries, entries[::-1]):
        (merged,) = by_fingerprint(known).values()
        assert (merged.bound, merged.pending) == (True, False)
        assert merged.last_seen_at == NOW
        found = judged(opened(signed(signer_of(office))), known=tuple(known))
        assert found.summary is VERIFIED
        assert found.harvest == ()


# --- several signatures, several layers ----------------------------------------------------------


@pytest.mark.requirement("A79", "A65")
def test_every_signature_of_every_layer_is_judged() -> None:
    layers = (
        signed(signer("stranger")),
        encrypted(),
        signed(BROKEN, signer(), signer(None, signature_valid=None)),
    )
    found = judged(opened(*layers))
    assert [one.layer for one in found.signers] == [0, 2, 2, 2]
    assert [one.signer for one in found.signers] == [
        s for layer in layers if isinstance(layer, SignedLayer) for s in layer.signers
    ]
    assert [one.counts for one in found.signers] == [False, False, True, False]
    assert found.signer is found.signers[2]
    assert found.summary is CONFIDENTIAL


def test_of_several_signatures_the_one_that_counts_is_shown() -> None:
    for signers in ((signer("stranger"), signer()), (signer(), signer("stranger"))):
        found = judged(opened(signed(*signers)))
        assert found.summary is VERIFIED
        assert found.reasons == (Reason.SIGNATURE_COUNTS,)
        assert found.signer is not None
        assert found.signer.signer.certificate == certificate("huber")
        assert Finding.SIGNER_ADDRESS_DIFFERS in found.findings


def test_two_halves_of_a_good_signature_make_no_whole_one() -> None:
    """One signer is trusted but broken, the other whole but a stranger."""
    assert judged(opened(signed(BROKEN, signer("stranger")))).summary is UNPROTECTED


def test_errant_layers_never_enter_the_summary() -> None:
    message = opened(
        errant=(ErrantLayer(path="2", kind="signed"),), findings=(Finding.ERRANT_LAYER,)
    )
    found = judged(message)
    assert found.summary is UNPROTECTED
    assert found.findings == (Finding.ERRANT_LAYER,)


def test_a_message_with_more_layers_than_we_open_is_not_verified() -> None:
    found = judged(opened(signed(signer()), findings=(Finding.TOO_COMPLEX,)))
    assert (found.summary, found.reasons) == (UNPROTECTED, (Reason.TOO_COMPLEX,))


def test_findings_of_all_levels_are_gathered_heaviest_first() -> None:
    message = opened(
        encrypted(findings=(Finding.NOT_AUTHENTICATED,)),
        signed(BROKEN, findings=(Finding.SEVERAL_SIGNERS,)),
        findings=(Finding.COMPRESSED,),
    )
    found = judged(message).findings
    assert found[0] is Finding.DIGEST_MISMATCH
    assert set(found) == {
        Finding.DIGEST_MISMATCH,
        Finding.NOT_AUTHENTICATED,
        Finding.SEVERAL_SIGNERS,
        Finding.COMPRESSED,
    }


@pytest.mark.parametrize(
    ("layers", "authentic"),
    [
        pytest.param((), True, id="ok/plain"),
        pytest.param((signed(signer()),), True, id="ok/signed"),
        pytest.param((encrypted(authenticated=True),), True, id="ok/sealed"),
        pytest.param((encrypted(), signed(signer())), True, id="ok/signed-inside"),
        pytest.param((CLOSED,), True, id="ok/nothing-was-opened"),
        pytest.param((encrypted(),), False, id="fail/cbc-alone"),
        pytest.param((encrypted(), signed(BROKEN)), False, id="fail/broken-inside"),
        pytest.param((signed(signer()), encrypted()), False, id="fail/signed-outside"),
        pytest.param(
            (encrypted(authenticated=True), encrypted()), False, id="fail/sealed-around-cbc"
        ),
    ],
)
def test_opened_text_that_could_have_been_changed_is_recognised(
    layers: tuple[Layer, ...], authentic: bool
) -> None:
    message = opened(*layers)
    assert is_content_authentic(message, judged(message)) is authentic


# --- what always holds ---------------------------------------------------------------------------

MAYBE = st.sampled_from([True, False, None])
SIGNERS = st.builds(
    signer,
    st.sampled_from(["huber", "stranger", "alice", None]),
    intact=MAYBE,
    signature_valid=MAYBE,
    weak=st.booleans(),
    findings=st.lists(st.sampled_from(Finding), max_size=2).map(tuple),
    signing_time=st.sampled_from([None, NOW, NOW + DAY]),
)
LAYERS = (
    st.just(CompressedLayer())
    | st.builds(encrypted, opened=st.booleans(), weak=st.booleans(), authenticated=st.booleans())
    | st.lists(SIGNERS, max_size=3).map(lambda signers: signed(*signers))
)
OPENED = st.builds(
    lambda layers, findings: opened(*layers, findings=tuple(findings)),
    st.lists(LAYERS, max_size=4),
    st.lists(st.sampled_from(Finding), max_size=2),
)
FROMS = st.lists(st.sampled_from([HUBER, ALICE, STRANGER]), max_size=2).map(tuple)


@given(message=OPENED, from_=FROMS)
@pytest.mark.requirement("A18", "A69")
def test_green_needs_a_whole_trusted_signature_of_the_from_address(
    message: OpenedMessage, from_: tuple[EmailAddress, ...]
) -> None:
    found = judged(message, from_=from_)
    if found.summary in (VERIFIED, CONFIDENTIAL):
        assert found.signer is not None
        best = found.signer.signer
        assert (best.intact, best.signature_valid, best.weak) == (True, True, False)
        assert best.certificate is not None
        assert set(best.certificate.addresses) == set(from_)
    assert len(found.signers) == sum(
        len(layer.signers) for layer in message.layers if isinstance(layer, SignedLayer)
    )


@given(message=OPENED, from_=FROMS)
def test_confidential_needs_strong_encryption_that_was_opened(
    message: OpenedMessage, from_: tuple[EmailAddress, ...]
) -> None:
    layers = [layer for layer in message.layers if isinstance(layer, EncryptedLayer)]
    found = judged(message, from_=from_)
    if found.summary is CONFIDENTIAL:
        assert layers
        assert all(layer.opened and not layer.weak for layer in layers)
    if found.summary is VERIFIED:
        assert not layers or any(layer.weak for layer in layers)
    assert found.reasons


@given(message=OPENED, from_=FROMS)
def test_a_repeated_judgement_is_the_same(
    message: OpenedMessage, from_: tuple[EmailAddress, ...]
) -> None:
    assert judged(message, from_=from_) == judged(message, from_=from_)


@given(message=OPENED)
def test_without_trust_nothing_is_green(message: OpenedMessage) -> None:
    found = judge(message, {}, (HUBER,), at=NOW, rules=OrganisationRules())
    assert found.summary in (UNPROTECTED, UNVERIFIED)
    assert not any(item.state == "linked" for item in found.harvest)


def test_a_judgement_is_no_truth_value() -> None:
    found = judged(opened(signed(signer())))
    for verdict in (found, found.signers[0]):
        with pytest.raises(TypeError):
            bool(verdict)
