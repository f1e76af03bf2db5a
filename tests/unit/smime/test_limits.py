"""Hostile amounts: a finding, never a green message, and no more work than the limits allow."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from siegel.base import ber, der, oids
from siegel.base.buffers import joined
from siegel.base.errors import LimitExceeded
from siegel.base.findings import Finding
from siegel.base.limits import DEFAULT, Limits
from siegel.cms import digests
from siegel.cms.enveloped import build_enveloped_data
from siegel.cms.signed import SignerSpec, build_signed_data
from siegel.mime.parse import parse_message
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.policy.inbound import CryptographicSummary
from siegel.smime import verify
from siegel.smime.layers import OpenedMessage
from siegel.smime.named import MAX_CANDIDATES
from siegel.smime.schemes import recipient_spec
from tests.peers import mime
from tests.unit.cms import sealing, test_in_place
from tests.unit.cms.people import Ring, person
from tests.unit.smime import mails
from tests.unit.smime.mails import NOW, TEXT, certificate, identity, judged, mail, opened
from tests.unit.smime.test_structure import parts, signature
from tests.work import Counted, Run, grows_in_proportion
from tests.world import WORLD


def signed_by(count: int, content: bytes = TEXT) -> bytes:
    one = identity("alice")
    spec = SignerSpec(key=one.key, scheme=one.scheme, signing_time=NOW, encryption_certificate=None)
    blob = build_signed_data([content], None, [spec], one.chain, detached=False)
    return _with_signers(joined(blob), count)


def _with_signers(blob: bytes, count: int) -> bytes:
    """The one SignerInfo ``count`` times."""
    shell = ber.read(blob).children()
    fields = shell[1].children()[0].children()
    (info,) = fields[-1].children()
    again = der.tlv(der.SET, bytes(info.raw) * count)
    inside = b"".join(bytes(field.raw) for field in fields[:-1]) + again
    return der.sequence(bytes(shell[0].raw), der.context(0, der.sequence(inside)))


def opaque(blob: bytes) -> bytes:
    return mail(mime.pkcs7_mime(blob, "signed-data"))


def is_refused(found: OpenedMessage) -> bool:
    return Finding.TOO_COMPLEX in found.findings and found.layers == ()


def test_as_many_signers_as_the_limit_says_are_judged() -> None:
    found = opened(opaque(signed_by(DEFAULT.signers)))

    assert len(found.signed_layers[0].signers) == DEFAULT.signers
    assert all(signer.signature_valid for signer in found.signed_layers[0].signers)


def test_more_signers_are_too_complex() -> None:
    assert is_refused(opened(opaque(signed_by(DEFAULT.signers + 1))))


@pytest.mark.parametrize(("count", "refused"), [(200, False), (201, True)])
def test_certificates_are_counted(count: int, refused: bool) -> None:
    one = identity("alice")
    spec = SignerSpec(key=one.key, scheme=one.scheme, signing_time=NOW, encryption_certificate=None)
    others = [one.chain[0], *(der.sequence(der.integer(n)) for n in range(count - 1))]
    blob = joined(build_signed_data([TEXT], None, [spec], others, detached=False))

    found = opened(opaque(blob))

    assert is_refused(found) is refused
    assert refused or [c.der for c in found.certificates] == [one.chain[0]]


@pytest.mark.parametrize(("count", "refused"), [(DEFAULT.recipients, False), (1001, True)])
def test_recipients_are_counted(count: int, refused: bool) -> None:
    blob = joined(build_enveloped_data([TEXT], [recipient_spec(certificate("huber"))]))
    shell = ber.read(blob).children()
    fields = shell[1].children()[0].children()
    (info,) = fields[1].children()
    inside = bytes(fields[0].raw) + der.tlv(der.SET, bytes(info.raw) * count) + bytes(fields[2].raw)
    many = der.sequence(bytes(shell[0].raw), der.context(0, der.sequence(inside)))

    found = opened(mail(mime.pkcs7_mime(many, "enveloped-data")), "huber")

    assert is_refused(found) is refused


def test_nesting_of_parts_is_bounded() -> None:
    deep = TEXT
    for number in range(DEFAULT.mime_depth + 1):
        deep = b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n%s\r\n--%d--\r\n" % (
            number, number, deep, number,
        )  # fmt: skip

    with pytest.raises(LimitExceeded):
        parse_message(mail(deep))
    inside = opened(mail(mime.pkcs7_mime(_signed(deep), "signed-data")))
    assert Finding.TOO_COMPLEX in inside.findings
    assert [one.counts for one in judged(inside).signers] == [False]


def _signed(content: bytes) -> bytes:
    one = identity("alice")
    spec = SignerSpec(key=one.key, scheme=one.scheme, signing_time=NOW, encryption_certificate=None)
    return joined(build_signed_data([content], None, [spec], one.chain, detached=False))


@pytest.mark.parametrize(
    ("rounds", "finding"), [(20, Finding.DECRYPTION_FAILED), (19, Finding.TOO_COMPLEX)]
)
def test_rounds_for_passwords_are_counted_over_all_layers(rounds: int, finding: Finding) -> None:
    ten_rounds = test_in_place.pwri()
    inner = mime.pkcs7_mime(sealing.sealed_cbc(ten_rounds), "enveloped-data")
    outer = sealing.sealed_cbc(sealing.ktri(), ten_rounds, content=inner)
    ring = Ring(person("rsa2048"), passwords=("falsch",))

    found = opened(
        mail(mime.pkcs7_mime(outer, "enveloped-data")),
        ring=ring,
        limits=Limits(password_rounds=rounds),
    )

    assert [layer.opened for layer in found.encrypted_layers] == [True, False]
    assert found.encrypted_layers[1].findings == (finding,)


def test_nesting_inside_of_the_signature_is_bounded() -> None:
    deep = b"\x30\x80" * 5000 + b"\x00\x00" * 5000
    shell = der.sequence(der.oid(oids.SIGNED_DATA), der.context(0, deep))

    found = opened(mail(parts(TEXT, signature(shell))))

    assert found.layers == ()
    assert found.findings[0] in (Finding.TOO_COMPLEX, Finding.MALFORMED)


# work, counted


def namesakes(name: str, count: int) -> list[Certificate]:
    """Certificates with the issuer and serial number of ``name``, and keys of somebody else."""
    real = WORLD.person(name).certificate
    key = ec.generate_private_key(ec.SECP256R1())
    made = []
    for number in range(count):
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(number))])
        builder = x509.CertificateBuilder(
            real.issuer, subject, key.public_key(), real.serial_number
        )
        builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
        made.append(builder.sign(key, SHA256()).public_bytes(Encoding.DER))
    return [parse_certificate(der) for der in made]


def test_a_certificate_that_verifies_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = Counted(monkeypatch, verify, "check_signer")

    opened(opaque(signed_by(DEFAULT.signers)), certificates=namesakes("alice", 100))

    assert checks.calls == DEFAULT.signers  # the right one came with the message


def test_a_message_that_brings_its_own_namesakes_costs_no_more_than_the_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = identity("alice")
    spec = SignerSpec(key=one.key, scheme=one.scheme, signing_time=NOW, encryption_certificate=None)
    fakes = [fake.der for fake in namesakes("alice", 150)]
    blob = joined(build_signed_data([TEXT], None, [spec], fakes, detached=False))
    raw = opaque(_with_signers(blob, DEFAULT.signers))
    checks = Counted(monkeypatch, verify, "check_signer")

    found = opened(raw, certificates=[certificate("alice")])

    assert checks.calls == DEFAULT.signers * MAX_CANDIDATES
    assert judged(found).summary is CryptographicSummary.UNPROTECTED


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"], ids=["crlf", "lf"])
def test_content_is_digested_once_however_many_signers_there_are(
    monkeypatch: pytest.MonkeyPatch, line_end: bytes
) -> None:
    info = signed_by(DEFAULT.signers)
    shell = ber.read(info).children()
    fields = [bytes(field.raw) for field in shell[1].children()[0].children()]
    fields[2] = der.sequence(der.oid(oids.DATA))
    detached = der.sequence(bytes(shell[0].raw), der.context(0, der.sequence(*fields)))
    raw = mail(parts(TEXT, signature(detached))).replace(b"\r\n", line_end)
    passes = Counted(monkeypatch, digests, "digest_of")

    found = opened(raw)

    assert all(signer.intact for signer in found.signed_layers[0].signers)
    assert passes.calls == (1 if line_end == b"\r\n" else 2)


@pytest.mark.parametrize("shape", ["detached", "lf", "opaque", "sealed"])
def test_opening_takes_time_in_proportion_to_the_size(shape: str) -> None:
    def made(size: int) -> Run:
        text = (
            mails.OUTER + b"Content-Type: text/plain\r\n\r\n" + b"Ein Bescheid.\r\n" * (size // 15)
        )
        if shape == "sealed":
            raw = mails.sealed_mail("alice", "huber", mail=text)
        else:
            raw = mails.signed_mail("alice", mail=text, opaque=shape == "opaque")
        whole = raw.replace(b"\r\n", b"\n") if shape == "lf" else raw
        return lambda: opened(whole, "huber").signed_layers[0]

    assert grows_in_proportion(made, 2_000_000)
