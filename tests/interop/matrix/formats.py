"""The rows: what a message is made of, from inside outwards, and who can read it.

People are those of ``tests.world``. Where a row has an encrypted layer it has a signature inside,
as real mail has it, unless the row is about its absence.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    signers: tuple[str, ...] = ("alice",)
    opaque: bool = False
    pss: bool = False
    by_key_id: bool = False
    digest: str = "sha256"
    countersigner: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypt:
    recipients: tuple[str, ...] = ("bob",)
    cipher: str | None = None  # None: AES-CBC, with the length that the program prefers
    oaep: bool = False
    by_key_id: bool = False
    streamed: bool = False  # BER: indefinite lengths, content in segments
    appended_tag: bool = False  # an authenticated cipher in EnvelopedData

    @property
    def cipher_to_write(self) -> str:
        """For programs that are told the cipher."""
        return self.cipher or "aes256-cbc"

    @property
    def authenticated(self) -> bool:
        return not self.cipher_to_write.endswith("-cbc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compress:
    """CompressedData (RFC 3274)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carry:
    """Certificates and nothing else (RFC 8551 §3.8)."""

    people: tuple[str, ...]


Step = Sign | Encrypt | Compress | Carry


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    title: str
    steps: tuple[Step, ...]

    @property
    def sender(self) -> str:
        """Who the message is from: the first signer."""
        return next((step.signers[0] for step in self.steps if isinstance(step, Sign)), "alice")

    @property
    def readers(self) -> tuple[str, ...]:
        return tuple(
            name for step in self.steps if isinstance(step, Encrypt) for name in step.recipients
        )


def _encrypted(name: str, title: str, step: Encrypt) -> Format:
    return Format(name, title, (Sign(), step))


FORMATS: Final = (
    Format("clear-rsa", "clear-signed, RSA PKCS #1 v1.5", (Sign(),)),
    Format("opaque-rsa", "opaque signed, RSA PKCS #1 v1.5", (Sign(opaque=True),)),
    Format("pss", "RSASSA-PSS", (Sign(pss=True),)),
    Format("ecdsa-p256", "ECDSA P-256", (Sign(signers=("dana",)),)),
    Format("ecdsa-p384", "ECDSA P-384", (Sign(signers=("petra",), digest="sha384"),)),
    Format("ed25519", "Ed25519", (Sign(signers=("carla",), digest="sha512"),)),
    Format("ml-dsa", "ML-DSA-65", (Sign(signers=("quentin",), digest="sha512"),)),
    Format("two-signers", "two signers", (Sign(signers=("alice", "alice_rekeyed")),)),
    Format("signer-key-id", "signer by subjectKeyIdentifier", (Sign(by_key_id=True),)),
    Format("countersigned", "countersignature", (Sign(countersigner="bob"),)),
    Format("sha1", "signature over SHA-1", (Sign(digest="sha1"),)),
    _encrypted("aes256-cbc", "AES-256-CBC, RSA PKCS #1 v1.5", Encrypt(cipher="aes256-cbc")),
    _encrypted(
        "aes128-cbc",
        "AES-128-CBC, RSA PKCS #1 v1.5",
        Encrypt(recipients=("huber",), cipher="aes128-cbc"),
    ),
    _encrypted("oaep", "RSA-OAEP with SHA-256", Encrypt(oaep=True)),
    _encrypted("ec", "ECDH P-256", Encrypt(recipients=("dana",))),
    _encrypted("x25519", "X25519", Encrypt(recipients=("carla_encrypt",))),
    _encrypted("ml-kem", "ML-KEM-768", Encrypt(recipients=("quentin_encrypt",))),
    _encrypted("rsa-and-ec", "RSA and P-256 recipients", Encrypt(recipients=("bob", "dana"))),
    _encrypted("recipient-key-id", "recipient by subjectKeyIdentifier", Encrypt(by_key_id=True)),
    _encrypted("aes256-gcm", "AES-256-GCM, AuthEnvelopedData", Encrypt(cipher="aes256-gcm")),
    _encrypted("chacha20", "ChaCha20-Poly1305", Encrypt(cipher="chacha20-poly1305")),
    _encrypted(
        "gcm-enveloped",
        "AES-256-GCM in EnvelopedData",
        Encrypt(cipher="aes256-gcm", appended_tag=True),
    ),
    _encrypted("ber", "EnvelopedData in BER, segmented", Encrypt(streamed=True)),
    _encrypted("3des", "3DES", Encrypt(cipher="3des-cbc")),
    Format("unsigned", "encrypted without a signature", (Encrypt(),)),
    Format("triple", "triple wrapped", (Sign(), Encrypt(), Sign())),
    Format("compressed", "CompressedData", (Sign(opaque=True), Compress())),
    Format("certificates", "certificates only", (Carry(people=("alice", "bob")),)),
)
