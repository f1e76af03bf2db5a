"""Traps that other systems fell into, each by its name; those of keys, policy and store have
their tests beside the code they concern."""

from dataclasses import replace

import pytest

from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.mime.parse import parse_message
from siegel.pki.evidence import Evidence
from siegel.pki.softkeys import SoftwareKey, SoftwareKeyring, load_private_key
from siegel.policy.harvest import HarvestState
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.judging import judge_opened
from siegel.policy.reasons import Reason
from siegel.policy.rules import OrganisationRules
from siegel.smime import protect
from siegel.smime.schemes import recipient_spec
from siegel.smime.sign import SigningIdentity
from tests.peers import mime
from tests.unit.smime import mails
from tests.unit.smime.mails import (
    NOW,
    TEXT,
    certificate,
    identity,
    judged,
    mail,
    opened,
    sealed_mail,
    signed_mail,
    trust,
)
from tests.unit.smime.test_structure import cms, parts, signature
from tests.world import WORLD

UNPROTECTED = CryptographicSummary.UNPROTECTED
HUBER_MAIL = mails.MAIL.replace(b"alice@office.example", b"huber@school.example")


@pytest.mark.requirement("A21", "A44", "A62")
def test_trap_a_forged_signed_mail_replaces_a_partner_s_certificate() -> None:
    forged = judged(opened(mail(parts(TEXT, signature(cms(TEXT, "mallory"))))))

    assert forged.summary is UNPROTECTED
    assert all(item.state is HarvestState.PENDING for item in forged.harvest)


@pytest.mark.requirement("A6")
def test_trap_tampered_text_verifies() -> None:
    raw = signed_mail("alice")

    assert judged(opened(raw.replace(b"Ein", b"Kein"))).reasons[0] is Reason.SIGNATURE_BROKEN


TWO_BOUNDARIES = [b" (; boundary=x)", b'; name="a; boundary=x"', b"; \xc2\xa0boundary=x"]


@pytest.mark.requirement("A6")
@pytest.mark.parametrize("more", TWO_BOUNDARIES)
def test_trap_another_program_splits_a_signed_mail_elsewhere(more: bytes) -> None:
    """A preamble in which parts stand for those who find the other boundary."""
    head, mark, rest = signed_mail("alice").partition(b"boundary=")
    boundary, _, rest = rest.partition(b"\r\n\r\n")
    shown = b"\r\n\r\n--x\r\n\r\nA text that nobody signed.\r\n--x--\r\n"
    raw = head + mark + boundary + more + shown + rest

    assert judged(opened(raw.replace(more, b""))).summary is CryptographicSummary.VERIFIED
    assert judged(opened(raw)).summary is UNPROTECTED


@pytest.mark.requirement("A6")
@pytest.mark.parametrize("hidden", [b"\rContent-Type: text/html", b"\r\rA text nobody signed."])
def test_trap_a_bare_cr_ends_a_line_or_the_header_for_another_program(hidden: bytes) -> None:
    raw = signed_mail("alice").replace(b"Subject: Bescheid", b"Subject: Bescheid" + hidden)

    assert judged(opened(raw)).summary is UNPROTECTED


@pytest.mark.requirement("A69")
@pytest.mark.parametrize(
    "sender",
    [
        "huber@school.example.evil.example",
        "r@school.example",
        "a.huber@school.example",
        "huber@sub.school.example",
        "huber@school.exampl",
        "huber.school@example",
    ],
)
def test_trap_addresses_that_contain_one_another_are_equal(sender: str) -> None:
    raw = signed_mail(
        "huber", mail=HUBER_MAIL.replace(b"huber@school.example>", sender.encode() + b">")
    )

    assert judged(opened(raw)).reasons == (Reason.SIGNER_ADDRESS_DIFFERS,)


@pytest.mark.requirement("A69")
def test_trap_case_of_an_address_matters() -> None:
    sender = mails.MAIL.replace(b"alice@office.example", b"GUSTAV.Gross@partner.EXAMPLE")

    assert judged(opened(signed_mail("gustav", mail=sender))).summary.value == "verified"


@pytest.mark.requirement("A15", "A58")
def test_trap_one_who_is_only_in_cc_cannot_open() -> None:
    carbon = mails.MAIL.replace(b"Subject:", b"Cc: bob@office.example\r\nSubject:")
    raw = sealed_mail("alice", "huber", "bob", mail=carbon)

    for name in ("huber", "bob"):
        assert bytes(opened(raw, name).payload.exact) == TEXT


def test_trap_renewed_certificate_loses_old_mail() -> None:
    """The same key, certified anew: what names the old certificate opens with either."""
    private = load_private_key(WORLD.person("alice").pkcs8, validated=True)
    renewed = SoftwareKey(private, [certificate("alice_renewed")])
    ring = SoftwareKeyring([renewed], certificates=[certificate("alice")])

    assert bytes(opened(sealed_mail("huber", "alice"), ring=ring).payload.exact) == TEXT


def test_trap_new_key_hides_the_old_one() -> None:
    old, new = sealed_mail("huber", "alice"), sealed_mail("huber", "alice_rekeyed")
    ring = mails.keyring("alice_rekeyed", "alice")

    assert [bytes(opened(raw, ring=ring).payload.exact) for raw in (old, new)] == [TEXT, TEXT]


@pytest.mark.requirement("A13", "A67")
def test_trap_chain_missing_in_the_mail() -> None:
    """With the chain known from elsewhere it is found; without it nobody is trusted silently."""
    one = identity("alice")
    bare = SigningIdentity(key=one.key, scheme=one.scheme, chain=one.chain[:1])
    made = protect.sign(parse_message(mails.MAIL), [bare], at=NOW)
    found = opened(joined(made.chunks()))
    nothing = Evidence(intermediates=(), crls=(), ocsp_responses=(), gathered_at=NOW)

    blind = judge_opened(found, replace(trust(), evidence=nothing), OrganisationRules())

    assert judged(found).summary is CryptographicSummary.VERIFIED
    assert blind.judgement.reasons == (Reason.SIGNER_NOT_TRUSTED,)


@pytest.mark.requirement("A2", "A67")
def test_trap_opaque_mail_of_a_stranger_cannot_be_read() -> None:
    sender = mails.MAIL.replace(b"alice@office.example", b"stranger@elsewhere.example")

    found = opened(signed_mail("stranger", mail=sender, opaque=True))

    assert bytes(found.payload.exact) == TEXT
    assert judged(found).reasons == (Reason.SIGNER_NOT_TRUSTED,)


def test_trap_signing_and_encrypting_with_different_certificates() -> None:
    signer, other = identity("frieda_sign"), certificate("frieda_encrypt")
    split = replace(signer, encryption_certificate=other, chain=(*signer.chain, other.der))
    sender = mails.MAIL.replace(b"alice@office.example", b"frieda@office.example")
    made = protect.sign(parse_message(sender), [split], at=NOW)

    found = opened(joined(made.chunks()))
    judgement = judged(found)

    assert judgement.summary is CryptographicSummary.VERIFIED
    linked = {item.certificate for item in judgement.harvest if item.state == "linked"}
    assert linked == {certificate("frieda_sign"), other}
    sealed = joined(protect.encrypt(made, [recipient_spec(other)]))
    assert bytes(opened(sealed, "frieda_encrypt").payload.exact) == TEXT


@pytest.mark.requirement("A3")
def test_trap_plaintext_is_released_before_the_tag_is_checked() -> None:
    blob = mime.cms_of(sealed_mail("alice", "huber", cipher="aes256-gcm"))

    for position in (-1, -8, -40, len(blob) // 2):
        broken = bytearray(blob)
        broken[position] ^= 1
        found = opened(mail(mime.pkcs7_mime(bytes(broken), "authEnveloped-data")), "huber")
        assert not any(layer.opened for layer in found.encrypted_layers)
        assert b"Ein Bescheid" not in bytes(found.payload.exact)


@pytest.mark.requirement("A15")
def test_trap_own_copy_cannot_be_read_again() -> None:
    raw = sealed_mail("alice", "huber", "alice")

    assert bytes(opened(raw, "alice").payload.exact) == TEXT


def test_trap_the_reason_of_a_failure_tells_about_the_key() -> None:
    """One failure for whatever went wrong with the key: no oracle (RFC 3218)."""
    blob = bytearray(mime.cms_of(sealed_mail("alice", "huber", cipher="aes256-gcm")))
    start = blob.index(certificate("huber").issuer_and_serial.serial.to_bytes(15, "big"))
    findings = set()
    for position in range(start + 40, start + 240, 20):
        broken = bytearray(blob)
        broken[position] ^= 0x55
        found = opened(mail(mime.pkcs7_mime(bytes(broken), "authEnveloped-data")), "huber")
        (layer,) = found.encrypted_layers
        findings.add((layer.opened, layer.findings))

    assert findings == {(False, (Finding.DECRYPTION_FAILED,))}
