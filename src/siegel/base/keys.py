"""What a key can do, so that cms and pki need not know each other, and a token can stand in.

Two calls touch a private key: ``sign`` and ``decrypt`` (with ``agree`` for elliptic curves).
Whatever implements these protocols – software, PKCS#11, a remote service – works everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

from siegel.base.buffers import Buffer
from siegel.base.secret import Secret


class KeyKind(StrEnum):
    """Which kind of public key a certificate holds."""

    RSA = "rsa"
    RSA_PSS = "rsa_pss"  # SPKI id-RSASSA-PSS: signs only
    EC = "ec"
    ED25519 = "ed25519"
    ED448 = "ed448"
    X25519 = "x25519"
    X448 = "x448"
    DSA = "dsa"
    ML_DSA = "ml_dsa"  # RFC 9881: signs only
    ML_KEM = "ml_kem"  # RFC 9935: receives only
    OTHER = "other"


class SignatureKind(StrEnum):
    """Which algorithm makes a signature."""

    RSA_PKCS1 = "rsa_pkcs1"
    RSA_PSS = "rsa_pss"
    ECDSA = "ecdsa"
    ED25519 = "ed25519"
    ED448 = "ed448"
    ML_DSA = "ml_dsa"
    DSA = "dsa"


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """How a signature is made. ``digest`` is a hashlib name; PSS salt = digest length."""

    kind: SignatureKind
    digest: str


class TransportKind(StrEnum):
    """How RSA carries a content key."""

    RSA_PKCS1 = "rsa_pkcs1"
    RSA_OAEP = "rsa_oaep"


@dataclass(frozen=True, slots=True)
class TransportScheme:
    """How an RSA key carries a content key; the OAEP fields are read for RSA_OAEP only."""

    kind: TransportKind
    digest: str = "sha256"
    mgf_digest: str = "sha256"
    label: bytes = b""


@dataclass(frozen=True, slots=True)
class IssuerAndSerial:
    """RFC 5652 §10.2.4. ``issuer`` is the raw DER Name as in the certificate, never re-encoded."""

    issuer: bytes
    serial: int


KeyId = IssuerAndSerial | bytes
"""How CMS names a certificate: issuer and serial, or the subjectKeyIdentifier octets."""


class CertifiedKey(Protocol):
    """What cms needs of a certificate; ``pki.certificate.Certificate`` is one."""

    @property
    def der(self) -> bytes: ...
    @property
    def issuer_and_serial(self) -> IssuerAndSerial: ...
    @property
    def subject_key_identifier(self) -> bytes | None: ...
    @property
    def public_key(self) -> PublicKeyTypes | None: ...
    @property
    def key_kind(self) -> KeyKind: ...


class SigningKey(Protocol):
    """A private key that signs; ``certificate`` is the one its signatures are shown with."""

    @property
    def certificate(self) -> CertifiedKey: ...

    def sign(self, data: Buffer, scheme: SignatureScheme) -> bytes:
        """The signature over ``data`` (not over its digest). ECDSA as DER SEQUENCE {r, s}."""
        ...


class DecryptionKey(Protocol):
    """A private key that opens; ``certificates`` are all it was certified with (renewals too)."""

    @property
    def certificates(self) -> Sequence[CertifiedKey]: ...
    @property
    def public_key(self) -> PublicKeyTypes: ...

    def decrypt(self, blob: Buffer, scheme: TransportScheme) -> bytes:
        """The content key. RSA v1.5 uses implicit rejection: garbage in, random octets out."""
        ...

    def agree(self, peer: PublicKeyTypes) -> bytes:
        """The raw shared secret (ECDH, X25519, X448) with the originator's public key."""
        ...

    def decapsulate(self, ciphertext: Buffer) -> bytes:
        """The shared secret of a KEM. ML-KEM rejects implicitly: garbage in, random octets out."""
        ...


class Keyring(Protocol):
    """The keys a reader is entitled to, looked up by what a RecipientInfo says."""

    def matching(self, identifier: KeyId) -> Sequence[DecryptionKey]:
        """All keys that ``identifier`` may mean; several may share a subjectKeyIdentifier."""
        ...

    def shared_keys(self, identifier: bytes) -> Sequence[Secret]:
        """Symmetric keys agreed on before under this name (kekri, RFC 5652 §6.2.3)."""
        ...

    def passphrases(self) -> Sequence[Secret]:
        """What the reader typed in for messages that open with a password (pwri, §6.2.4)."""
        ...


class EmptyKeyring:
    """No key at all: what an unentitled reader holds."""

    def matching(self, identifier: KeyId) -> Sequence[DecryptionKey]:
        del identifier
        return ()

    def shared_keys(self, identifier: bytes) -> Sequence[Secret]:
        del identifier
        return ()

    def passphrases(self) -> Sequence[Secret]:
        return ()
