"""One signature: how an AlgorithmIdentifier says it was made, and whether it holds.

RSA v1.5 and PSS (RFC 3370, 4056), ECDSA (RFC 5753), EdDSA (RFC 8419), ML-DSA in its pure mode with
an empty context (RFC 9882), DSA for old mail. What the algorithms are worth is judged in
``signer_check``, which keys may be used in ``signing_keys``.
"""

from dataclasses import dataclass

from cryptography import exceptions
from cryptography.hazmat.primitives.asymmetric import (
    dsa,
    ec,
    ed448,
    ed25519,
    mldsa,
    padding,
    rsa,
    utils,
)
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base import ber, der, oids
from siegel.base.errors import InvalidSignature, MalformedMessage, UnsupportedAlgorithm
from siegel.base.keys import SignatureKind, SignatureScheme
from siegel.cms.algorithms import (
    EDDSA_DIGESTS,
    HASHES,
    ML_DSA_DIGESTS,
    SIGNATURES,
    AlgorithmId,
    digest_by_oid,
    digest_to_write,
    read_algorithm,
)

_ECDSA_OIDS = {
    row.digest: oid for oid, row in SIGNATURES.items() if row.kind is SignatureKind.ECDSA
}
_DEFAULT_SALT = 20
_ML_DSA_OIDS = {row.level: oid for oid, row in SIGNATURES.items() if row.level}
ML_DSA_KEYS: dict[int, type[PublicKeyTypes]] = {
    44: mldsa.MLDSA44PublicKey,
    65: mldsa.MLDSA65PublicKey,
    87: mldsa.MLDSA87PublicKey,
}
_PURE = frozenset((SignatureKind.ED25519, SignatureKind.ED448, SignatureKind.ML_DSA))
_PureKey = (
    ed25519.Ed25519PublicKey
    | ed448.Ed448PublicKey
    | mldsa.MLDSA44PublicKey
    | mldsa.MLDSA65PublicKey
    | mldsa.MLDSA87PublicKey
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadScheme:
    """How a received signature says it was made. ``digest`` hashes attributes and content.

    ``level`` is the parameter set of ML-DSA: 44, 65 or 87.
    """

    kind: SignatureKind
    digest: str
    mgf_digest: str | None = None
    salt: int | None = None
    level: int | None = None

    @property
    def unusual(self) -> bool:
        """PSS with two different digests, or a salt of other than the digest's length."""
        if self.kind is not SignatureKind.RSA_PSS:
            return False
        return self.mgf_digest != self.digest or self.salt != HASHES[self.digest].digest_size

    @property
    def is_pure(self) -> bool:
        """What is signed are the octets themselves, not a digest of them."""
        return self.kind in _PURE

    def fits(self, digest: str) -> bool:
        """Whether digestAlgorithm may be ``digest``: one and the same for both (RFC 8933 §3)."""
        return self.digest == digest == EDDSA_DIGESTS.get(self.kind, digest)

    def is_weakened_by(self, digest: str) -> bool:
        """ML-DSA over attributes is no stronger than the digest in them (RFC 9882 §3.3)."""
        return self.level is not None and digest not in ML_DSA_DIGESTS[self.level]


def written_algorithm(scheme: SignatureScheme, key: PublicKeyTypes | None) -> bytes:
    """The signatureAlgorithm field: NULL for RSA, absent elsewhere (RFC 5754 §3, 9882 §2)."""
    if scheme.kind is SignatureKind.RSA_PKCS1:
        return der.algorithm(oids.RSA, der.null())
    if scheme.kind is SignatureKind.RSA_PSS:
        return _written_pss(scheme.digest)
    if scheme.kind is SignatureKind.ECDSA:
        return der.algorithm(_ECDSA_OIDS[digest_to_write(scheme.digest).name])
    if scheme.kind is SignatureKind.ML_DSA:
        return _written_ml_dsa(scheme.digest, key)
    if EDDSA_DIGESTS.get(scheme.kind) != scheme.digest:
        raise UnsupportedAlgorithm(f"no signature is made with {scheme.kind} and {scheme.digest}")
    return der.algorithm(oids.ED25519 if scheme.kind is SignatureKind.ED25519 else oids.ED448)


def _written_ml_dsa(digest: str, key: PublicKeyTypes | None) -> bytes:
    """The parameter set is the key's, the digest at least as strong."""
    level = next((n for n, key_class in ML_DSA_KEYS.items() if isinstance(key, key_class)), None)
    if level is not None and digest in ML_DSA_DIGESTS[level]:
        return der.algorithm(_ML_DSA_OIDS[level])
    raise UnsupportedAlgorithm(f"no signature is made with ML-DSA, this key and {digest}")


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
        return read_pss(algorithm.params)
    if row.level is not None and algorithm.params is not None:  # RFC 9882 §3.3: MUST be absent
        raise UnsupportedAlgorithm("ML-DSA with parameters", oid=algorithm.oid)
    return ReadScheme(kind=row.kind, digest=row.digest or digest, level=row.level)


def read_pss(params: ber.Element | None) -> ReadScheme:
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
    if scheme.is_pure and isinstance(key, _PureKey):
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
