"""Keys and certificates for the tests of CMS, made anew for each run by ``cryptography``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import (
    dsa,
    ec,
    ed448,
    ed25519,
    mldsa,
    mlkem,
    padding,
    rsa,
    x448,
    x25519,
)
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from siegel.base.buffers import Buffer
from siegel.base.keys import (
    IssuerAndSerial,
    KeyId,
    KeyKind,
    SignatureKind,
    SignatureScheme,
    TransportKind,
    TransportScheme,
)
from siegel.base.secret import Secret
from siegel.cms.algorithms import HASHES

PrivateKey = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | x25519.X25519PrivateKey
    | x448.X448PrivateKey
    | dsa.DSAPrivateKey
    | mlkem.MLKEM768PrivateKey
    | mlkem.MLKEM1024PrivateKey
    | mldsa.MLDSA44PrivateKey
    | mldsa.MLDSA65PrivateKey
    | mldsa.MLDSA87PrivateKey
)
MlDsaPrivateKey = mldsa.MLDSA44PrivateKey | mldsa.MLDSA65PrivateKey | mldsa.MLDSA87PrivateKey
NOTHING_SHARED: Mapping[bytes, bytes] = {}
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
_KINDS: tuple[tuple[type[PrivateKey], KeyKind], ...] = (
    (rsa.RSAPrivateKey, KeyKind.RSA),
    (ec.EllipticCurvePrivateKey, KeyKind.EC),
    (ed25519.Ed25519PrivateKey, KeyKind.ED25519),
    (ed448.Ed448PrivateKey, KeyKind.ED448),
    (x25519.X25519PrivateKey, KeyKind.X25519),
    (x448.X448PrivateKey, KeyKind.X448),
    (dsa.DSAPrivateKey, KeyKind.DSA),
    (mlkem.MLKEM768PrivateKey, KeyKind.ML_KEM),
    (mlkem.MLKEM1024PrivateKey, KeyKind.ML_KEM),
    (mldsa.MLDSA44PrivateKey, KeyKind.ML_DSA),
    (mldsa.MLDSA65PrivateKey, KeyKind.ML_DSA),
    (mldsa.MLDSA87PrivateKey, KeyKind.ML_DSA),
)


@dataclass(frozen=True)
class Person:
    """A certificate and its private key: CertifiedKey, SigningKey and DecryptionKey in one."""

    x509: x509.Certificate
    private: PrivateKeyTypes
    key_kind: KeyKind = KeyKind.OTHER
    asked: list[str] = field(default_factory=list, compare=False)

    @cached_property
    def der(self) -> bytes:
        return self.x509.public_bytes(Encoding.DER)

    @cached_property
    def pem(self) -> bytes:
        return self.x509.public_bytes(Encoding.PEM)

    @cached_property
    def key_pem(self) -> bytes:
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def issuer_and_serial(self) -> IssuerAndSerial:
        return IssuerAndSerial(self.x509.issuer.public_bytes(), self.x509.serial_number)

    @property
    def subject_key_identifier(self) -> bytes | None:
        extensions = self.x509.extensions
        return extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest

    @property
    def public_key(self) -> PublicKeyTypes:
        return self.x509.public_key()

    @property
    def certificate(self) -> "Person":
        return self

    @property
    def certificates(self) -> Sequence["Person"]:
        return (self,)

    def sign(self, data: Buffer, scheme: SignatureScheme) -> bytes:
        octets = bytes(data)
        if isinstance(self.private, rsa.RSAPrivateKey):
            digest = HASHES[scheme.digest]
            pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
            plain = scheme.kind is SignatureKind.RSA_PKCS1
            return self.private.sign(octets, padding.PKCS1v15() if plain else pss, digest)
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            return self.private.sign(octets, ec.ECDSA(HASHES[scheme.digest]))
        if isinstance(self.private, MlDsaPrivateKey):
            return self.private.sign(octets)
        assert isinstance(self.private, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
        return self.private.sign(octets)

    def decrypt(self, blob: Buffer, scheme: TransportScheme) -> bytes:
        assert isinstance(self.private, rsa.RSAPrivateKey)
        self.asked.append(scheme.kind.value)
        if scheme.kind is TransportKind.RSA_PKCS1:
            return self.private.decrypt(bytes(blob), padding.PKCS1v15())
        mask = padding.MGF1(HASHES[scheme.mgf_digest])
        oaep = padding.OAEP(mask, HASHES[scheme.digest], scheme.label or None)
        return self.private.decrypt(bytes(blob), oaep)

    def agree(self, peer: PublicKeyTypes) -> bytes:
        self.asked.append("agree")
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            assert isinstance(peer, ec.EllipticCurvePublicKey)
            return self.private.exchange(ec.ECDH(), peer)
        if isinstance(self.private, x25519.X25519PrivateKey):
            assert isinstance(peer, x25519.X25519PublicKey)
            return self.private.exchange(peer)
        assert isinstance(self.private, x448.X448PrivateKey)
        assert isinstance(peer, x448.X448PublicKey)
        return self.private.exchange(peer)

    def decapsulate(self, ciphertext: Buffer) -> bytes:
        self.asked.append("decapsulate")
        assert isinstance(self.private, mlkem.MLKEM768PrivateKey | mlkem.MLKEM1024PrivateKey)
        return self.private.decapsulate(bytes(ciphertext))


class Ring:
    """A Keyring of some people."""

    def __init__(
        self,
        *people: Person,
        shared: Mapping[bytes, bytes] = NOTHING_SHARED,
        passwords: Sequence[str] = (),
    ) -> None:
        self.people = people
        self.shared = shared
        self.passwords = passwords

    def matching(self, identifier: KeyId) -> Sequence[Person]:
        return [
            person
            for person in self.people
            if identifier in (person.issuer_and_serial, person.subject_key_identifier)
        ]

    def shared_keys(self, identifier: bytes) -> Sequence[Secret]:
        return [Secret(key) for name, key in self.shared.items() if name == identifier]

    def passphrases(self) -> Sequence[Secret]:
        return [Secret(password) for password in self.passwords]


_MADE: dict[str, Callable[[], PrivateKey]] = {
    "dsa": lambda: dsa.generate_private_key(2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "ed448": ed448.Ed448PrivateKey.generate,
    "x25519": x25519.X25519PrivateKey.generate,
    "x448": x448.X448PrivateKey.generate,
    "mldsa44": mldsa.MLDSA44PrivateKey.generate,
    "mldsa65": mldsa.MLDSA65PrivateKey.generate,
    "mldsa87": mldsa.MLDSA87PrivateKey.generate,
    "mlkem768": mlkem.MLKEM768PrivateKey.generate,
    "mlkem1024": mlkem.MLKEM1024PrivateKey.generate,
}


def _private_key(kind: str) -> PrivateKey:
    curves: dict[str, ec.EllipticCurve] = {
        "p224": ec.SECP224R1(),
        "p256": ec.SECP256R1(),
        "p384": ec.SECP384R1(),
        "p521": ec.SECP521R1(),
        "brainpool256": ec.BrainpoolP256R1(),
        "brainpool384": ec.BrainpoolP384R1(),
        "brainpool512": ec.BrainpoolP512R1(),
    }
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    if kind in curves:
        return ec.generate_private_key(curves[kind])
    return _MADE[kind]()


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Landratsamt Musterstadt"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


@cache
def authority_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certify(name: str, private: PrivateKey, *, own_ca: bool = False) -> Person:
    """A certificate of the one authority, with a subjectKeyIdentifier."""
    key = authority_key()
    public = private.public_key()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name("Authority"))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2049, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=own_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )
    kinds = [kind for key_class, kind in _KINDS if isinstance(private, key_class)]
    return Person(certificate, private, kinds[0])


@cache
def authority() -> Person:
    return certify("Authority", authority_key(), own_ca=True)


@cache
def person(kind: str, number: int = 0) -> Person:
    """The one person with a key of ``kind``; ``number`` tells several apart."""
    return certify(f"{kind} {number}", _private_key(kind))


SCHEMES = {
    "rsa2048": SignatureScheme(SignatureKind.RSA_PKCS1, "sha256"),
    "rsa1024": SignatureScheme(SignatureKind.RSA_PKCS1, "sha256"),
    "p256": SignatureScheme(SignatureKind.ECDSA, "sha256"),
    "p384": SignatureScheme(SignatureKind.ECDSA, "sha384"),
    "p521": SignatureScheme(SignatureKind.ECDSA, "sha512"),
    "brainpool256": SignatureScheme(SignatureKind.ECDSA, "sha256"),
    "brainpool384": SignatureScheme(SignatureKind.ECDSA, "sha384"),
    "brainpool512": SignatureScheme(SignatureKind.ECDSA, "sha512"),
    "ed25519": SignatureScheme(SignatureKind.ED25519, "sha512"),
    "ed448": SignatureScheme(SignatureKind.ED448, "shake_256"),
}
ML_DSA = SignatureScheme(SignatureKind.ML_DSA, "sha512")
PSS = SignatureScheme(SignatureKind.RSA_PSS, "sha256")
