"""What is known about a certification path: a value with ranked reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from siegel.base.verdict import Verdict


class PathStatus(StrEnum):
    """RFC 5280 §6 and the rules for mail; INDETERMINATE: nothing wrong is known, nor an anchor."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"


class Purpose(StrEnum):
    """What the leaf is wanted for; ANY asks for at least one of the two."""

    SIGN = "sign"
    ENCRYPT = "encrypt"
    ANY = "any"


class RevocationStatus(StrEnum):
    """What revocation lists and answers say; UNKNOWN: asked without a usable answer."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    NOT_CHECKED = "not_checked"


class PathFinding(StrEnum):
    """Why a path is not valid; the most specific first (order of this enum is the rank)."""

    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    BAD_SIGNATURE = "bad_signature"
    DISTRUSTED = "distrusted"
    NAME_CONSTRAINT = "name_constraint"
    NOT_A_CA = "not_a_ca"
    PATH_LENGTH = "path_length"
    CRITICAL_EXTENSION = "critical_extension"
    POLICY = "policy"
    WRONG_USAGE = "wrong_usage"
    LEAF_IS_CA = "leaf_is_ca"
    WEAK_KEY = "weak_key"
    WEAK_DIGEST = "weak_digest"
    MALFORMED_ADDRESS = "malformed_address"
    MALFORMED = "malformed"
    UNTRUSTED_ROOT = "untrusted_root"
    ISSUER_UNKNOWN = "issuer_unknown"
    TOO_COMPLEX = "too_complex"
    INDIRECT_LIST = "indirect_list"
    REVOCATION_UNKNOWN = "revocation_unknown"
    NO_ANCHORS = "no_anchors"
    OTHER = "other"


OPEN_REVOCATION = frozenset({PathFinding.INDIRECT_LIST, PathFinding.REVOCATION_UNKNOWN})
"""Nobody can say whether a certificate is revoked. That alone makes no path invalid."""

_RANK = {finding: position for position, finding in enumerate(PathFinding)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathReason:
    """One reason: which certificate of the path (0 = leaf), and the fact that goes with it."""

    finding: PathFinding
    depth: int = 0
    detail: str = ""
    at: datetime | None = None


MAX_DETAIL = 400  # characters; names in certificates may have tens of thousands


def reason(
    finding: PathFinding, depth: int = 0, detail: str = "", at: datetime | None = None
) -> PathReason:
    """A reason whose detail is short enough to be shown and stored."""
    return PathReason(finding=finding, depth=depth, detail=detail[:MAX_DETAIL], at=at)


def ranked(reasons: Iterable[PathReason]) -> tuple[PathReason, ...]:
    """Each reason once, the most specific first, and then the nearest to the leaf."""
    return tuple(sorted(dict.fromkeys(reasons), key=lambda one: (_RANK[one.finding], one.depth)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PathVerdict(Verdict):
    """RFC 5280 plus our mail rules for one certificate at one moment.

    ``path`` holds SHA-256 fingerprints (hex), leaf first, anchor last; empty when none was found.
    ``status`` judges the path without revocation – except that a revoked one is INVALID –, and
    ``revocation`` stands beside it: a VALID path may carry ``OPEN_REVOCATION`` among its reasons.
    ``anchor`` is the fingerprint of the trust anchor when the path reaches one. ``reasons`` are
    ranked; ``findings`` are the same without the facts, each once. ``known_good_at``: where nobody
    can say whether it is revoked now, the last moment at which it was known that it is not.
    """

    status: PathStatus
    at: datetime
    path: tuple[str, ...] = ()
    anchor: str | None = None
    reasons: tuple[PathReason, ...] = ()
    revocation: RevocationStatus = RevocationStatus.NOT_CHECKED
    revoked_at: datetime | None = None
    revocation_reason: str | None = None
    known_good_at: datetime | None = None
    findings: tuple[PathFinding, ...] = field(default=())
