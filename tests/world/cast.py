"""The cast: who appears in the tests, and what is peculiar about each of their certificates.

A table, no logic: ``tests.world`` builds the certificates from it. Names are given so that the
peculiarity is the only one – whoever is refused in a test is refused for exactly that reason.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

WORLD_NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""The moment at which tests judge. Foreign programs judge with the real clock: the windows are
wide, and the few narrow ones lie on the same side of both clocks until 2027."""

NOT_BEFORE = datetime(2024, 1, 1, tzinfo=UTC)
NOT_AFTER = datetime(2034, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2024, 6, 1, tzinfo=UTC)
LAST_YEAR = datetime(2025, 6, 1, tzinfo=UTC)
LATER = datetime(2033, 1, 1, tzinfo=UTC)
REVOKED_AT = datetime(2026, 3, 1, tzinfo=UTC)

CRL_URL = "http://crl.landesamt.example/issuing.crl"
ISSUER_URL = "http://aia.landesamt.example/hidden.cer"

EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"


class KeyType(StrEnum):
    RSA = "rsa"  # 2048 bits: what most certificates of today have
    RSA_1024 = "rsa1024"
    P256 = "p256"
    P384 = "p384"
    P521 = "p521"
    BRAINPOOL = "brainpool"  # brainpoolP256r1, German administrations
    ED25519 = "ed25519"
    X25519 = "x25519"
    ML_DSA = "mldsa65"
    ML_KEM = "mlkem768"


class Usage(StrEnum):
    """The key usage bits; encryption means keyEncipherment or keyAgreement, as the key demands."""

    BOTH = "both"
    SIGN = "sign"
    ENCRYPT = "encrypt"
    NONE = "none"  # no keyUsage extension at all


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityRole:
    name: str
    subject: str
    issuer: str | None = None  # None: a root
    pss: bool = False  # signs with RSASSA-PSS
    hidden: bool = False  # no message and no file ever carries its certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    name: str
    address: str  # the address the person writes from
    subject: str = ""
    sans: tuple[str, ...] | None = None  # None: just ``address``
    utf8_sans: tuple[str, ...] = ()  # SmtpUTF8Mailbox, RFC 9598
    subject_address: str | None = None  # emailAddress in the distinguished name
    key: str | None = None  # whose key; None: one's own
    key_type: KeyType = KeyType.RSA
    issuer: str = "issuing"
    usage: Usage = Usage.BOTH
    purposes: tuple[str, ...] = (EMAIL_PROTECTION,)  # empty: no extendedKeyUsage
    not_before: datetime = NOT_BEFORE
    not_after: datetime = NOT_AFTER
    crl_url: str | None = None
    issuer_url: str | None = None
    revoked_at: datetime | None = None

    @property
    def key_name(self) -> str:
        return self.key or self.name


AUTHORITIES = (
    AuthorityRole(name="root", subject="Landesamt Test Root"),
    AuthorityRole(name="issuing", subject="Landesamt Test Issuing CA", issuer="root"),
    AuthorityRole(name="hidden", subject="Landesamt Test Hidden CA", issuer="root", hidden=True),
    AuthorityRole(name="pss_root", subject="Landesamt Test PSS Root", pss=True),
    AuthorityRole(name="pss_issuing", subject="Landesamt PSS CA", issuer="pss_root", pss=True),
    AuthorityRole(name="unknown_root", subject="Bundesamt Test Root"),
    AuthorityRole(name="unknown_issuing", subject="Bundesamt Test CA", issuer="unknown_root"),
    AuthorityRole(name="stranger_root", subject="Strange Certificates Inc. Root"),
)

PEOPLE = (
    # The office: the organisation's own people.
    Role(name="alice", address="alice@office.example", subject="Alice Adler"),
    Role(name="bob", address="bob@office.example", subject="Bob Berger"),
    Role(
        name="alice_renewed",  # the same key, certified anew
        address="alice@office.example",
        subject="Alice Adler",
        key="alice",
        not_before=LAST_YEAR,
        not_after=LATER,
    ),
    Role(
        name="alice_rekeyed",  # a new certificate for a new key
        address="alice@office.example",
        subject="Alice Adler",
        not_before=LAST_YEAR,
        not_after=LATER,
    ),
    Role(
        name="frieda_sign",
        address="frieda@office.example",
        subject="Frieda Fuchs",
        usage=Usage.SIGN,
    ),
    Role(
        name="frieda_encrypt",
        address="frieda@office.example",
        subject="Frieda Fuchs",
        usage=Usage.ENCRYPT,
    ),
    # Partners: people elsewhere, nothing wrong with them.
    Role(name="huber", address="huber@school.example", subject="Hans Huber"),
    Role(name="dana", address="dana@partner.example", subject="Dana Dorn", key_type=KeyType.P256),
    Role(
        name="petra", address="petra@partner.example", subject="Petra Paul", key_type=KeyType.P384
    ),
    Role(
        name="quirin",
        address="quirin@partner.example",
        subject="Quirin Quast",
        key_type=KeyType.P521,
    ),
    Role(
        name="bruno",
        address="bruno@partner.example",
        subject="Bruno Brandt",
        key_type=KeyType.BRAINPOOL,
    ),
    Role(
        name="carla",
        address="carla@partner.example",
        subject="Carla Conrad",
        key_type=KeyType.ED25519,
        usage=Usage.SIGN,
    ),
    Role(
        name="carla_encrypt",
        address="carla@partner.example",
        subject="Carla Conrad",
        key_type=KeyType.X25519,
        usage=Usage.ENCRYPT,
    ),
    Role(
        name="quentin",  # ready for quantum computers
        address="quentin@partner.example",
        subject="Quentin Quell",
        key_type=KeyType.ML_DSA,
        usage=Usage.SIGN,
    ),
    Role(
        name="quentin_encrypt",
        address="quentin@partner.example",
        subject="Quentin Quell",
        key_type=KeyType.ML_KEM,
        usage=Usage.ENCRYPT,
    ),
    Role(
        name="paula",  # every signature of her chain is RSASSA-PSS
        address="paula@partner.example",
        subject="Paula Pohl",
        issuer="pss_issuing",
    ),
    Role(
        name="gustav",  # written differently from how he writes himself
        address="gustav.gross@partner.example",
        subject="Gustav Gross",
        sans=("Gustav.GROSS@PARTNER.example",),
    ),
    Role(
        name="maria",
        address="maria@partner.example",
        subject="Maria Moser",
        sans=("info@partner.example", "maria@partner.example", "m.moser@partner.example"),
    ),
    Role(
        name="dora",  # the old place of the address: distinguished name, no subjectAltName
        address="dora@partner.example",
        subject="Dora Dietz",
        sans=(),
        subject_address="dora@partner.example",
    ),
    Role(
        name="joerg",  # RFC 9598 local part; the rfc822Name cannot say it
        address="jörg@partner.example",
        subject="Jörg Jäger",
        sans=(),
        utf8_sans=("jörg@partner.example",),
    ),
    Role(
        name="vera",  # names a revocation list, and is not on it
        address="vera@partner.example",
        subject="Vera Vogt",
        crl_url=CRL_URL,
    ),
    # People whose certificate has one thing wrong.
    Role(
        name="emil",
        address="emil@partner.example",
        subject="Emil Ender",
        not_after=LAST_YEAR,  # expired
    ),
    Role(
        name="norbert",
        address="norbert@partner.example",
        subject="Norbert Neu",
        not_before=LATER,  # not yet valid
    ),
    Role(
        name="rita",
        address="rita@partner.example",
        subject="Rita Reiter",
        crl_url=CRL_URL,
        revoked_at=REVOKED_AT,
    ),
    Role(
        name="willi",
        address="willi@partner.example",
        subject="Willi Web",
        purposes=(SERVER_AUTH,),  # not for mail
    ),
    Role(
        name="sina",
        address="sina@partner.example",
        subject="Sina Sommer",
        usage=Usage.SIGN,  # cannot be encrypted to
    ),
    Role(
        name="nina",
        address="nina@partner.example",
        subject="Nina Nagel",
        sans=(),  # no address anywhere
    ),
    Role(
        name="otto",
        address="otto@partner.example",
        subject="Otto Ostermann",
        sans=("otto@elsewhere.example",),  # another address
    ),
    Role(
        name="ingo",
        address="ingo@partner.example",
        subject="Ingo Imhof",
        issuer="hidden",  # the issuer's certificate is missing
        issuer_url=ISSUER_URL,
    ),
    Role(
        name="wanda",
        address="wanda@partner.example",
        subject="Wanda Weber",
        key_type=KeyType.RSA_1024,  # too weak
    ),
    Role(
        name="ursula",  # impeccable, but nobody here has decided about her root yet
        address="ursula@bundesamt.example",
        subject="Ursula Unger",
        issuer="unknown_issuing",
    ),
    Role(
        name="stranger",
        address="stranger@elsewhere.example",
        subject="Stranger",
        issuer="stranger_root",
    ),
    Role(
        name="mallory",  # pretends to be Alice
        address="alice@office.example",
        subject="Alice Adler",
        issuer="stranger_root",
    ),
)
