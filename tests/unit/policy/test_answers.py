"""Three answers about a signature, and that all are good exactly when it counts."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from siegel.base.findings import Finding
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, RevocationStatus
from siegel.policy.answers import Answers, Intact, TrustedForFrom, Valid, answers, answers_of
from siegel.policy.inbound import InboundJudgement
from siegel.policy.rules import UnknownRevocation
from siegel.policy.signers import KnownCertificate
from siegel.smime.layers import Signer
from tests.unit.policy.facts import (
    DAY,
    HUBER,
    NOW,
    STRANGER,
    TRUSTED,
    certificate,
    failed,
    rules,
)
from tests.unit.policy.opened import encrypted, judged, opened, signed, signer, signer_of

FINGERPRINT = certificate("huber").fingerprint
OFFICE = certificate("nina")
BOUND = KnownCertificate(certificate=OFFICE, bound=True)
REJECTED = KnownCertificate(certificate=certificate("huber"), rejected=True)
OPEN = PathVerdict(status=PathStatus.INDETERMINATE, at=NOW)
YES = TrustedForFrom.YES
UNKNOWN = TrustedForFrom.UNKNOWN


def of(one: Signer, path: PathVerdict | None = None, **around: Any) -> InboundJudgement:
    paths = {FINGERPRINT: path} if path is not None else {}
    return judged(opened(signed(one)), paths=paths, **around)


def revoked() -> PathVerdict:
    return replace(TRUSTED, revocation=RevocationStatus.REVOKED)


def unknown() -> PathVerdict:
    return replace(TRUSTED, revocation=RevocationStatus.UNKNOWN)


STRICT = rules(unknown_revocation=UnknownRevocation.REFUSE)
CASES: dict[str, tuple[Callable[[], InboundJudgement], tuple[Intact, Valid, TrustedForFrom]]] = {
    "ok/counts": (lambda: of(signer()), (Intact.YES, Valid.YES, YES)),
    "ok/organisation": (
        lambda: of(signer_of(OFFICE), known=(BOUND,)),
        (Intact.YES, Valid.YES, TrustedForFrom.ORGANISATION),
    ),
    "fail/changed": (lambda: of(signer(intact=False)), (Intact.NO, Valid.YES, UNKNOWN)),
    "fail/mathematics": (
        lambda: of(signer(signature_valid=False)), (Intact.YES, Valid.NO, UNKNOWN),
    ),
    "fail/contradicts": (
        lambda: of(signer(findings=(Finding.SIGNING_CERTIFICATE_MISMATCH,))),
        (Intact.YES, Valid.NO, UNKNOWN),
    ),
    "fail/no-certificate": (
        lambda: of(signer(None, intact=True, signature_valid=None)),
        (Intact.YES, Valid.UNKNOWN, UNKNOWN),
    ),
    "fail/nothing-computed": (
        lambda: of(signer(intact=None, signature_valid=None)),
        (Intact.UNKNOWN, Valid.UNKNOWN, UNKNOWN),
    ),
    "fail/weak": (lambda: of(signer(weak=True)), (Intact.YES, Valid.WEAK, YES)),
    "fail/future": (
        lambda: of(signer(signing_time=NOW + DAY)), (Intact.YES, Valid.UNKNOWN, UNKNOWN),
    ),
    "fail/another": (
        lambda: of(signer("stranger")), (Intact.YES, Valid.YES, TrustedForFrom.NO),
    ),
    "fail/on-behalf": (
        lambda: of(signer(), from_=(STRANGER,), sender_field=HUBER),
        (Intact.YES, Valid.YES, TrustedForFrom.ON_BEHALF),
    ),
    "fail/two-authors": (
        lambda: of(signer(), from_=(HUBER, STRANGER)),
        (Intact.YES, Valid.YES, TrustedForFrom.NO),
    ),
    "fail/revoked": (lambda: of(signer(), revoked()), (Intact.YES, Valid.YES, TrustedForFrom.NO)),
    "fail/untrusted": (
        lambda: of(signer(), failed(PathFinding.EXPIRED)),
        (Intact.YES, Valid.YES, TrustedForFrom.NO),
    ),
    "fail/rejected": (
        lambda: of(signer(), known=(REJECTED,)), (Intact.YES, Valid.YES, TrustedForFrom.NO),
    ),
    "fail/path-not-decided": (lambda: of(signer(), OPEN), (Intact.YES, Valid.YES, UNKNOWN)),
    "fail/revocation-unknown": (
        lambda: of(signer(), unknown(), rules=STRICT), (Intact.YES, Valid.YES, UNKNOWN),
    ),
    "fail/outside-encryption": (
        lambda: judged(opened(signed(signer()), encrypted())), (Intact.YES, Valid.YES, UNKNOWN),
    ),
    "fail/not-read-to-the-end": (
        lambda: judged(opened(signed(signer()), findings=(Finding.TOO_COMPLEX,))),
        (Intact.UNKNOWN, Valid.YES, YES),
    ),
}  # fmt: skip


@pytest.mark.requirement("A5", "A6", "A13", "A18", "A90")
@pytest.mark.parametrize("case", CASES)
def test_intact_valid_and_trusted_are_three_answers(case: str) -> None:
    make, expected = CASES[case]
    found = answers_of(make())
    assert found is not None
    assert (found.intact, found.valid, found.trusted_for_from) == expected


@pytest.mark.parametrize("case", CASES)
def test_all_are_good_exactly_when_the_signature_counts(case: str) -> None:
    judgement = CASES[case][0]()
    for one in judgement.signers:
        assert answers(one).good is one.counts


def test_all_are_good_exactly_when_it_counts_whatever_comes_together() -> None:
    """Every state of digest, mathematics, strength and path, for the sender and for another."""
    paths = (TRUSTED, OPEN, revoked(), failed(PathFinding.UNTRUSTED_ROOT))
    states = product(
        (True, False, None), (True, False, None), (True, False), paths, (HUBER, STRANGER)
    )
    for intact, valid, weak, path, sender in states:
        one = signer(intact=intact, signature_valid=valid, weak=weak)
        (found,) = of(one, path, from_=(sender,)).signers
        assert answers(found).good is found.counts


def test_without_a_signature_there_is_no_answer() -> None:
    assert answers_of(judged(opened(encrypted()))) is None


def test_answers_are_written_as_words() -> None:
    found = Answers(intact=Intact.YES, valid=Valid.WEAK, trusted_for_from=TrustedForFrom.ON_BEHALF)
    assert found.to_json() == {"intact": "yes", "valid": "weak", "trusted_for_from": "on_behalf"}
