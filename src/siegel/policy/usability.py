"""May this certificate be used, for this address, for this purpose, now?

All obstacles are named, not only the first: people fix them one by one. A ``Usable`` exists only
where none is left, so what stands behind this page cannot meet an expired or foreign certificate.
What a certificate cost, or how its owner was identified, is not asked.
"""

from collections.abc import Callable
from dataclasses import InitVar, dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.keys import KeyKind
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import (
    OPEN_REVOCATION,
    PathFinding,
    PathStatus,
    PathVerdict,
    RevocationStatus,
)
from siegel.policy.reading import Announcement
from siegel.policy.reasons import Obstacle
from siegel.policy.rules import KeyChangeRule, OrganisationRules, PostQuantum, UnknownRevocation

LAST_GOOD_FOR = timedelta(days=7)  # how long "not revoked" may be remembered (allow_cached_7d)
SMALLEST_CURVE = 256  # bits; P-256 and X25519 are the smallest that RFC 8551 §4 and 8410 name


class Purpose(StrEnum):
    SIGN = "sign"
    ENCRYPT = "encrypt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A certificate that might be used, and what the organisation knows about it.

    ``linked_to``: addresses an administrator bound it to, although it is an organisation's and
    does not name them; it may receive for them by rule, and never signs. ``locked``:
    its private key lies in a file whose passphrase is missing. ``pending``: seen, but nobody has
    accepted it. ``change_unconfirmed``: it replaced another key and nobody has confirmed that.
    ``announced``: what the owner of its key said that he can read. ``signs_until``: until that
    moment it goes on signing although its successor is there already.
    """

    certificate: Certificate
    path: PathVerdict
    has_private_key: bool = False
    has_account: bool = False
    locked: bool = False
    linked_to: frozenset[EmailAddress] = frozenset()
    pending: bool = False
    change_unconfirmed: bool = False
    last_seen_at: datetime | None = None
    announced: Announcement | None = None
    signs_until: datetime | None = None


_MADE_HERE = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """A certificate without obstacles for one address and purpose. Only ``usable`` makes one."""

    certificate: Certificate
    path: PathVerdict
    address: EmailAddress
    purpose: Purpose
    at: datetime
    made_by: InitVar[object]

    def __post_init__(self, made_by: object) -> None:
        if made_by is not _MADE_HERE:
            raise TypeError("a Usable is made by usability.usable")


@dataclass(frozen=True, slots=True)
class _Question:
    candidate: Candidate
    address: EmailAddress
    purpose: Purpose
    at: datetime
    rules: OrganisationRules


def usable(
    candidate: Candidate,
    address: EmailAddress,
    purpose: Purpose,
    at: datetime,
    rules: OrganisationRules,
) -> Usable | None:
    """„Die "Klasse" des Zertifikats ist nicht relevant, man kann auch gut das günstigste
    Zertifikat verwenden“: without an obstacle every certificate is as good as any other.
    """
    if obstacles(candidate, address, purpose, at, rules):
        return None
    return Usable(
        certificate=candidate.certificate,
        path=candidate.path,
        address=address,
        purpose=purpose,
        at=at,
        made_by=_MADE_HERE,
    )


def obstacles(
    candidate: Candidate,
    address: EmailAddress,
    purpose: Purpose,
    at: datetime,
    rules: OrganisationRules,
) -> tuple[Obstacle, ...]:
    """„Damit ein Zertifikat verwendet werden kann, muss dem Zertifikat vertraut werden. dessen
    Gültigkeitsbeginn erreicht und das Gültigkeitsende noch nicht abgelaufen sein. die
    E-Mailadresse mit der Absenderadresse genau übereinstimmen (abgesehen von Groß- und
    Kleinschreibung).“ Every obstacle that stands, in the order of ``Obstacle``.
    """
    question = _Question(candidate, address, purpose, at, rules)
    return tuple(obstacle for obstacle in Obstacle if _STANDS[obstacle](question))


def revocation_is_open(path: PathVerdict, at: datetime, rules: OrganisationRules) -> bool:
    """Nobody can say whether it is revoked, and the organisation does not accept that."""
    if path.revocation not in (RevocationStatus.UNKNOWN, RevocationStatus.NOT_CHECKED):
        return False
    if rules.unknown_revocation is UnknownRevocation.ALLOW_CACHED_7D:
        return path.known_good_at is None or at - path.known_good_at > LAST_GOOD_FOR
    return rules.unknown_revocation is UnknownRevocation.REFUSE


def is_revoked(path: PathVerdict) -> bool:
    """The certificate or one it depends on was revoked."""
    return path.revocation is RevocationStatus.REVOKED or PathFinding.REVOKED in _seen(path)


def has_no_account(question: _Question) -> bool:
    """„Damit das Zertifikat verwendet werden kann, muss zusätzlich das E-Mailkonto für die
    E-Mailadresse angelegt werden, das im Zertifikat angegeben ist.“ (own certificates)
    """
    return question.purpose is Purpose.SIGN and not question.candidate.has_account


def lacks_private_key(question: _Question) -> bool:
    """„Um ausgehende Mails zu signieren und eingehende verschlüsselte Mails entschlüsseln zu
    können, muss die importierte Zertifikatsdatei den privaten Schlüssel enthalten.“ A locked file
    is an obstacle of its own: the key is there, the passphrase is missing.
    """
    candidate = question.candidate
    missing = not candidate.has_private_key and not candidate.locked
    return question.purpose is Purpose.SIGN and missing


def is_locked(question: _Question) -> bool:
    return question.purpose is Purpose.SIGN and question.candidate.locked


def is_expired(question: _Question) -> bool:
    over = question.at > question.candidate.certificate.not_after
    return over or _leaf(question, PathFinding.EXPIRED)


def is_not_yet_valid(question: _Question) -> bool:
    early = question.at < question.candidate.certificate.not_before
    return early or _leaf(question, PathFinding.NOT_YET_VALID)


def names_another_address(question: _Question) -> bool:
    """Equal means equal but for ASCII case; no domain, no alias and no part of it will do."""
    if question.address in question.candidate.certificate.addresses:
        return False
    # no certificate of an organisation signs in place of a person's
    bound = question.address in question.candidate.linked_to
    return question.purpose is Purpose.SIGN or not bound


def is_organisations_against_the_rules(question: _Question) -> bool:
    """What is encrypted for an organisation, others than the person may read."""
    candidate, address = question.candidate, question.address
    bound = address in candidate.linked_to and address not in candidate.certificate.addresses
    encrypts = question.purpose is Purpose.ENCRYPT
    return bound and encrypts and not question.rules.organisation_certificates


def is_for_another_use(question: _Question) -> bool:
    certificate = question.candidate.certificate
    signs = question.purpose is Purpose.SIGN
    allowed = certificate.may_sign if signs else certificate.may_encrypt
    leaf = (PathFinding.WRONG_USAGE, PathFinding.LEAF_IS_CA)
    return not allowed or any(_leaf(question, finding) for finding in leaf)


def is_too_weak(question: _Question) -> bool:
    """RSA by the organisation's rule, curves by RFC 8551 §4 and RFC 8410, DSA not at all."""
    certificate = question.candidate.certificate
    match certificate.key_kind:
        case KeyKind.RSA | KeyKind.RSA_PSS:
            weak = certificate.key_bits < question.rules.min_rsa_bits
        case KeyKind.DSA:
            weak = True
        case KeyKind.OTHER:
            weak = False  # says nothing about strength; is_for_another_use refuses it
        case _:
            weak = certificate.key_bits < SMALLEST_CURVE
    return weak or _leaf(question, PathFinding.WEAK_KEY)


def is_post_quantum_against_the_rules(question: _Question) -> bool:
    """Few programs know such keys today: the organisation says when they are used."""
    kind, rules = question.candidate.certificate.key_kind, question.rules
    encrypts = kind is KeyKind.ML_KEM and rules.post_quantum is PostQuantum.OFF
    signs = kind is KeyKind.ML_DSA and rules.post_quantum_signature is PostQuantum.OFF
    return signs if question.purpose is Purpose.SIGN else encrypts


def is_not_trusted(question: _Question) -> bool:
    """The path does not hold, for another reason than the leaf's own, which is named itself."""
    path = question.candidate.path
    if path.status is PathStatus.VALID:
        return False
    own = {r.finding for r in path.reasons if r.depth == 0} & _OF_THE_LEAF
    elsewhere = {r.finding for r in path.reasons if r.depth > 0 or r.finding not in _OF_THE_LEAF}
    unplaced = set(path.findings) - own
    others = (elsewhere | unplaced) - OPEN_REVOCATION - {PathFinding.REVOKED}
    explained = own or is_revoked(path)
    return bool(others) or not explained


def waits_for_confirmation(question: _Question) -> bool:
    held = question.rules.key_change is KeyChangeRule.HOLD
    encrypts = question.purpose is Purpose.ENCRYPT
    return held and encrypts and question.candidate.change_unconfirmed


_OF_THE_LEAF = {
    PathFinding.REVOKED,
    PathFinding.EXPIRED,
    PathFinding.NOT_YET_VALID,
    PathFinding.WRONG_USAGE,
    PathFinding.LEAF_IS_CA,
    PathFinding.WEAK_KEY,
}

_STANDS: dict[Obstacle, Callable[[_Question], bool]] = {
    Obstacle.NO_CERTIFICATE: lambda question: False,  # there is one: it is the candidate
    Obstacle.REVOKED: lambda question: is_revoked(question.candidate.path),
    Obstacle.EXPIRED: is_expired,
    Obstacle.NOT_YET_VALID: is_not_yet_valid,
    Obstacle.ADDRESS_DIFFERS: names_another_address,
    Obstacle.ORGANISATION_CERTIFICATE_OFF: is_organisations_against_the_rules,
    Obstacle.WRONG_USAGE: is_for_another_use,
    Obstacle.WEAK_KEY: is_too_weak,
    Obstacle.POST_QUANTUM_OFF: is_post_quantum_against_the_rules,
    Obstacle.LOCKED: is_locked,
    Obstacle.NO_PRIVATE_KEY: lacks_private_key,
    Obstacle.NO_ACCOUNT: has_no_account,
    Obstacle.PENDING: lambda question: question.candidate.pending,
    Obstacle.CHANGE_UNCONFIRMED: waits_for_confirmation,
    Obstacle.NOT_TRUSTED: is_not_trusted,
    Obstacle.REVOCATION_UNKNOWN: lambda question: revocation_is_open(
        question.candidate.path, question.at, question.rules
    ),
    Obstacle.NO_COMMON_CIPHER: lambda question: False,  # of several recipients, never of one alone
}


def _leaf(question: _Question, finding: PathFinding) -> bool:
    return any(r.finding is finding and r.depth == 0 for r in question.candidate.path.reasons)


def _seen(path: PathVerdict) -> set[PathFinding]:
    return {*path.findings, *(reason.finding for reason in path.reasons)}
