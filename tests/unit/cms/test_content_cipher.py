"""What we encrypt, opened with nothing of ours: ChaCha20-Poly1305 and derived keys."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from siegel.base import ber, der, oids
from siegel.base.buffers import joined
from siegel.base.errors import UnsupportedAlgorithm
from siegel.base.findings import Finding
from siegel.cms.content_algorithm import derived_key
from siegel.cms.enveloped import (
    RecipientSpec,
    build_enveloped_data,
    decrypt,
    parse_enveloped,
)
from tests.unit.cms.people import Ring, person
from tests.unit.cms.sealing import CONTENT

WHO = person("rsa2048")
SPEC = RecipientSpec(certificate=WHO)
CIPHERS = {
    "aes128-cbc": (16, 16),
    "aes192-cbc": (24, 16),
    "aes256-cbc": (32, 16),
    "aes128-gcm": (16, 12),
    "aes256-gcm": (32, 12),
    "chacha20-poly1305": (32, 12),
}

DERIVED = {
    "AES-128-GCM": (
        "301b0609608648016503040106300e040c5c79058ba2f43447639d29e2",
        "2124ffb29fac4e0fbbc7d5d87492bff3",
    ),
    "AES-128-CBC": (
        "301d06096086480165030401020410651f722ffd512c52fe072e507d72b377",
        "9cd102c52f1e19ece8729b35bfeceb50",
    ),
}


@pytest.mark.parametrize("cipher", DERIVED)
def test_the_derivation_is_that_of_the_standard(cipher: str) -> None:
    """RFC 9709, appendix."""
    algorithm, expected = map(bytes.fromhex, DERIVED[cipher])
    assert derived_key(bytes.fromhex("c702e7d0a9e064b09ba55245fb733cf3"), algorithm) == expected


def fixed(length: int) -> bytes:
    return bytes(range(1, 1 + length))


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("cek_hkdf", [False, True])
def test_content_is_encrypted_as_the_standards_say(cipher: str, cek_hkdf: bool) -> None:
    """RFC 3565, 5084, 8103; around them RFC 9709 §2."""
    key, nonce = map(fixed, CIPHERS[cipher])
    data = joined(
        build_enveloped_data([CONTENT], [SPEC], cipher=cipher, cek_hkdf=cek_hkdf, rng=fixed)
    )
    fields = ber.read(data).children()[1].children()[0].children()
    _, algorithm, content = fields[2].children()
    if cek_hkdf:
        outer, algorithm = algorithm.children()
        assert outer.oid() == oids.CEK_HKDF_SHA256
        salt = b"The Cryptographic Message Syntax"
        key = HKDF(hashes.SHA256(), len(key), salt, bytes(algorithm.raw)).derive(key)
    octets = bytes(content.content) + b"".join(field.joined() for field in fields[3:])
    params = algorithm.children()[1]
    if cipher.endswith("cbc"):
        assert params.joined() == nonce
        context = Cipher(algorithms.AES(key), modes.CBC(nonce)).decryptor()
        padded = context.update(octets) + context.finalize()
        assert padded[: -padded[-1]] == CONTENT
    elif cipher.endswith("gcm"):
        assert bytes(params.raw) == der.sequence(der.octet_string(nonce), der.integer(16))
        assert AESGCM(key).decrypt(nonce, octets, None) == CONTENT
    else:
        assert bytes(params.raw) == der.octet_string(nonce)
        assert ChaCha20Poly1305(key).decrypt(nonce, octets, None) == CONTENT


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize("cek_hkdf", [False, True])
def test_what_we_encrypt_we_open(cipher: str, cek_hkdf: bool) -> None:
    data = joined(build_enveloped_data([CONTENT], [SPEC], cipher=cipher, cek_hkdf=cek_hkdf))
    view = parse_enveloped(data)
    opened = decrypt(view, Ring(WHO))
    assert opened.content == [CONTENT]
    assert (view.cipher, view.weak, opened.findings) == (cipher, False, ())


def test_a_derived_key_does_not_open_under_another_algorithm() -> None:
    """The downgrade that RFC 9709 is against: the message turned into one without derivation."""
    data = joined(build_enveloped_data([CONTENT], [SPEC], cipher="aes256-gcm", cek_hkdf=True))
    fields = ber.read(data).children()[1].children()[0].children()
    algorithm = fields[2].children()[1]
    bare = der.sequence(
        fields[2].children()[0].raw, algorithm.children()[1].raw, fields[2].children()[2].raw
    )
    inside = der.sequence(fields[0].raw, fields[1].raw, bare, fields[3].raw)
    changed = der.sequence(der.oid(oids.AUTH_ENVELOPED_DATA), der.context(0, inside))
    opened = decrypt(parse_enveloped(changed), Ring(WHO))
    assert (opened.content, opened.findings) == (None, (Finding.DECRYPTION_FAILED,))


@pytest.mark.parametrize("cipher", ["aes192-gcm", "aes256-ccm", "3des-cbc", "rc2-128-cbc"])
def test_what_is_only_read_is_not_written(cipher: str) -> None:
    with pytest.raises(UnsupportedAlgorithm):
        build_enveloped_data([CONTENT], [SPEC], cipher=cipher, cek_hkdf=True)
