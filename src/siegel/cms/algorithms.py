"""Which algorithms there are for CMS: closed tables of OID, name, use – and nothing outside them.

Digests (RFC 5754, 8702), signatures (RFC 3370, 4056, 5753, 8419, 9882), content ciphers (RFC 3565,
5084, 8103), key wraps. The tables say what *may* be done; how it is done stands in ``signature``,
``content_cipher`` and ``key_agreement``.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from cryptography.hazmat.primitives import hashes

from siegel.base import ber, der, oids
from siegel.base.errors import MalformedMessage, UnsupportedAlgorithm
from siegel.base.keys import SignatureKind


class Use(StrEnum):
    """What may be done with an algorithm, from the best to the worst."""

    CREATE = "create"  # written and read
    READ = "read"  # read, as good as the former
    LEGACY = "legacy"  # read, and the result is marked weak
    REFUSE = "refuse"  # recognised by name, never computed


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """``name`` as in hashlib; ``params`` are written, SHA-2 has none (RFC 5754 §2)."""

    name: str
    oid: str
    use: Use
    params: bytes = b""


DIGESTS = (
    Digest(name="sha256", oid=oids.SHA256, use=Use.CREATE),
    Digest(name="sha384", oid=oids.SHA384, use=Use.CREATE),
    Digest(name="sha512", oid=oids.SHA512, use=Use.CREATE),
    Digest(name="sha3_256", oid=oids.SHA3_256, use=Use.CREATE),
    Digest(name="sha3_384", oid=oids.SHA3_384, use=Use.CREATE),
    Digest(name="sha3_512", oid=oids.SHA3_512, use=Use.CREATE),
    # Ed448 signs with 64 octets of SHAKE256, length written out (RFC 8419 §3.1)
    Digest(
        name="shake_256",
        oid=oids.SHAKE256_LEN,
        use=Use.CREATE,
        params=der.integer(512),
    ),
    Digest(name="shake_256", oid=oids.SHAKE256, use=Use.READ),
    Digest(name="shake_128", oid=oids.SHAKE128, use=Use.READ),
    Digest(name="sha224", oid=oids.SHA224, use=Use.READ),
    Digest(name="sha3_224", oid=oids.SHA3_224, use=Use.READ),
    Digest(name="sha1", oid=oids.SHA1, use=Use.LEGACY),
    Digest(name="md5", oid=oids.MD5, use=Use.REFUSE),
    Digest(name="md2", oid=oids.MD2, use=Use.REFUSE),
)

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - old signatures are read and marked weak
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3_224": hashes.SHA3_224(),
    "sha3_256": hashes.SHA3_256(),
    "sha3_384": hashes.SHA3_384(),
    "sha3_512": hashes.SHA3_512(),
}


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """``digest`` None: the algorithm leaves it to digestAlgorithm (RSA, PSS, EdDSA, ML-DSA).

    ``level`` tells the parameter sets of ML-DSA apart: 44, 65 or 87.
    """

    kind: SignatureKind
    digest: str | None = None
    level: int | None = None


_RSA, _ECDSA, _DSA = SignatureKind.RSA_PKCS1, SignatureKind.ECDSA, SignatureKind.DSA
SIGNATURES = {
    oids.RSA: SignatureAlgorithm(_RSA),
    oids.MD2_WITH_RSA: SignatureAlgorithm(_RSA, "md2"),
    oids.MD5_WITH_RSA: SignatureAlgorithm(_RSA, "md5"),
    oids.SHA1_WITH_RSA: SignatureAlgorithm(_RSA, "sha1"),
    oids.SHA1_WITH_RSA_OIW: SignatureAlgorithm(_RSA, "sha1"),
    oids.SHA224_WITH_RSA: SignatureAlgorithm(_RSA, "sha224"),
    oids.SHA256_WITH_RSA: SignatureAlgorithm(_RSA, "sha256"),
    oids.SHA384_WITH_RSA: SignatureAlgorithm(_RSA, "sha384"),
    oids.SHA512_WITH_RSA: SignatureAlgorithm(_RSA, "sha512"),
    oids.SHA3_256_WITH_RSA: SignatureAlgorithm(_RSA, "sha3_256"),
    oids.SHA3_384_WITH_RSA: SignatureAlgorithm(_RSA, "sha3_384"),
    oids.SHA3_512_WITH_RSA: SignatureAlgorithm(_RSA, "sha3_512"),
    oids.RSA_PSS: SignatureAlgorithm(SignatureKind.RSA_PSS),
    oids.EC_PUBLIC_KEY: SignatureAlgorithm(_ECDSA),
    oids.ECDSA_SHA1: SignatureAlgorithm(_ECDSA, "sha1"),
    oids.ECDSA_SHA224: SignatureAlgorithm(_ECDSA, "sha224"),
    oids.ECDSA_SHA256: SignatureAlgorithm(_ECDSA, "sha256"),
    oids.ECDSA_SHA384: SignatureAlgorithm(_ECDSA, "sha384"),
    oids.ECDSA_SHA512: SignatureAlgorithm(_ECDSA, "sha512"),
    oids.ECDSA_SHA3_224: SignatureAlgorithm(_ECDSA, "sha3_224"),
    oids.ECDSA_SHA3_256: SignatureAlgorithm(_ECDSA, "sha3_256"),
    oids.ECDSA_SHA3_384: SignatureAlgorithm(_ECDSA, "sha3_384"),
    oids.ECDSA_SHA3_512: SignatureAlgorithm(_ECDSA, "sha3_512"),
    oids.ED25519: SignatureAlgorithm(SignatureKind.ED25519),
    oids.ED448: SignatureAlgorithm(SignatureKind.ED448),
    oids.ML_DSA_44: SignatureAlgorithm(SignatureKind.ML_DSA, level=44),
    oids.ML_DSA_65: SignatureAlgorithm(SignatureKind.ML_DSA, level=65),
    oids.ML_DSA_87: SignatureAlgorithm(SignatureKind.ML_DSA, level=87),
    oids.DSA: SignatureAlgorithm(_DSA),
    oids.DSA_SHA1: SignatureAlgorithm(_DSA, "sha1"),
    oids.DSA_SHA224: SignatureAlgorithm(_DSA, "sha224"),
    oids.DSA_SHA256: SignatureAlgorithm(_DSA, "sha256"),
    oids.DSA_SHA384: SignatureAlgorithm(_DSA, "sha384"),
    oids.DSA_SHA512: SignatureAlgorithm(_DSA, "sha512"),
}
"""DSA and the MD rows are read only; SHA-1 rows are marked weak by their digest."""

SHAKE_LENGTHS = {"shake_128": 32, "shake_256": 64}  # octets of a digest (RFC 8702 §3.1)
EDDSA_DIGESTS = {SignatureKind.ED25519: "sha512", SignatureKind.ED448: "shake_256"}  # RFC 8419 §3.1
ML_DSA_DIGESTS = {
    44: frozenset(("sha256", "sha3_256", "shake_128", "sha384", "sha3_384"))
    | frozenset(("sha512", "sha3_512", "shake_256")),
    65: frozenset(("sha384", "sha3_384", "sha512", "sha3_512", "shake_256")),
    87: frozenset(("sha512", "sha3_512", "shake_256")),
}
"""The digests that are as strong as each parameter set (RFC 9882 §3.3, table 1)."""


class CipherMode(StrEnum):
    CBC = "cbc"
    GCM = "gcm"
    CCM = "ccm"
    CHACHA20_POLY1305 = "chacha20_poly1305"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentCipher:
    name: str
    oid: str
    mode: CipherMode
    key_length: int  # octets
    use: Use

    @property
    def authenticated(self) -> bool:
        return self.mode is not CipherMode.CBC


def _cipher(name: str, oid: str, mode: CipherMode, key_length: int, use: Use) -> ContentCipher:
    return ContentCipher(name=name, oid=oid, mode=mode, key_length=key_length, use=use)


CONTENT_CIPHERS = (
    _cipher("aes128-cbc", oids.AES128_CBC, CipherMode.CBC, 16, Use.CREATE),
    _cipher("aes192-cbc", oids.AES192_CBC, CipherMode.CBC, 24, Use.CREATE),
    _cipher("aes256-cbc", oids.AES256_CBC, CipherMode.CBC, 32, Use.CREATE),
    _cipher("aes128-gcm", oids.AES128_GCM, CipherMode.GCM, 16, Use.CREATE),
    _cipher("aes192-gcm", oids.AES192_GCM, CipherMode.GCM, 24, Use.READ),
    _cipher("aes256-gcm", oids.AES256_GCM, CipherMode.GCM, 32, Use.CREATE),
    _cipher("aes128-ccm", oids.AES128_CCM, CipherMode.CCM, 16, Use.READ),
    _cipher("aes192-ccm", oids.AES192_CCM, CipherMode.CCM, 24, Use.READ),
    _cipher("aes256-ccm", oids.AES256_CCM, CipherMode.CCM, 32, Use.READ),
    _cipher(
        "chacha20-poly1305", oids.CHACHA20_POLY1305, CipherMode.CHACHA20_POLY1305, 32, Use.CREATE
    ),
    _cipher("3des-cbc", oids.DES_EDE3_CBC, CipherMode.CBC, 24, Use.LEGACY),
    _cipher("rc2-128-cbc", oids.RC2_CBC, CipherMode.CBC, 16, Use.LEGACY),
)

_CIPHERS_BY_OID = {cipher.oid: cipher for cipher in CONTENT_CIPHERS}
_CIPHERS_BY_NAME = {cipher.name: cipher for cipher in CONTENT_CIPHERS}
_DIGESTS_BY_OID = {digest.oid: digest for digest in DIGESTS}
_DIGESTS_BY_NAME = {digest.name: digest for digest in reversed(DIGESTS)}


@dataclass(frozen=True, slots=True)
class AlgorithmId:
    """An AlgorithmIdentifier as it came; ``params`` None when absent."""

    oid: str
    params: ber.Element | None
    raw: bytes

    @property
    def plain(self) -> tuple[str, bytes | None]:
        """What counts when two are compared: NULL and absent parameters mean the same."""
        if self.params is None or self.params.tag == der.NULL:
            return self.oid, None
        return self.oid, ber.to_der(self.params)


def read_algorithm(element: ber.Element, *, tag: int = der.SEQUENCE) -> AlgorithmId:
    raw = bytes(element.expect(tag).raw)
    bare = _bare(raw) if len(raw) <= _LONGEST_BARE else None
    return bare or _read(element, raw)


_LONGEST_BARE = 24  # octets; an OID of the tables and NULL take at most 17


@lru_cache(maxsize=256)
def _bare(raw: bytes) -> AlgorithmId | None:
    """One without parameters that need reading: a few of them stand in nearly every message."""
    found = _read(ber.read(raw), raw)
    return found if found.params is None or found.params.tag == der.NULL else None


def _read(element: ber.Element, raw: bytes) -> AlgorithmId:
    fields = element.children()
    if not 1 <= len(fields) <= 2:
        raise MalformedMessage("no AlgorithmIdentifier")
    params = fields[1] if len(fields) == 2 else None
    return AlgorithmId(fields[0].expect(der.OID).oid(), params, raw)


def digest_by_oid(oid: str) -> Digest | None:
    return _DIGESTS_BY_OID.get(oid)


def digest_to_write(name: str) -> Digest:
    digest = _DIGESTS_BY_NAME.get(name)
    if digest is None or digest.use is not Use.CREATE:
        raise UnsupportedAlgorithm(f"no signature is made with {name}", digest=name)
    return digest


def cipher_by_oid(oid: str) -> ContentCipher | None:
    return _CIPHERS_BY_OID.get(oid)


def cipher_to_write(name: str) -> ContentCipher:
    cipher = _CIPHERS_BY_NAME.get(name)
    if cipher is None or cipher.use is not Use.CREATE:
        raise UnsupportedAlgorithm(f"nothing is encrypted with {name}", cipher=name)
    return cipher
