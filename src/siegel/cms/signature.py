"""One signature: how an AlgorithmIdentifier says it was made, and whether it holds.

RSA v1.5 and PSS (RFC 3370, 4056), ECDSA (RFC 5753), EdDSA (RFC 8419), DSA for old mail. What the
algorithms are worth is judged in ``signer_check``; certificates are no business of this module
except for the restrictions an id-RSASSA-PSS key carries (RFC 4055 §1.2).
"""

from dataclasses import dataclass

from cryptography import exceptions
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base import ber, der, oids
from siegel.base.errors import InvalidSignature, MalformedMessage, UnsupportedAlgorithm
from siegel.base.keys import CertifiedKey, KeyKind, SignatureKind, SignatureScheme
from siegel.cms.algorithms import (
    EDDSA_DIGESTS,
    HASHES,
    SIGNATURES,
    AlgorithmId,
    digest_by_oid,
    digest_to_write,
    read_algorithm,
)

MIN_RSA_BITS = 1024  # shorter moduli are factored at home
STRONG_RSA_BITS = 2048
MAX_RSA_BITS = 8192  # longer ones cost the verifier more than mail is worth
CURVES = (
    ec.SECP256R1,
    ec.SECP384R1,
    ec.SECP521R1,
    ec.BrainpoolP256R1,
    ec.BrainpoolP384R1,
    ec.BrainpoolP512R1,
)

_ECDSA_OIDS = {
    row.digest: oid for oid, row in SIGNATURES.items() if row.kind is SignatureKind.ECDSA
}
_DEFAULT_SALT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadScheme:
    """How a received signature says it was made. ``digest`` hashes attributes and content."""

    kind: SignatureKind
    digest: str
    mgf_digest: str | None = None
    salt: int | None = None

    @property
    def unusual(self) -> bool:
        """PSS with two different digests, or a salt of other than the digest's length."""
        if self.kind is not SignatureKind.RSA_PSS:
            return False
        return self.mgf_digest != self.digest or self.salt != HASHES[self.digest].digest_size


def written_algorithm(scheme: SignatureScheme) -> bytes:
    """The signatureAlgorithm field: NULL for RSA, absent elsewhere (RFC 5754 §3)."""
    if scheme.kind is SignatureKind.RSA_PKCS1:
        return der.algorithm(oids.RSA, der.null())
    if scheme.kind is SignatureKind.RSA_PSS:
        return _written_pss(scheme.digest)
    if scheme.kind is SignatureKind.ECDSA:
        return der.algorithm(_ECDSA_OIDS[digest_to_write(scheme.digest).name])
    if EDDSA_DIGESTS.get(scheme.kind) != scheme.digest:
        raise UnsupportedAlgorithm(f"no signature is made with {scheme.kind} and {scheme.digest}")
    return der.algorithm(oids.ED25519 if scheme.kind is SignatureKind.ED25519 else oids.ED448)


def _written_pss(digest: str) -> bytes:
    """RSASSA-PSS-params: one digest for all, salt as long as it, trailer left at its default."""
    named = der.algorithm(digest_to_write(digest).oid)
    return der.algorithm(
        oids.RSA_PSS,
        der.sequence(
            der.context(0, named),
            der.context(1, der.algorithm(oids.MGF1, named)),
            der.context(2, der.integer(HASHES[digest].digest_size)),
        ),
    )


def read_scheme(algorithm: AlgorithmId, digest: str) -> ReadScheme:
    """What ``algorithm`` means beside the digestAlgorithm ``digest``.

    Raises ``UnsupportedAlgorithm`` for what is in no table.
    """
    row = SIGNATURES.get(algorithm.oid)
    if row is None:
        raise UnsupportedAlgorithm(f"signature algorithm {algorithm.oid}", oid=algorithm.oid)
    if row.kind is SignatureKind.RSA_PSS:
        return _read_pss(algorithm.params)
    return ReadScheme(kind=row.kind, digest=row.digest or digest)


def _read_pss(params: ber.Element | None) -> ReadScheme:
    if params is None:  # RFC 4056 §3: they MUST be present in a SignerInfo
        raise UnsupportedAlgorithm("RSASSA-PSS without parameters")
    fields = {
        child.tag & 0x1F: child.children() for child in params.expect(der.SEQUENCE).children()
    }
    if any(len(inside) != 1 for inside in fields.values()):
        raise MalformedMessage("RSASSA-PSS parameters")
    if 3 in fields and fields[3][0].integer() != 1:
        raise UnsupportedAlgorithm("RSASSA-PSS with an unknown trailer")
    return ReadScheme(
        kind=SignatureKind.RSA_PSS,
        digest=named_digest(fields[0][0]) if 0 in fields else "sha1",
        mgf_digest=mgf_digest(fields[1][0]) if 1 in fields else "sha1",
        salt=fields[2][0].integer() if 2 in fields else _DEFAULT_SALT,
    )


def named_digest(element: ber.Element) -> str:
    """The digest of an AlgorithmIdentifier that a signature or OAEP may be built on."""
    oid = read_algorithm(element).oid
    digest = digest_by_oid(oid)
    if digest is None or digest.name not in HASHES:
        raise UnsupportedAlgorithm(f"digest {oid}", oid=oid)
    return digest.name


def mgf_digest(element: ber.Element) -> str:
    algorithm = read_algorithm(element)
    if algorithm.oid != oids.MGF1 or algorithm.params is None:
        raise UnsupportedAlgorithm(f"mask generation {algorithm.oid}", oid=algorithm.oid)
    return named_digest(algorithm.params)


def check_key(certificate: CertifiedKey, scheme: ReadScheme) -> None:
    """Whether this key may make such signatures at all: kind, size, curve, PSS restrictions."""
    key = certificate.public_key
    if not isinstance(key, _KEY_CLASSES[scheme.kind]):
        raise InvalidSignature(f"{scheme.kind} with a key of another kind")
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey):
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
    allowed = _read_pss(params)
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


def verify(
    key: PublicKeyTypes | None,
    signature: bytes,
    data: bytes,
    scheme: ReadScheme,
    *,
    hashed: bool = False,
) -> None:
    """Raise ``InvalidSignature`` unless ``signature`` holds over ``data`` (or its digest)."""
    try:
        _verify(key, signature, data, scheme, hashed=hashed)
    except exceptions.InvalidSignature as error:
        raise InvalidSignature("the signature does not hold") from error
    except exceptions.UnsupportedAlgorithm as error:
        raise UnsupportedAlgorithm(f"{scheme.kind} with {scheme.digest}") from error
    except ValueError as error:  # lengths and encodings that no signature has
        raise InvalidSignature("no signature of that kind") from error


def _verify(
    key: PublicKeyTypes | None, signature: bytes, data: bytes, scheme: ReadScheme, *, hashed: bool
) -> None:
    if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        key.verify(signature, data)
        return
    if scheme.digest not in HASHES:
        raise UnsupportedAlgorithm(f"{scheme.kind} with {scheme.digest}")
    plain = HASHES[scheme.digest]
    algorithm = utils.Prehashed(plain) if hashed else plain
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, _padding(scheme), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(algorithm))
    elif isinstance(key, dsa.DSAPublicKey):
        key.verify(signature, data, algorithm)
    else:
        raise UnsupportedAlgorithm("a key that signs nothing")


def _padding(scheme: ReadScheme) -> padding.AsymmetricPadding:
    """The salt length is read from the signature: senders announce one and use another."""
    if scheme.mgf_digest is None:
        return padding.PKCS1v15()
    return padding.PSS(padding.MGF1(HASHES[scheme.mgf_digest]), padding.PSS.AUTO)
