"""From which received mail we learn what its author's program reads: one that counts, no other."""

from dataclasses import replace
from typing import Any

import pytest

from siegel.base import der, oids
from siegel.base.findings import Finding
from siegel.pki.verdict import PathFinding, RevocationStatus
from siegel.policy.harvest import AnnouncedCapabilities
from siegel.policy.inbound import judge
from siegel.policy.signers import CLOCK_SKEW
from siegel.smime.layers import Signer
from tests.unit.policy.facts import (
    DAY,
    HUBER,
    NOW,
    RULES,
    STRANGER,
    TRUSTED,
    certificate,
    failed,
)
from tests.unit.policy.opened import encrypted, judged, opened, signed, signer

CERT = certificate("huber")
LIST = der.sequence(der.algorithm(oids.AES256_GCM), der.algorithm(oids.AES256_CBC))
DOWNGRADE = der.sequence(der.algorithm(oids.DES_EDE3_CBC))
LEARNED = AnnouncedCapabilities(
    spki_sha256=CERT.spki_sha256, signed_at=signer().signing_time or NOW, octets=LIST
)


def huber(**changes: Any) -> Signer:
    return signer(**{"capabilities": LIST, **changes})


def learned(*signers: Signer, **around: Any) -> tuple[AnnouncedCapabilities, ...]:
    return judged(opened(signed(*signers)), **around).capabilities


def test_a_signature_that_counts_says_what_its_author_reads() -> None:
    assert learned(huber()) == (LEARNED,)


def test_inside_encryption_as_well() -> None:
    assert judged(opened(encrypted(), signed(huber()))).capabilities == (LEARNED,)


FOR_NOTHING: dict[str, tuple[Signer, dict[str, Any]]] = {
    "fail/none-announced": (huber(capabilities=None), {}),
    "fail/no-list": (huber(capabilities=b"\x30\x03\x02\x01\x00"), {}),
    "fail/broken": (huber(intact=False), {}),
    "fail/invalid": (huber(signature_valid=False), {}),
    "fail/weak": (huber(weak=True), {}),
    "fail/contradicts-itself": (huber(findings=(Finding.SIGNED_ATTRIBUTES_MALFORMED,)), {}),
    "fail/not-trusted": (
        huber(),
        {"paths": {CERT.fingerprint: failed(PathFinding.UNTRUSTED_ROOT)}},
    ),
    "fail/revoked": (
        huber(),
        {"paths": {CERT.fingerprint: replace(TRUSTED, revocation=RevocationStatus.REVOKED)}},
    ),
    "fail/without-a-time": (huber(signing_time=None), {}),
    "fail/from-the-future": (huber(signing_time=NOW + CLOCK_SKEW + DAY / 86400), {}),
    "fail/another-author": (huber(), {"from_": (STRANGER,)}),
    "fail/two-authors": (huber(), {"from_": (HUBER, STRANGER)}),
    "fail/no-author": (huber(), {"from_": ()}),
    "fail/only-the-sender-field": (huber(), {"from_": (STRANGER,), "sender_field": HUBER}),
}


@pytest.mark.parametrize("case", FOR_NOTHING)
def test_no_other_signature_teaches_anything(case: str) -> None:
    one, around = FOR_NOTHING[case]
    assert learned(one, **around) == ()


def test_a_clock_a_little_ahead_is_no_future() -> None:
    assert len(learned(huber(signing_time=NOW + CLOCK_SKEW))) == 1


def test_a_stranger_speaks_for_his_own_key_only() -> None:
    """The downgrade: a trusted certificate of his own, and another's name in From."""
    stranger = signer("stranger", capabilities=DOWNGRADE)
    assert learned(stranger) == ()
    (own,) = learned(stranger, from_=(STRANGER,))
    assert own.spki_sha256 == certificate("stranger").spki_sha256 != CERT.spki_sha256
    assert learned(huber(), stranger) == (LEARNED,)


def test_outside_of_the_encryption_nobody_knows_who_signed() -> None:
    assert judged(opened(signed(huber()), encrypted())).capabilities == ()


def test_mail_in_the_name_of_our_own_people_teaches_nothing() -> None:
    message = opened(signed(huber()))
    verdicts = {CERT.fingerprint: TRUSTED}
    for ours, expected in ((False, (LEARNED,)), (True, ())):
        found = judge(message, verdicts, (HUBER,), at=NOW, rules=RULES, ours=ours)
        assert found.capabilities == expected
