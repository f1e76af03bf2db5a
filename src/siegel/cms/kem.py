"""Recipients with a key encapsulation (KEMRecipientInfo, RFC 9629): ML-KEM-768 and ML-KEM-1024.

RFC 9936 (ML-KEM in CMS). Written with HKDF-SHA-256 and AES-256 wrap; HKDF with SHA-384 or SHA-512
is read, too. ML-KEM-512 is known by name only, because ``cryptography`` does not compute it;
composite algorithms are drafts and unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cryptography.hazmat.primitives.asymmetric import mlkem
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from siegel.base import ber, der, oids
from siegel.base.errors import MalformedMessage, UnsupportedAlgorithm
from siegel.base.keys import DecryptionKey, KeyId, Keyring
from siegel.cms.algorithms import HASHES, read_algorithm
from siegel.cms.doors import Attempt
from siegel.cms.identifiers import read_identifier
from siegel.cms.key_wrap import WEAK_WRAPS, WRAPS, unwrap_key

KemPublicKey = mlkem.MLKEM768PublicKey | mlkem.MLKEM1024PublicKey

_ALGORITHMS: dict[str, type[PublicKeyTypes]] = {
    oids.ML_KEM_768: mlkem.MLKEM768PublicKey,
    oids.ML_KEM_1024: mlkem.MLKEM1024PublicKey,
}
_KDFS = {
    oids.HKDF_SHA256: "sha256",
    oids.HKDF_SHA384: "sha384",
    oids.HKDF_SHA512: "sha512",
}
_VERSION = 0  # RFC 9629 §3
_WRAP = oids.AES256_WRAP  # RFC 9936 §2.2.1
_UKM = 0xA0


@dataclass(frozen=True, slots=True, kw_only=True)
class KemDoor:
    """``kdf`` and ``wrap`` are object identifiers; ``info`` is what the KDF binds the key to."""

    identifier: KeyId
    kem: str
    ciphertext: bytes
    kdf: str
    wrap: str
    info: bytes
    encrypted_key: bytes

    @property
    def supported(self) -> bool:
        return self.kem in _ALGORITHMS and self.kdf in _KDFS and self.wrap in WRAPS

    @property
    def weak(self) -> bool:
        return self.wrap in WEAK_WRAPS

    def attempts(self, keyring: Keyring) -> Iterator[Attempt]:
        for key in keyring.matching(self.identifier):
            yield Attempt(open=partial(self._open, key), supported=self.supported)

    def _open(self, key: DecryptionKey) -> bytes:
        if not self.supported or not isinstance(key.public_key, _ALGORITHMS[self.kem]):
            raise UnsupportedAlgorithm("an encapsulation for a key of another kind", oid=self.kem)
        secret = key.decapsulate(self.ciphertext)
        kek = key_encryption_key(self.kdf, self.wrap, secret, self.info)
        return unwrap_key(self.wrap, kek, self.encrypted_key)


def key_encryption_key(kdf: str, wrap: str, secret: bytes, info: bytes) -> bytes:
    return HKDF(HASHES[_KDFS[kdf]], WRAPS[wrap], None, info).derive(secret)


def _other_info(wrap: bytes, length: int, ukm: bytes) -> bytes:
    """CMSORIforKEMOtherInfo (RFC 9629 §5)."""
    return der.sequence(wrap, der.integer(length), ukm)


def read_kem(element: ber.Element) -> KemDoor:
    """KEMRecipientInfo (RFC 9629 §3)."""
    fields = element.expect(der.SEQUENCE).children()
    ukm = [field for field in fields[6:7] if field.tag == _UKM]
    if len(fields) != 8 + len(ukm):
        raise MalformedMessage("no KEMRecipientInfo")
    wrap = read_algorithm(fields[-2])
    length = fields[5].expect(der.INTEGER).integer()
    if WRAPS.get(wrap.oid, length) != length:
        raise MalformedMessage("a KEMRecipientInfo with a kekLength that is not the wrap's")
    return KemDoor(
        identifier=read_identifier(fields[1]),
        kem=read_algorithm(fields[2]).oid,
        ciphertext=fields[3].octet_string(),
        kdf=read_algorithm(fields[4]).oid,
        wrap=wrap.oid,
        info=_other_info(wrap.raw, length, b"".join(map(ber.to_der, ukm))),
        encrypted_key=fields[-1].joined(),
    )


def build_kem(identifier: bytes, public_key: KemPublicKey, key: bytes) -> bytes:
    """OtherRecipientInfo with a KEMRecipientInfo; ``identifier`` is a RecipientIdentifier."""
    secret, ciphertext = public_key.encapsulate()
    wrap, length = der.algorithm(_WRAP), WRAPS[_WRAP]
    kek = key_encryption_key(oids.HKDF_SHA256, _WRAP, secret, _other_info(wrap, length, b""))
    kem = next(oid for oid, kind in _ALGORITHMS.items() if isinstance(public_key, kind))
    info = der.sequence(
        der.integer(_VERSION),
        identifier,
        der.algorithm(kem),
        der.octet_string(ciphertext),
        der.algorithm(oids.HKDF_SHA256),
        der.integer(length),
        wrap,
        der.octet_string(aes_key_wrap(kek, key)),
    )
    return der.context(4, der.oid(oids.ORI_KEM), info)
