"""Lines of RFC 8551 and RFC 8550 about whole messages: names, types, lists and keys in them."""

import email
import socket
from dataclasses import replace
from email.message import Message as PythonMessage

import pytest

from siegel.base import ber, der, oids
from siegel.base.buffers import joined
from siegel.base.findings import Finding
from siegel.cms.enveloped import build_enveloped_data
from siegel.pki.verdict import RevocationStatus
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.judging import judge_opened
from siegel.policy.reasons import Reason
from siegel.policy.rules import OrganisationRules
from siegel.smime.layers import CompressedLayer
from siegel.smime.schemes import recipient_spec
from tests.peers import mime
from tests.peers.openssl import OpenSSL
from tests.unit.smime import mails
from tests.unit.smime.mails import NOW, TEXT, certificate, judged, mail, opened, trust
from tests.unit.smime.test_layers import opaque, squeezed
from tests.unit.smime.test_structure import cms, lines_of
from tests.world import WORLD, World

# what is written


def named(part: PythonMessage) -> tuple[str, object, str | None, str]:
    """Type, name, file name and transfer encoding, as Python reads them."""
    name = part.get_param("name")
    encoding = str(part["Content-Transfer-Encoding"])
    return part.get_content_type(), name, part.get_filename(), encoding


@pytest.mark.parametrize(
    ("name", "micalg"),
    [("alice", "sha-256"), ("petra", "sha-384"), ("quirin", "sha-512"), ("carla", "sha-512")],
)
def test_a_clear_signature_says_protocol_and_digest(name: str, micalg: str) -> None:
    """RFC 8551 §3.5.3."""
    raw = mails.signed_mail(name)
    found = email.message_from_bytes(raw)
    signature = list(found.walk())[-1]

    assert found.get_content_type() == "multipart/signed"
    assert b'protocol="application/pkcs7-signature"' in raw
    assert found.get_param("micalg") == micalg
    expected = ("application/pkcs7-signature", "smime.p7s", "smime.p7s", "base64")
    assert named(signature) == expected


WRITTEN = {
    "signed-data": lambda: mails.signed_mail("alice", opaque=True),
    "enveloped-data": lambda: mails.sealed_mail("alice", "huber"),
    "authEnveloped-data": lambda: mails.sealed_mail("alice", "huber", cipher="aes256-gcm"),
}


@pytest.mark.parametrize("smime_type", WRITTEN)
def test_an_opaque_message_says_its_type_and_two_names(smime_type: str) -> None:
    """RFC 8551 §3.2, §3.2.1, §3.2.2."""
    found = email.message_from_bytes(WRITTEN[smime_type]())

    assert named(found) == ("application/pkcs7-mime", "smime.p7m", "smime.p7m", "base64")
    assert found.get_param("smime-type") == smime_type


def test_what_is_encrypted_is_seven_bit_inside_too(world: World, openssl: OpenSSL) -> None:
    """RFC 8551 §3.1.2: somebody may pass on the inner signature by itself."""
    body = "Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße  \r\nFrom hier\r\n".encode()
    raw = mails.sealed_mail("alice", "huber", mail=mails.OUTER + body)

    inside = openssl.decrypt(raw, world.person("huber"))

    assert inside.isascii()
    lines = inside.split(b"\r\n")
    assert not any(line.startswith(b"From ") or line.endswith(b" ") for line in lines)


# what is recognised


@pytest.mark.parametrize("suffix", ["p7m", "P7M", "p7c", "p7z"])
def test_a_file_of_no_type_is_recognised_by_its_name(suffix: str) -> None:
    """RFC 8551 §3.10; what it is, its content says."""
    head = f"Content-Type: application/octet-stream; name=smime.{suffix}\r\n"
    encoding = "Content-Transfer-Encoding: base64\r\n\r\n"
    raw = mail((head + encoding).encode() + lines_of(cms(detached=False)))

    assert judged(opened(raw)).summary is CryptographicSummary.VERIFIED


def test_a_message_is_compressed_once_at_most() -> None:
    """RFC 3274 has no limit; a bomb of bombs has no other purpose."""
    once, twice = opened(mail(squeezed(opaque(TEXT)))), opened(mail(squeezed(squeezed(TEXT))))
    again = opened(mail(squeezed(opaque(squeezed(TEXT)))))

    assert judged(once).summary is CryptographicSummary.VERIFIED
    for found in (twice, again):
        assert found.layers.count(CompressedLayer()) == 1
        assert Finding.TOO_COMPLEX in found.findings
        assert judged(found).summary is CryptographicSummary.UNPROTECTED


# certificates and lists that come along


def with_list(blob: bytes, crl: bytes) -> bytes:
    """The SignedData with a revocation list behind its certificates (RFC 5652 §5.1)."""
    fields = [bytes(one.raw) for one in ber.read(blob).children()[1].children()[0].children()]
    inside = der.sequence(*fields[:4], der.context(1, crl), *fields[4:])
    return der.sequence(der.oid(oids.SIGNED_DATA), der.context(0, inside))


@pytest.mark.parametrize("listed", [False, True], ids=["ok/no-list", "fail/revoked"])
def test_a_revocation_list_in_the_message_counts(listed: bool) -> None:
    """RFC 8550 §2.3 and §4.1."""
    blob = cms(TEXT, "rita", detached=False)
    sender = str(certificate("rita").addresses[0])
    entity = mime.pkcs7_mime(with_list(blob, WORLD.crl()) if listed else blob, "signed-data")
    nothing = replace(trust(), evidence=replace(trust().evidence, crls=()))

    found = judge_opened(opened(mail(entity, sender=sender)), nothing, OrganisationRules())

    (signer,) = found.judgement.signers
    assert signer.path is not None
    revoked = signer.path.revocation is RevocationStatus.REVOKED
    assert revoked is listed
    assert (Reason.SIGNER_REVOKED in found.judgement.reasons) is listed


def test_the_key_of_an_expired_certificate_still_opens() -> None:
    """RFC 9787 §9.2."""
    assert certificate("emil").not_after < NOW
    blob = joined(build_enveloped_data([TEXT], [recipient_spec(certificate("emil"))]))
    found = opened(mail(mime.pkcs7_mime(blob, "enveloped-data")), "emil")

    assert bytes(found.payload.exact) == TEXT


@pytest.mark.parametrize("name", ["vera", "ingo"], ids=["list", "issuer"])
def test_nobody_on_the_network_learns_that_a_message_is_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 8550 §6: certificates name places to fetch from, and the sender chose them."""

    def asked(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"the network was asked: {args} {kwargs}")

    raw = mails.signed_mail(name)
    assert b"http://" in certificate(name).der
    for way in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, way, asked)

    assert judged(opened(raw)).signers
