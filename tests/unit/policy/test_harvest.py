"""Which certificates are kept from received mail, for whom, and with what alarm."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siegel.base.address import EmailAddress
from siegel.base.findings import Finding
from siegel.base.keys import IssuerAndSerial
from siegel.pki.verdict import PathFinding, PathVerdict, RevocationStatus
from siegel.policy.harvest import HarvestItem, HarvestState
from siegel.policy.signers import KnownCertificate
from siegel.smime.layers import Signer
from tests.unit.policy.facts import (
    ALICE,
    DAY,
    FRIEDA,
    HUBER,
    NOW,
    STRANGER,
    TRUSTED,
    certificate,
    failed,
)
from tests.unit.policy.opened import encrypted, judged, opened, signed, signer, signer_of

LINKED, PENDING = HarvestState.LINKED, HarvestState.PENDING
HUBER_CERT = certificate("huber")
SIGN, ENCRYPT = certificate("frieda_sign"), certificate("frieda_encrypt")
ALICE_OLD, ALICE_RENEWED, ALICE_REKEYED = (
    certificate("alice"),
    certificate("alice_renewed"),
    certificate("alice_rekeyed"),
)


def known(name: str, **changes: Any) -> KnownCertificate:
    return KnownCertificate(certificate=certificate(name), **changes)


def harvest(*signers: Signer, **around: Any) -> tuple[HarvestItem, ...]:
    return judged(opened(signed(*signers)), **around).harvest


TABLE: list[tuple[str, Signer, dict[str, Any], HarvestState | None]] = [
    ("ok/whole", signer(), {}, LINKED),
    ("ok/pending-before", signer(), {"known": (known("huber", pending=True),)}, LINKED),
    ("ok/known-already", signer(), {"known": (known("huber"),)}, None),
    (
        "ok/old-mail-of-a-known-key",
        signer(signing_time=NOW - 300 * DAY),
        {"known": (known("huber", last_seen_at=NOW, pending=True),)},
        LINKED,
    ),
    (
        "pending/unknown-root",
        signer(),
        {"paths": {HUBER_CERT.fingerprint: failed(PathFinding.UNTRUSTED_ROOT)}},
        PENDING,
    ),
    ("pending/in-the-future", signer(signing_time=NOW + DAY), {}, PENDING),
    ("pending/weak", signer(weak=True), {}, PENDING),
    ("pending/names-nobody", signer("nina"), {}, PENDING),
    (
        "fail/pending-again",
        signer(weak=True),
        {"known": (known("huber", pending=True),)},
        None,
    ),
    ("fail/broken", signer(intact=False), {}, None),
    ("fail/invalid", signer(signature_valid=False), {}, None),
    ("fail/contradicts", signer(findings=(Finding.SIGNING_CERTIFICATE_MISMATCH,)), {}, None),
    ("fail/unchecked", signer(signature_valid=None), {}, None),
    ("fail/no-certificate", signer(None, signature_valid=None), {}, None),
    ("fail/stranger", signer("stranger"), {}, None),
    ("fail/sender-field", signer(), {"from_": (STRANGER,), "sender_field": HUBER}, None),
    ("fail/two-authors", signer(), {"from_": (HUBER, STRANGER)}, None),
    ("fail/no-author", signer(), {"from_": ()}, None),
    (
        "fail/revoked",
        signer(),
        {"paths": {HUBER_CERT.fingerprint: replace(TRUSTED, revocation=RevocationStatus.REVOKED)}},
        None,
    ),
    ("ok/last-moment", signer_of(certificate("huber", not_after=NOW)), {}, LINKED),
    ("fail/expired", signer_of(certificate("huber", not_after=NOW - DAY)), {}, None),
]


@pytest.mark.parametrize(
    ("one", "around", "state"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
@pytest.mark.requirement("A21", "A44", "A62", "C8")
def test_only_a_whole_trusted_signature_of_the_from_address_links_a_certificate(
    one: Signer, around: dict[str, Any], state: HarvestState | None
) -> None:
    items = harvest(one, **around)
    assert [item.state for item in items] == ([state] if state else [])
    assert all(item.address == HUBER for item in items)
    assert all(item.certificate == one.certificate for item in items)


@pytest.mark.requirement("A62", "A80", "A88")
def test_unknown_certificates_are_imported_and_linked_to_the_sender() -> None:
    (item,) = harvest(signer())
    assert (item.certificate, item.address, item.state) == (HUBER_CERT, HUBER, LINKED)
    assert not item.key_change
    assert item.previous is None


@pytest.mark.requirement("B39")
def test_answering_a_signed_mail_teaches_the_certificate() -> None:
    """The partner's signed answer is encrypted to us: the signature inside is harvested, too."""
    items = judged(opened(encrypted(), signed(signer()))).harvest
    assert [(item.certificate, item.state) for item in items] == [(HUBER_CERT, LINKED)]


@pytest.mark.requirement("C8")
def test_a_stranger_s_signed_mail_never_replaces_a_partner_s_key() -> None:
    mine = (known("huber"),)
    forged = signer("stranger")
    self_made = signer_of(certificate("stranger", addresses=(HUBER,)))
    untrusted = {certificate("stranger", addresses=(HUBER,)).fingerprint: failed(
        PathFinding.UNTRUSTED_ROOT
    )}  # fmt: skip
    assert harvest(forged, known=mine) == ()
    (item,) = harvest(self_made, known=mine, paths=untrusted)
    assert item.state is PENDING
    assert not item.key_change
    assert item.previous == HUBER_CERT.fingerprint


def test_a_signature_around_closed_encryption_links_nothing() -> None:
    items = judged(opened(signed(signer()), encrypted())).harvest
    assert [item.state for item in items] == [PENDING]


# --- changes of key ------------------------------------------------------------------------------


def alice(*before: KnownCertificate, now: str, **changes: Any) -> tuple[HarvestItem, ...]:
    return harvest(signer(now, **changes), from_=(ALICE,), known=before)


@pytest.mark.requirement("C8")
def test_a_new_key_is_reported_with_the_one_before() -> None:
    (item,) = alice(known("alice"), now="alice_rekeyed")
    assert (item.state, item.key_change, item.same_key) == (LINKED, True, False)
    assert item.previous == ALICE_OLD.fingerprint


@pytest.mark.requirement("A87")
def test_a_new_certificate_for_the_same_key_is_recorded_without_alarm() -> None:
    (item,) = alice(known("alice"), now="alice_renewed")
    assert item.certificate == ALICE_RENEWED
    assert (item.state, item.key_change, item.same_key) == (LINKED, False, True)
    assert item.previous is None


def test_the_newest_of_several_known_certificates_is_the_previous_one() -> None:
    for before in (
        (known("alice"), known("alice_renewed")),
        (known("alice_renewed"), known("alice")),
    ):
        (item,) = alice(*before, now="alice_rekeyed")
        assert item.previous == ALICE_RENEWED.fingerprint


def test_a_pending_certificate_is_no_previous_one() -> None:
    (item,) = alice(known("alice", pending=True), now="alice_rekeyed")
    assert (item.key_change, item.previous) == (False, None)


def test_an_expired_certificate_beside_a_valid_one_is_still_the_previous_one() -> None:
    old = KnownCertificate(certificate=certificate("alice", not_after=NOW - DAY))
    (item,) = alice(old, now="alice_rekeyed")
    assert (item.state, item.key_change) == (LINKED, True)


@pytest.mark.parametrize(
    ("time", "state"),
    [
        pytest.param(NOW - timedelta(hours=1), LINKED, id="ok/newer"),
        pytest.param(NOW - DAY, LINKED, id="ok/as-old"),
        pytest.param(None, LINKED, id="ok/unknown-time"),
        pytest.param(NOW - 2 * DAY, PENDING, id="fail/older"),
    ],
)
def test_an_old_message_sent_again_brings_no_old_key_back(
    time: datetime | None, state: HarvestState
) -> None:
    seen = known("alice_rekeyed", last_seen_at=NOW - DAY)
    (item,) = alice(seen, now="alice", signing_time=time)
    assert item.state is state
    assert item.key_change is (state is LINKED)


def test_an_old_message_with_a_new_certificate_for_the_known_key_is_no_step_back() -> None:
    seen = known("alice", last_seen_at=NOW)
    (item,) = alice(seen, now="alice_renewed", signing_time=NOW - DAY)
    assert (item.state, item.same_key) == (LINKED, True)


def test_a_separate_certificate_after_one_for_both_uses_is_a_change_of_key() -> None:
    both = KnownCertificate(certificate=certificate("alice", addresses=(FRIEDA,)))
    for item in frieda(ENCRYPT.issuer_and_serial, known=(both,)):
        assert (item.key_change, item.previous) == (True, both.certificate.fingerprint)


# --- separate certificates for signing and encryption --------------------------------------------


def frieda(
    preference: IssuerAndSerial | bytes | None, *, path: PathVerdict = TRUSTED, **around: Any
) -> tuple[HarvestItem, ...]:
    one = signer_of(SIGN, encryption_key_preference=preference)
    message = opened(signed(one, certificates=(SIGN, ENCRYPT)))
    return judged(message, from_=(FRIEDA,), paths={ENCRYPT.fingerprint: path}, **around).harvest


def states(items: tuple[HarvestItem, ...]) -> dict[str, HarvestState]:
    return {item.certificate.fingerprint: item.state for item in items}


@pytest.mark.parametrize(
    "preference",
    [ENCRYPT.issuer_and_serial, ENCRYPT.subject_key_identifier],
    ids=["issuer-and-serial", "key-identifier"],
)
def test_the_certificate_named_for_encryption_is_kept_with_the_signer_s(
    preference: IssuerAndSerial | bytes,
) -> None:
    assert states(frieda(preference)) == {SIGN.fingerprint: LINKED, ENCRYPT.fingerprint: LINKED}
    assert not any(item.key_change for item in frieda(preference, known=(known("frieda_sign"),)))


def test_a_certificate_that_nobody_named_is_not_kept() -> None:
    assert states(frieda(None)) == {SIGN.fingerprint: LINKED}
    assert states(frieda(b"unknown")) == {SIGN.fingerprint: LINKED}


def test_a_certificate_without_a_key_identifier_is_not_named_by_silence() -> None:
    nameless = certificate("frieda_encrypt", subject_key_identifier=None)
    message = opened(signed(signer_of(SIGN), certificates=(SIGN, nameless)))
    found = states(judged(message, from_=(FRIEDA,)).harvest)
    assert found == {SIGN.fingerprint: LINKED}


def test_the_certificate_for_encryption_has_to_be_valid_by_itself() -> None:
    untrusted = frieda(ENCRYPT.issuer_and_serial, path=failed(PathFinding.UNTRUSTED_ROOT))
    assert states(untrusted) == {SIGN.fingerprint: LINKED, ENCRYPT.fingerprint: PENDING}
    revoked = replace(TRUSTED, revocation=RevocationStatus.REVOKED)
    assert states(frieda(ENCRYPT.issuer_and_serial, path=revoked))[ENCRYPT.fingerprint] is PENDING


def test_the_certificate_for_encryption_has_to_name_the_same_address() -> None:
    stranger = certificate("stranger")
    one = signer(encryption_key_preference=stranger.issuer_and_serial)
    items = judged(opened(signed(one, certificates=(HUBER_CERT, stranger)))).harvest
    assert states(items) == {HUBER_CERT.fingerprint: LINKED}


def test_a_signature_that_does_not_count_links_no_encryption_certificate() -> None:
    one = signer_of(SIGN, weak=True, encryption_key_preference=ENCRYPT.issuer_and_serial)
    message = opened(signed(one, certificates=(SIGN, ENCRYPT)))
    found = states(judged(message, from_=(FRIEDA,)).harvest)
    assert set(found.values()) == {PENDING}


def test_an_organisation_s_signature_only_proposes_a_person_s_certificate() -> None:
    office = certificate("nina")
    bound = KnownCertificate(certificate=office, bound=True)
    one = signer_of(office, encryption_key_preference=ENCRYPT.issuer_and_serial)
    message = opened(signed(one, certificates=(office, ENCRYPT)))
    found = judged(message, from_=(FRIEDA,), known=(bound,))
    assert found.by_organisation
    assert states(found.harvest) == {ENCRYPT.fingerprint: PENDING}


def test_a_person_s_first_certificate_replaces_none_of_the_organisation() -> None:
    bound = KnownCertificate(certificate=certificate("nina"), bound=True)
    (item,) = harvest(signer(), known=(bound,))
    assert (item.state, item.key_change, item.previous) == (LINKED, False, None)


def test_the_signer_s_own_certificate_named_for_encryption_is_kept_once() -> None:
    one = signer(encryption_key_preference=HUBER_CERT.issuer_and_serial)
    assert states(harvest(one)) == {HUBER_CERT.fingerprint: LINKED}


def test_a_certificate_is_linked_once_though_another_signature_with_it_fails() -> None:
    for signers in ((signer(), signer(weak=True)), (signer(weak=True), signer())):
        (item,) = harvest(*signers)
        assert item.state is LINKED


# --- what always holds ---------------------------------------------------------------------------

MAYBE = st.sampled_from([True, False, None])
SIGNERS = st.builds(
    signer,
    st.sampled_from(["huber", "stranger", "alice", "nina", "frieda_sign"]),
    intact=MAYBE,
    signature_valid=MAYBE,
    weak=st.booleans(),
    encryption_key_preference=st.sampled_from([None, ENCRYPT.issuer_and_serial]),
)


@given(
    signers=st.lists(SIGNERS, max_size=3),
    from_=st.lists(st.sampled_from([HUBER, ALICE, FRIEDA]), max_size=2).map(tuple),
    trusted=st.booleans(),
)
def test_whatever_is_linked_names_the_from_address_and_nothing_is_kept_twice(
    signers: list[Signer], from_: tuple[EmailAddress, ...], trusted: bool
) -> None:
    path = TRUSTED if trusted else failed(PathFinding.UNTRUSTED_ROOT)
    came = (*(one.certificate for one in signers if one.certificate), ENCRYPT)
    message = opened(signed(*signers, certificates=came))
    items = judged(
        message, from_=from_, paths=dict.fromkeys((c.fingerprint for c in came), path)
    ).harvest
    assert len({item.certificate for item in items}) == len(items) <= 2 * len(signers)
    for item in items:
        assert (item.address,) == from_
        if item.state is LINKED:
            assert trusted
            assert item.address in item.certificate.addresses
