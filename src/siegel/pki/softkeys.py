"""Private keys in memory: they sign, open and agree (RFC 8017, FIPS 186-5, RFC 8032, RFC 7748,
FIPS 203 and 204).

``SoftwareKey`` implements ``SigningKey`` and ``DecryptionKey`` of ``siegel.base.keys``; a token or
a remote service can stand in for it. Nothing here asks whether a key *may* be used for something:
that is decided by certificates and policy.

``cryptography``'s serialization (which brings SSH along) is imported where a key is read or
written: whoever only signs and opens with a key need not wait for it.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm as UnsupportedByLibrary
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa, x448, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

from siegel.base.buffers import Buffer, Random
from siegel.base.errors import (
    Conflict,
    DecryptionFailed,
    MalformedMessage,
    UnsupportedAlgorithm,
)
from siegel.base.keys import (
    DecryptionKey,
    IssuerAndSerial,
    KeyId,
    KeyKind,
    SignatureKind,
    SignatureScheme,
    TransportKind,
    TransportScheme,
)
from siegel.base.secret import Secret
from siegel.pki import post_quantum
from siegel.pki.certificate import Certificate
from siegel.pki.post_quantum import (
    MlDsaPrivateKey,
    MlDsaPublicKey,
    MlKemPrivateKey,
    MlKemPublicKey,
)

PrivateKey = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | x25519.X25519PrivateKey
    | x448.X448PrivateKey
    | MlDsaPrivateKey
    | MlKemPrivateKey
)
"""The kinds of private keys that mail has a use for; DSA and DH keys are not taken in."""

PublicKey = (
    rsa.RSAPublicKey
    | ec.EllipticCurvePublicKey
    | ed25519.Ed25519PublicKey
    | ed448.Ed448PublicKey
    | x25519.X25519PublicKey
    | x448.X448PublicKey
    | MlDsaPublicKey
    | MlKemPublicKey
)

NO_SHARED_KEYS: Final[Mapping[bytes, Secret]] = MappingProxyType({})

_SIGNING_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3_256": hashes.SHA3_256(),
    "sha3_384": hashes.SHA3_384(),
    "sha3_512": hashes.SHA3_512(),
}
# OAEP needs no collision resistance; SHA-1 is its default and what many programs write (RFC 8017)
_OAEP_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - see above
    "sha224": hashes.SHA224(),
    **_SIGNING_DIGESTS,
}
_REJECTED_SIZE = 32  # octets returned for bad padding: as long as an AES-256 key


def load_private_key(pkcs8: bytes, *, validated: bool) -> PrivateKey:
    """The key of an unencrypted PKCS #8 (RFC 5958) blob.

    Checking an RSA key takes 40 to 300 ms and holds the interpreter: it is done once, on import.
    ``validated`` says that this was done and that the blob is protected against change since.
    """
    quantum_safe = post_quantum.private_key(pkcs8)
    if quantum_safe is not None:
        return quantum_safe
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return read_by_library(
        lambda: load_der_private_key(pkcs8, None, unsafe_skip_rsa_key_validation=validated)
    )


def read_by_library(load: Callable[[], PrivateKeyTypes]) -> PrivateKey:
    """What ``load`` of ``cryptography`` gives, with the errors of this house."""
    try:
        key = load()
    except UnsupportedByLibrary as error:
        raise UnsupportedAlgorithm("private key of an unknown kind") from error
    except Exception as error:  # whatever the parser says about a hostile key
        raise MalformedMessage("not a private key") from error
    if not isinstance(key, PrivateKey):
        raise UnsupportedAlgorithm(f"no use in mail for a {type(key).__name__}")
    return key


def private_key_info(key: PrivateKey) -> bytes:
    """The key as unencrypted PKCS #8, to be sealed at once."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def spki_sha256(key: PrivateKey) -> str:
    """SHA-256 (hex) of the public key's SubjectPublicKeyInfo: the name of a key pair."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()


def key_matches(certificate: Certificate, key: PrivateKey) -> bool:
    """„Nur diese zusammen generierten Schlüssel passen zueinander“: compared by the public key.

    By its numbers, not its octets: an RSA key may be certified as id-RSASSA-PSS.
    """
    return certificate.public_key is not None and certificate.public_key == key.public_key()


@final
class SoftwareKey:
    """One private key with the certificates it has; signatures are shown with the first."""

    __slots__ = ("_certificates", "_private", "_rng")

    def __init__(
        self, private: PrivateKey, certificates: Sequence[Certificate], *, rng: Random = os.urandom
    ) -> None:
        if not certificates:
            raise Conflict("a private key without certificate cannot be used")
        if not all(key_matches(certificate, private) for certificate in certificates):
            raise Conflict("the private key does not belong to this certificate")
        self._private = private
        self._certificates = tuple(certificates)
        self._rng = rng

    @property
    def certificate(self) -> Certificate:
        return self._certificates[0]

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        return self._certificates

    @property
    def public_key(self) -> PublicKeyTypes:
        return self._private.public_key()

    def __repr__(self) -> str:
        return f"SoftwareKey({self.certificate.fingerprint[:16]}…)"

    def sign(self, data: Buffer, scheme: SignatureScheme) -> bytes:
        """The signature over ``data``; PSS with a salt as long as the digest (RFC 4056 §3)."""
        key = self._private
        if isinstance(key, rsa.RSAPrivateKey):
            digest = _digest(_SIGNING_DIGESTS, scheme.digest)
            return key.sign(bytes(data), self._signature_padding(scheme, digest), digest)
        if isinstance(key, ec.EllipticCurvePrivateKey) and scheme.kind is SignatureKind.ECDSA:
            return key.sign(data, ec.ECDSA(_digest(_SIGNING_DIGESTS, scheme.digest)))
        if isinstance(key, ed25519.Ed25519PrivateKey) and scheme.kind is SignatureKind.ED25519:
            return key.sign(data)
        if isinstance(key, ed448.Ed448PrivateKey) and scheme.kind is SignatureKind.ED448:
            return key.sign(data)
        if isinstance(key, MlDsaPrivateKey) and scheme.kind is SignatureKind.ML_DSA:
            return key.sign(data)
        raise UnsupportedAlgorithm(f"{scheme.kind} with a {type(key).__name__}")

    def decrypt(self, blob: Buffer, scheme: TransportScheme) -> bytes:
        """The content key that an RSA recipient was sent.

        With v1.5 padding whatever is wrong with the content yields random octets (implicit
        rejection), so that nobody learns from us which ciphertexts are well formed.
        """
        key = self._private
        if not isinstance(key, rsa.RSAPrivateKey) or self._only_signs:
            raise UnsupportedAlgorithm(f"{scheme.kind} with a {type(key).__name__}")
        if len(blob) * 8 != (key.key_size + 7) // 8 * 8:
            raise DecryptionFailed("not as long as the key")
        if scheme.kind is TransportKind.RSA_PKCS1:
            return self._decrypt_pkcs1(key, bytes(blob))
        try:
            return key.decrypt(bytes(blob), _oaep(scheme))
        except ValueError as error:
            raise DecryptionFailed("could not be opened with this key") from error

    def agree(self, peer: PublicKeyTypes) -> bytes:
        """The raw shared secret; ``DecryptionFailed`` for another curve or a low-order point."""
        exchange = _exchange(self._private, peer)
        if exchange is None:
            raise DecryptionFailed("keys of different kinds do not agree")
        try:
            return exchange()
        except ValueError as error:
            raise DecryptionFailed("could not be opened with this key") from error

    def decapsulate(self, ciphertext: Buffer) -> bytes:
        """The shared secret of an ML-KEM ciphertext; a foreign one yields random octets."""
        key = self._private
        if not isinstance(key, MlKemPrivateKey):
            raise UnsupportedAlgorithm(f"a key encapsulated for a {type(key).__name__}")
        try:
            return key.decapsulate(ciphertext)
        except ValueError as error:  # of another length than the key's
            raise DecryptionFailed("could not be opened with this key") from error

    @property
    def _only_signs(self) -> bool:
        return self.certificate.key_kind is KeyKind.RSA_PSS

    def _signature_padding(
        self, scheme: SignatureScheme, digest: hashes.HashAlgorithm
    ) -> padding.AsymmetricPadding:
        if scheme.kind is SignatureKind.RSA_PSS and self._allows_pss(scheme.digest, digest):
            return padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)
        if scheme.kind is SignatureKind.RSA_PKCS1 and not self._only_signs:
            return padding.PKCS1v15()
        raise UnsupportedAlgorithm(f"{scheme.kind} with this RSA key")

    def _allows_pss(self, name: str, digest: hashes.HashAlgorithm) -> bool:
        """RFC 4055 §1.2: the digest that the key was certified for, and a salt at least as long."""
        only = self.certificate.pss
        return only is None or (
            (only.digest, only.mask_digest) == (name, name) and only.salt <= digest.digest_size
        )

    def _decrypt_pkcs1(self, key: rsa.RSAPrivateKey, blob: bytes) -> bytes:
        """OpenSSL rejects implicitly; where it reports an error after all, we do it instead."""
        try:
            return key.decrypt(blob, padding.PKCS1v15())
        except ValueError:
            return self._rng(_REJECTED_SIZE)


@final
class SoftwareKeyring:
    """Keys of one reader, found by issuer and serial or by subjectKeyIdentifier (``Keyring``).

    ``certificates`` are more certificates of the same keys – an old one, whose renewal the key is
    known by –; they are assigned by their public key and others are ignored. ``shared_keys`` are
    symmetric keys by the name that both sides agreed on, ``passphrases`` what the reader typed.
    """

    def __init__(
        self,
        keys: Iterable[SoftwareKey],
        *,
        certificates: Iterable[Certificate] = (),
        shared_keys: Mapping[bytes, Secret] = NO_SHARED_KEYS,
        passphrases: Sequence[Secret] = (),
    ) -> None:
        self._shared_keys = dict(shared_keys)
        self._passphrases = tuple(passphrases)
        self._keys: defaultdict[KeyId, list[DecryptionKey]] = defaultdict(list)
        by_spki: defaultdict[str, list[SoftwareKey]] = defaultdict(list)
        for key in keys:
            for certificate in key.certificates:
                by_spki[certificate.spki_sha256].append(key)
                self._add(certificate, key)
        for certificate in certificates:
            for key in by_spki.get(certificate.spki_sha256, ()):
                self._add(certificate, key)

    def matching(self, identifier: KeyId) -> Sequence[DecryptionKey]:
        if not isinstance(identifier, IssuerAndSerial):
            identifier = bytes(identifier)
        return tuple(self._keys.get(identifier, ()))

    def shared_keys(self, identifier: bytes) -> Sequence[Secret]:
        found = self._shared_keys.get(bytes(identifier))
        return () if found is None else (found,)

    def passphrases(self) -> Sequence[Secret]:
        return self._passphrases

    def _add(self, certificate: Certificate, key: SoftwareKey) -> None:
        for identifier in _identifiers(certificate):
            if key not in self._keys[identifier]:
                self._keys[identifier].append(key)


def _identifiers(certificate: Certificate) -> Iterable[KeyId]:
    """RFC 5652 §6.2.1. Without the extension writers derive the identifier (RFC 5280 §4.2.1.2)."""
    yield certificate.issuer_and_serial
    if certificate.subject_key_identifier is not None:
        yield certificate.subject_key_identifier
    elif isinstance(certificate.public_key, PublicKey):
        yield x509.SubjectKeyIdentifier.from_public_key(certificate.public_key).digest


def _exchange(key: PrivateKey, peer: PublicKeyTypes) -> Callable[[], bytes] | None:
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(peer, ec.EllipticCurvePublicKey):
        return lambda: key.exchange(ec.ECDH(), peer)
    if isinstance(key, x25519.X25519PrivateKey) and isinstance(peer, x25519.X25519PublicKey):
        return lambda: key.exchange(peer)
    if isinstance(key, x448.X448PrivateKey) and isinstance(peer, x448.X448PublicKey):
        return lambda: key.exchange(peer)
    return None


def _oaep(scheme: TransportScheme) -> padding.OAEP:
    return padding.OAEP(
        padding.MGF1(_digest(_OAEP_DIGESTS, scheme.mgf_digest)),
        _digest(_OAEP_DIGESTS, scheme.digest),
        scheme.label or None,
    )


def _digest(table: dict[str, hashes.HashAlgorithm], name: str) -> hashes.HashAlgorithm:
    digest = table.get(name)
    if digest is None:
        raise UnsupportedAlgorithm(f"digest {name} is not used for this")
    return digest
