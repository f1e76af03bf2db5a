"""ML-KEM recipients (RFC 9629, 9936): ours put together by hand, and the example of the RFC."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import mlkem
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from siegel.base import ber, der, oids
from siegel.base.buffers import joined
from siegel.base.errors import MalformedMessage
from siegel.base.findings import Finding
from siegel.cms.content_opening import Extent, Sealed
from siegel.cms.content_opening import decrypt as decrypt_content
from siegel.cms.enveloped import (
    Opened,
    RecipientSpec,
    build_enveloped_data,
    decrypt,
    parse_enveloped,
)
from siegel.cms.kem import KemDoor, key_encryption_key, read_kem
from siegel.cms.key_wrap import unwrap_key
from tests.unit.cms.people import Person, Ring, person
from tests.unit.cms.sealing import CONTENT, KEY, ktri, named, sealed_cbc, sealed_gcm
from tests.unit.cms.test_corpora import read

WHO = person("mlkem768")
KINDS = {"mlkem768": oids.ML_KEM_768, "mlkem1024": oids.ML_KEM_1024}
FAILED = (Finding.DECRYPTION_FAILED,)
UNSUPPORTED = (Finding.UNSUPPORTED,)


def opened(data: bytes, *people: Person) -> Opened:
    return decrypt(parse_enveloped(data), Ring(*people), rng=bytes)


def kemri(
    who: Person = WHO,
    *,
    rid: bytes | None = None,
    kem: str = oids.ML_KEM_768,
    kdf: str = oids.HKDF_SHA256,
    digest: hashes.HashAlgorithm | None = None,
    wrap: bytes | None = None,
    length: int = 32,
    told: int | None = None,
    ukm: bytes = b"",
    ciphertext: Callable[[bytes], bytes] = bytes,
) -> bytes:
    """A KEMRecipientInfo as RFC 9629 has it, or a little otherwise."""
    public = who.public_key
    assert isinstance(public, mlkem.MLKEM768PublicKey | mlkem.MLKEM1024PublicKey)
    secret, sent = public.encapsulate()
    wrap = wrap or der.algorithm(oids.AES256_WRAP)
    told = length if told is None else told
    info = der.sequence(wrap, der.integer(told), ukm)
    kek = HKDF(digest or hashes.SHA256(), length, None, info).derive(secret)
    value = der.sequence(
        der.integer(0),
        rid or named(who),
        der.algorithm(kem),
        der.octet_string(ciphertext(sent)),
        der.algorithm(kdf),
        der.integer(told),
        ukm,
        wrap,
        der.octet_string(aes_key_wrap(kek, KEY)),
    )
    return der.context(4, der.oid(oids.ORI_KEM), value)


UKM = der.context(0, der.octet_string(b"of this message"))
CASES = {
    "ok/plain": (kemri(), ()),
    "ok/by key identifier": (
        kemri(rid=der.context(0, WHO.subject_key_identifier or b"", constructed=False)),
        (),
    ),
    "ok/with user keying material": (kemri(ukm=UKM), ()),
    "ok/SHA-384": (kemri(kdf=oids.HKDF_SHA384, digest=hashes.SHA384()), ()),
    "ok/SHA-512": (kemri(kdf=oids.HKDF_SHA512, digest=hashes.SHA512()), ()),
    "ok/AES-128 wrap": (kemri(wrap=der.algorithm(oids.AES128_WRAP), length=16), ()),
    "fail/another digest": (kemri(kdf=oids.HKDF_SHA384), FAILED),
    "fail/ciphertext changed": (kemri(ciphertext=lambda sent: bytes(len(sent))), FAILED),
    "fail/ciphertext too short": (kemri(ciphertext=lambda sent: sent[:-1]), FAILED),
    "fail/no ciphertext": (kemri(ciphertext=lambda sent: b""), FAILED),
    "fail/kind of another key": (kemri(kem=oids.ML_KEM_1024), FAILED),
    "fail/ML-KEM-512": (kemri(kem=oids.ML_KEM_512), UNSUPPORTED),
    "fail/composite": (kemri(kem="1.3.6.1.5.5.7.6.58"), UNSUPPORTED),
    "fail/unknown derivation": (kemri(kdf="1.2.3"), UNSUPPORTED),
    "fail/unknown wrap": (kemri(wrap=der.algorithm("1.2.3")), UNSUPPORTED),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seal", [sealed_cbc, sealed_gcm])
def test_encapsulations_open_or_fail_like_everything(
    case: str, seal: Callable[[bytes], bytes]
) -> None:
    info, findings = CASES[case]
    result = opened(seal(info), WHO)
    assert (result.matched, result.findings) == ((True,), findings)
    if case.startswith("ok/"):
        assert result.content is not None
        assert joined(result.content) == CONTENT
    else:
        assert result.content is None
    assert parse_enveloped(seal(info)).recipients[0].kind == "kemri"


def test_a_length_that_is_not_the_wraps_names_nobody() -> None:
    """RFC 9629 §3: kekLength must be what the wrap takes."""
    info = kemri(told=16)
    value = ber.read(info).children()[1]
    with pytest.raises(MalformedMessage):
        read_kem(value)
    assert opened(sealed_cbc(info), WHO).findings == (Finding.NO_DECRYPTION_KEY,)
    assert opened(sealed_cbc(info, ktri()), person("rsa2048")).content is not None


def test_a_key_of_another_kind_is_not_asked() -> None:
    rsa = person("rsa2048", 1)
    before = len(rsa.asked)
    assert opened(sealed_cbc(kemri(rid=named(rsa))), rsa).findings == FAILED
    assert len(rsa.asked) == before


@pytest.mark.requirement("C12")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by_ski", [True, False])
def test_what_we_write_is_what_the_standards_say(kind: str, by_ski: bool) -> None:
    """RFC 9629 §3 and §5, RFC 9936 §2, read field by field and opened without our own reader."""
    who = person(kind)
    spec = RecipientSpec(certificate=who, by_ski=by_ski)
    data = joined(build_enveloped_data([CONTENT], [spec], cipher="aes256-gcm", rng=fixed))
    content = ber.read(data).children()[1].children()[0].children()
    assert content[0].integer() == 0  # RFC 5083 §2.1
    (other,) = content[1].children()
    assert other.tag == 0xA4
    ori_type, value = other.children()
    assert ori_type.oid() == oids.ORI_KEM
    version, rid, kem, ciphertext, kdf, length, wrap, wrapped = value.children()
    assert version.integer() == 0
    name = der.context(0, who.subject_key_identifier or b"", constructed=False)
    assert bytes(rid.raw) == (name if by_ski else named(who))
    assert bytes(kem.raw) == der.algorithm(KINDS[kind])
    assert bytes(kdf.raw) == der.algorithm(oids.HKDF_SHA256)
    assert (length.integer(), bytes(wrap.raw)) == (32, der.algorithm(oids.AES256_WRAP))
    info = der.sequence(wrap.raw, length.raw)
    secret = who.decapsulate(ciphertext.content)
    kek = HKDF(hashes.SHA256(), 32, None, info).derive(secret)
    assert aes_key_unwrap(kek, wrapped.joined()) == fixed(32)


def fixed(length: int) -> bytes:
    return bytes(range(length))


VERSIONS = {
    "CBC": (["mlkem768"], "aes256-cbc", 3),
    "CBC, beside RSA and EC": (["rsa2048", "p256", "mlkem1024"], "aes256-cbc", 3),
    "GCM": (["rsa2048", "mlkem768"], "aes256-gcm", 0),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_versions_with_an_encapsulation(case: str) -> None:
    """RFC 5652 §6.1: 3 with an OtherRecipientInfo; RFC 5083 §2.1: always 0."""
    kinds, cipher, version = VERSIONS[case]
    people = [person(kind) for kind in kinds]
    specs = [RecipientSpec(certificate=who) for who in people]
    data = joined(build_enveloped_data([CONTENT], specs, cipher=cipher))
    assert ber.read(data).children()[1].children()[0].children()[0].integer() == version
    for who in people:
        result = opened(data, who)
        assert result.content is not None
        assert joined(result.content) == CONTENT
        assert sum(result.matched) == 1


@pytest.mark.requirement("C12")
def test_the_key_schedule_of_the_standard(corpora: Path) -> None:
    """The example of RFC 9936 is for ML-KEM-512: all but the decapsulation can be followed."""
    example = corpora / "pqc" / "lamps-cms-kyber" / "example"

    def value(name: str) -> bytes:
        return bytes.fromhex((example / name).read_text())

    data = read(example / "ML-KEM-512.cms")
    view = parse_enveloped(data)
    (recipient,) = view.recipients
    (door,) = recipient.doors
    assert isinstance(door, KemDoor)
    assert (recipient.kind, door.kem, door.supported) == ("kemri", oids.ML_KEM_512, False)
    assert door.ciphertext == value("ciphertext.txt")
    assert door.info == value("ori_info.txt")
    assert door.encrypted_key == value("encrypted_cek.txt")
    kek = key_encryption_key(door.kdf, door.wrap, value("shared_secret.txt"), door.info)
    assert kek == value("kek.txt")
    key = unwrap_key(door.wrap, kek, door.encrypted_key)
    assert key == value("cek.txt")
    assert view.algorithm is not None
    extent = Extent.copied(view.content)
    sealed = Sealed(algorithm=view.algorithm, extent=extent, tag=view.tag, aad=view.aad)
    assert decrypt_content(sealed, [key]) == (example / "plaintext.txt").read_bytes()
