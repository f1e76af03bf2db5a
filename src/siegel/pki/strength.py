"""Which keys and signatures are strong enough, and the one place where signatures are checked.

SP 800-131A and BSI TR-02102: RSA from 2048 bits, the NIST and Brainpool curves from 256 bits, the
Edwards curves, ML-DSA and ML-KEM; DSA, MD5 and SHA-1 no more. What is weak is still checked
mathematically, so that a reason can name it; it is only not good enough for a valid path.
"""

from typing import Protocol, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.hashes import HashAlgorithm

from siegel.base.keys import KeyKind
from siegel.pki.certificate import Certificate
from siegel.pki.post_quantum import MlDsaPublicKey, name_of
from siegel.pki.public_keys import bits_of, kind_of
from siegel.pki.public_keys import name_of as name_of_key

MIN_RSA_BITS = 2048
MAX_RSA_BITS = 8192  # one check of a longer key takes milliseconds; no CA has one
MAX_DSA_BITS = 3072

_ALWAYS_STRONG = frozenset(
    {
        KeyKind.ED25519,
        KeyKind.ED448,
        KeyKind.X25519,
        KeyKind.X448,
        KeyKind.ML_DSA,
        KeyKind.ML_KEM,
    }
)
WEAK_DIGESTS = frozenset({"md5", "sha1"})
_CURVES = frozenset(
    {
        "secp256r1",
        "secp384r1",
        "secp521r1",
        "brainpoolP256r1",
        "brainpoolP384r1",
        "brainpoolP512r1",
    }
)
# What a check costs against RSA-4096 and P-256, which take about 0.1 ms.
_COST_CURVES = {"secp256r1": 1, "brainpoolP256r1": 4, "secp384r1": 4, "brainpoolP384r1": 6}
_COST_ML_DSA = 4  # level 87; the others cost less
_COST_OTHER = 10  # longer curves, long RSA keys, DSA

Padding: TypeAlias = padding.PSS | padding.PKCS1v15 | ec.ECDSA | None


class Signed(Protocol):
    """A certificate or a revocation list, as ``cryptography`` reads it."""

    @property
    def signature(self) -> bytes: ...
    @property
    def signature_hash_algorithm(self) -> HashAlgorithm | None: ...
    @property
    def signature_algorithm_parameters(self) -> Padding: ...


def key_weakness(certificate: Certificate, min_rsa_bits: int = MIN_RSA_BITS) -> str | None:
    """What is weak about the key, in words of the field ("RSA 1024"), or None."""
    key, kind = certificate.public_key, certificate.key_kind
    return _weakness(key, kind, certificate.key_bits, certificate.key_name, min_rsa_bits)


def public_key_weakness(key: PublicKeyTypes, min_rsa_bits: int = MIN_RSA_BITS) -> str | None:
    """The same of a key that has no certificate yet."""
    kind = kind_of(key)
    return _weakness(key, kind, bits_of(kind, key), name_of_key(kind, key, ""), min_rsa_bits)


def _weakness(
    key: PublicKeyTypes | None, kind: KeyKind, bits: int, name: str, min_rsa_bits: int
) -> str | None:
    if kind in (KeyKind.RSA, KeyKind.RSA_PSS):
        return f"RSA {bits}" if not min_rsa_bits <= bits <= MAX_RSA_BITS else None
    if kind is KeyKind.EC:
        return _curve_weakness(key)
    if kind in _ALWAYS_STRONG:
        return None
    return name if kind is KeyKind.DSA else f"{name} is not supported"


def _curve_weakness(key: PublicKeyTypes | None) -> str | None:
    name = key.curve.name if isinstance(key, ec.EllipticCurvePublicKey) else "curve"
    return None if name in _CURVES else name


def digest_weakness(certificate: Certificate) -> str | None:
    """The digest of the signature on this certificate if it is broken, or None."""
    try:
        digest = certificate.parsed.signature_hash_algorithm
    except Exception:  # an algorithm that cryptography does not know
        dotted = certificate.parsed.signature_algorithm_oid.dotted_string
        return f"signature algorithm {name_of(dotted) or dotted}"
    return digest.name if digest is not None and digest.name in WEAK_DIGESTS else None


def cost(key: PublicKeyTypes | None) -> int:
    """What one signature check with this key costs, in units of a budget."""
    if isinstance(key, rsa.RSAPublicKey):
        return 1 if key.key_size <= 4096 else _COST_OTHER
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _COST_CURVES.get(key.curve.name, _COST_OTHER)
    if isinstance(key, MlDsaPublicKey):
        return _COST_ML_DSA
    return 1 if isinstance(key, ed25519.Ed25519PublicKey) else _COST_OTHER


def is_signed(signed: Signed, content: bytes, key: PublicKeyTypes | None) -> bool:
    """The signature on ``content`` was made with ``key``; False for everything that goes wrong."""
    try:
        digest = signed.signature_hash_algorithm
        verify(key, signed.signature, content, digest, signed.signature_algorithm_parameters)
    except Exception:  # InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError
        return False
    return True


def is_issued_by(child: x509.Certificate, key: PublicKeyTypes | None) -> bool:
    """The signature of a certificate, nothing else: names, dates and usages are not compared."""
    return is_signed(child, child.tbs_certificate_bytes, key)


def verify(
    key: PublicKeyTypes | None,
    signature: bytes,
    content: bytes,
    digest: HashAlgorithm | None,
    scheme: Padding,
) -> None:
    """Raises one of several exceptions of ``cryptography``, TypeError or ValueError if not good."""
    if isinstance(key, rsa.RSAPublicKey):
        _verify_rsa(key, signature, content, digest, scheme)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        _verify_ecdsa(key, signature, content, digest)
    elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey | MlDsaPublicKey):
        key.verify(signature, content)
    else:
        _verify_dsa(key, signature, content, digest)


def _verify_rsa(
    key: rsa.RSAPublicKey,
    signature: bytes,
    content: bytes,
    digest: HashAlgorithm | None,
    scheme: Padding,
) -> None:
    fits = isinstance(scheme, padding.PSS | padding.PKCS1v15) and key.key_size <= MAX_RSA_BITS
    if digest is None or not fits or isinstance(scheme, ec.ECDSA | None):
        raise ValueError("not an RSA signature")
    key.verify(signature, content, scheme, digest)


def _verify_ecdsa(
    key: ec.EllipticCurvePublicKey,
    signature: bytes,
    content: bytes,
    digest: HashAlgorithm | None,
) -> None:
    if digest is None:
        raise ValueError("not an ECDSA signature")
    key.verify(signature, content, ec.ECDSA(digest))


def _verify_dsa(
    key: object, signature: bytes, content: bytes, digest: HashAlgorithm | None
) -> None:
    if not isinstance(key, dsa.DSAPublicKey) or digest is None or key.key_size > MAX_DSA_BITS:
        raise ValueError("a key that signs nothing here")
    key.verify(signature, content, digest)
