"""Which keys may make which signatures: kind, size, curve, and what an id-RSASSA-PSS key restricts
(RFC 4055 §1.2, RFC 4056 §3). Whether the certificate around it is worth anything is not asked.
"""

from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base import ber, der
from siegel.base.errors import InvalidSignature, MalformedMessage, UnsupportedAlgorithm
from siegel.base.keys import CertifiedKey, KeyKind, SignatureKind
from siegel.cms.algorithms import AlgorithmId, read_algorithm
from siegel.cms.signature import ML_DSA_KEYS, ReadScheme, read_pss

MIN_RSA_BITS = 1024  # shorter moduli are factored at home
STRONG_RSA_BITS = 2048
MAX_RSA_BITS = 8192  # longer ones cost the verifier more than mail is worth
MAX_RSA_EXPONENT_BITS = 64  # nearly all are 65537; one as long as the modulus costs 30 times more
CURVES = (
    ec.SECP256R1,
    ec.SECP384R1,
    ec.SECP521R1,
    ec.BrainpoolP256R1,
    ec.BrainpoolP384R1,
    ec.BrainpoolP512R1,
)


def check_key(certificate: CertifiedKey, scheme: ReadScheme) -> None:
    """Whether this key may make such signatures at all: kind, size, curve, PSS restrictions."""
    key = certificate.public_key
    wanted = _KEY_CLASSES[scheme.kind] if scheme.level is None else ML_DSA_KEYS[scheme.level]
    if not isinstance(key, wanted):
        raise InvalidSignature(f"{scheme.kind} with a key of another kind")
    if isinstance(key, rsa.RSAPublicKey):
        _check_rsa(key)
    elif isinstance(key, dsa.DSAPublicKey):
        _check_size(key.key_size)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        check_curve(key)
    if certificate.key_kind is KeyKind.RSA_PSS:
        _check_pss_restrictions(certificate.der, scheme)


_KEY_CLASSES: dict[SignatureKind, type[PublicKeyTypes]] = {
    SignatureKind.RSA_PKCS1: rsa.RSAPublicKey,
    SignatureKind.RSA_PSS: rsa.RSAPublicKey,
    SignatureKind.ECDSA: ec.EllipticCurvePublicKey,
    SignatureKind.ED25519: ed25519.Ed25519PublicKey,
    SignatureKind.ED448: ed448.Ed448PublicKey,
    SignatureKind.DSA: dsa.DSAPublicKey,
}


def _check_rsa(key: rsa.RSAPublicKey) -> None:
    _check_size(key.key_size)
    bits = key.public_numbers().e.bit_length()
    if bits > MAX_RSA_EXPONENT_BITS:
        raise UnsupportedAlgorithm(f"an RSA exponent of {bits} bits", bits=bits)


def _check_size(bits: int) -> None:
    if not MIN_RSA_BITS <= bits <= MAX_RSA_BITS:
        raise UnsupportedAlgorithm(f"a key of {bits} bits", bits=bits)


def check_curve(key: ec.EllipticCurvePublicKey) -> None:
    if not isinstance(key.curve, CURVES):
        raise UnsupportedAlgorithm(f"curve {key.curve.name}", curve=key.curve.name)


def _check_pss_restrictions(certificate: bytes, scheme: ReadScheme) -> None:
    """RFC 4056 §3: digest and mask as the key demands, the salt at least as long."""
    if scheme.kind is not SignatureKind.RSA_PSS:
        raise InvalidSignature("an RSASSA-PSS key never signs in another way")
    params = _key_algorithm(certificate).params
    if params is None:
        return
    allowed = read_pss(params)
    same = (allowed.digest, allowed.mgf_digest) == (scheme.digest, scheme.mgf_digest)
    if not same or (scheme.salt or 0) < (allowed.salt or 0):
        raise InvalidSignature("RSASSA-PSS outside of what the key allows")


def _key_algorithm(certificate: bytes) -> AlgorithmId:
    """The algorithm in the SubjectPublicKeyInfo, which key objects forget (RFC 5280 §4.1)."""
    fields = ber.first(certificate).expect(der.SEQUENCE).children()
    if fields and fields[0].tag == der.CONTEXT | der.CONSTRUCTED:  # version
        fields = fields[1:]
    if len(fields) < 6:
        raise MalformedMessage("no certificate")
    key = fields[5].expect(der.SEQUENCE).children()
    if not key:
        raise MalformedMessage("no SubjectPublicKeyInfo")
    return read_algorithm(key[0])


def is_weak_key(key: PublicKeyTypes | None) -> bool:
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size < STRONG_RSA_BITS
    return isinstance(key, dsa.DSAPublicKey)
