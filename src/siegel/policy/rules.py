"""The switches of the organisation: what an administrator may decide, each with its sentence.

Values are read strictly, however the rules are made: an unknown name or a value that means
nothing is a ``ConfigurationError``, and addresses and domains are folded (RFC 5890) so that they
can be compared. Where rules of several levels meet is not decided here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from siegel.base.errors import ConfigurationError
from siegel.policy import values

Json = None | bool | int | str | list[str]

SMALLEST_RSA = 2048  # bits; RFC 8551 §4 lets nobody create less
LARGEST_RSA = 8192  # bits; larger keys make every check slow, nobody issues them


class Mode(StrEnum):
    """When encryption is possible: use it, or wait until the writer asks for it."""

    AUTOMATIC = "automatic"
    OFFERED = "offered"


class CalendarRule(StrEnum):
    """Invitations: many calendars cannot read encrypted ones."""

    SIGN = "sign"
    PROTECT = "protect"


class KeyChangeRule(StrEnum):
    """A partner writes with a new key: use it and say so, or wait for a person's word."""

    ALERT = "alert"
    HOLD = "hold"


class UnknownRevocation(StrEnum):
    """Nobody can say now whether a certificate is revoked."""

    ALLOW = "allow"
    ALLOW_CACHED_7D = "allow_cached_7d"
    REFUSE = "refuse"


class RsaSignature(StrEnum):
    PKCS1 = "pkcs1"
    PSS = "pss"


class KeyTransport(StrEnum):
    AUTO = "auto"
    PKCS1 = "pkcs1"
    OAEP = "oaep"


class Cipher(StrEnum):
    AUTO = "auto"
    AES128_CBC = "aes128-cbc"
    AES192_CBC = "aes192-cbc"
    AES256_CBC = "aes256-cbc"
    AES128_GCM = "aes128-gcm"
    AES256_GCM = "aes256-gcm"
    CHACHA20_POLY1305 = "chacha20-poly1305"


class UnknownRecipientProfile(StrEnum):
    """What a program is taken to read of which nothing is known."""

    COMPAT = "compat"
    MODERN = "modern"


class PostQuantum(StrEnum):
    """Keys that a quantum computer does not break (ML-KEM, ML-DSA)."""

    OFF = "off"
    PREFER = "prefer"


_NOBODY: frozenset[str] = frozenset()


def _rule(doc: str, read: Callable[[object], object]) -> Mapping[str, object]:
    return {"doc": doc, "read": read}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRules:
    """Every switch with its default. ``describe`` tells what each one does."""

    mode: Mode = field(
        default=Mode.AUTOMATIC,
        metadata=_rule(
            "automatic: encrypt whenever possible; offered: only on the writer's wish",
            values.choice(Mode),
        ),
    )
    must_encrypt_domains: frozenset[str] = field(
        default=_NOBODY,
        metadata=_rule(
            "mail to these domains and what lies below them leaves encrypted or not at all",
            values.each(values.domain),
        ),
    )
    must_encrypt_partners: frozenset[str] = field(
        default=_NOBODY,
        metadata=_rule(
            "mail to these addresses leaves encrypted or not at all", values.each(values.address)
        ),
    )
    bulk_recipient_limit: int = field(
        default=50,
        metadata=_rule(
            "mail to more recipients than this is bulk mail: signed, never encrypted",
            values.number(1, 1000),
        ),
    )
    bulk_senders: frozenset[str] = field(
        default=_NOBODY,
        metadata=_rule(
            "what these addresses send is always bulk mail", values.each(values.address)
        ),
    )
    calendar: CalendarRule = field(
        default=CalendarRule.SIGN,
        metadata=_rule(
            "calendar: sign = signed, not encrypted unless demanded; protect = like other mail",
            values.choice(CalendarRule),
        ),
    )
    subject_word: str | None = field(
        default=None,
        metadata=_rule(
            "a word in the subject by which the writer demands encryption; taken out", values.word
        ),
    )
    subject_tag: bool = field(
        default=True,
        metadata=_rule(
            "opened mail gets a tag in its subject, so that people see it was encrypted",
            values.flag,
        ),
    )
    key_change: KeyChangeRule = field(
        default=KeyChangeRule.ALERT,
        metadata=_rule(
            "a partner has a new key: alert = use it and say so; hold = wait for a confirmation",
            values.choice(KeyChangeRule),
        ),
    )
    unknown_revocation: UnknownRevocation = field(
        default=UnknownRevocation.ALLOW,
        metadata=_rule(
            "nobody can say whether a certificate is revoked: allow = use it; refuse = do not;"
            " allow_cached_7d = use it if it was good within the last seven days",
            values.choice(UnknownRevocation),
        ),
    )
    private_key_senders: frozenset[str] = field(
        default=_NOBODY,
        metadata=_rule(
            "these addresses may send files that hold a private key", values.each(values.address)
        ),
    )
    rsa_signature: RsaSignature = field(
        default=RsaSignature.PKCS1,
        metadata=_rule(
            "how RSA keys sign: pkcs1 is read everywhere, pss is the newer way",
            values.choice(RsaSignature),
        ),
    )
    key_transport: KeyTransport = field(
        default=KeyTransport.AUTO,
        metadata=_rule(
            "how RSA keys receive: pkcs1 is read everywhere, oaep is the newer way;"
            " auto = oaep for those whose programs announce it",
            values.choice(KeyTransport),
        ),
    )
    cipher: Cipher = field(
        default=Cipher.AUTO,
        metadata=_rule(
            "how content is encrypted: auto = the strongest way that the programs of all"
            " recipients announce; another value is used for everybody, read or not",
            values.choice(Cipher),
        ),
    )
    unknown_recipient_profile: UnknownRecipientProfile = field(
        default=UnknownRecipientProfile.COMPAT,
        metadata=_rule(
            "what programs read that announced nothing: compat = AES-CBC, as all do;"
            " modern = AES-GCM, which Outlook and others do not",
            values.choice(UnknownRecipientProfile),
        ),
    )
    split_on_mismatch: bool = field(
        default=True,
        metadata=_rule(
            "no cipher is read by all recipients: true = several copies, each as strong as its"
            " readers allow; false = the mail is not sent",
            values.flag,
        ),
    )
    post_quantum: PostQuantum = field(
        default=PostQuantum.OFF,
        metadata=_rule(
            "certificates with ML-KEM: off = not used; prefer = used instead of the other"
            " certificates of the same person",
            values.choice(PostQuantum),
        ),
    )
    post_quantum_signature: PostQuantum = field(
        default=PostQuantum.OFF,
        metadata=_rule(
            "certificates with ML-DSA: off = not used; prefer = they sign, which few programs"
            " can check today",
            values.choice(PostQuantum),
        ),
    )
    organisation_certificates: bool = field(
        default=False,
        metadata=_rule(
            "certificates of organisations and domains that an administrator bound: true = they"
            " receive mail for people who have none of their own; false = they only check",
            values.flag,
        ),
    )
    look_up: bool = field(
        default=False,
        metadata=_rule(
            "a recipient has no certificate: true = foreign directories are asked for it, while the"
            " mail goes its way; false = only when somebody asks for it",
            values.flag,
        ),
    )
    min_rsa_bits: int = field(
        default=SMALLEST_RSA,
        metadata=_rule(
            "RSA keys with fewer bits are not used", values.number(SMALLEST_RSA, LARGEST_RSA)
        ),
    )

    def __post_init__(self) -> None:
        for rule in fields(self):
            try:
                value = rule.metadata["read"](getattr(self, rule.name))
            except ConfigurationError as error:
                raise ConfigurationError(f"rule {rule.name}: {error}", rule=rule.name) from error
            object.__setattr__(self, rule.name, value)

    @classmethod
    def from_dict(cls, given: Mapping[str, object]) -> "OrganisationRules":
        """Rules as ``to_dict`` gives them; what is missing has its default."""
        unknown = sorted(given.keys() - {rule.name for rule in fields(cls)})
        if unknown:
            raise ConfigurationError(f"unknown rule: {', '.join(unknown)}", rules=unknown)
        named: dict[str, Any] = dict(given)
        return cls(**named)

    def to_dict(self) -> dict[str, Json]:
        return {rule.name: _json(getattr(self, rule.name)) for rule in fields(self)}


def describe() -> tuple[tuple[str, Json, str], ...]:
    """(name, default, what it does) of every rule, for command line and documentation."""
    defaults = OrganisationRules()
    return tuple(
        (rule.name, _json(getattr(defaults, rule.name)), str(rule.metadata["doc"]))
        for rule in fields(OrganisationRules)
    )


def _json(value: frozenset[str] | StrEnum | str | int | bool | None) -> Json:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.value if isinstance(value, StrEnum) else value
