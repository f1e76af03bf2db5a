"""What mail demands of the certificates of a chain beyond RFC 5280: RFC 8550 §4.4 and strength.

Dates and distrust are looked at here, too, because all that is wrong shall be named at once.
Signatures, constraints and critical extensions are OpenSSL's part (``path.py``), policies are in
``policies.py``, revocation in ``revocation.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from siegel.base.keys import KeyKind
from siegel.base.oids import ANY_EXTENDED_KEY_USAGE, EMAIL_PROTECTION
from siegel.pki.anchors import TrustAnchor
from siegel.pki.certificate import Certificate
from siegel.pki.link import Link
from siegel.pki.policies import NO_POLICY_ASKED, PolicyInput
from siegel.pki.strength import MIN_RSA_BITS, digest_weakness, key_weakness
from siegel.pki.verdict import PathFinding, PathReason, Purpose, reason

MAX_NAMED = 5  # malformed addresses listed one by one

_CERTIFICATE_SIGNING = "keyCertSign"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRules:
    """The rules a path is judged by. ``mail`` = False leaves RFC 5280 alone: no usages, strengths,
    addresses, and a CA may be the leaf – for certificates that no mail is signed with."""

    mail: bool = True
    min_rsa_bits: int = MIN_RSA_BITS
    policies: PolicyInput = NO_POLICY_ASKED


MAIL_RULES = PathRules()


def leaf_reasons(
    leaf: Link, at: datetime, purpose: Purpose, rules: PathRules, distrusted: frozenset[str]
) -> tuple[PathReason, ...]:
    """What is wrong with the leaf whatever chain it is in."""
    reasons = list(_common(leaf, 0, at, rules, distrusted))
    if rules.mail:
        reasons += _leaf_usage(leaf.certificate, purpose)
        reasons += _addresses(leaf.certificate)
    return tuple(reasons)


def authority_reasons(
    chain: tuple[Link, ...], at: datetime, rules: PathRules, distrusted: frozenset[str]
) -> tuple[PathReason, ...]:
    """What is wrong with the certificates above the leaf, and with the leaf's signature."""
    reasons: list[PathReason] = []
    for depth, one in enumerate(chain):
        if depth:
            reasons += _common(one, depth, at, rules, distrusted)
        if rules.mail:
            reasons += _authority_usage(one.certificate, depth) if depth else ()
            reasons += _digest(one.certificate, depth, exempt=depth == len(chain) - 1)
    return tuple(reasons)


def anchor_reasons(anchor: TrustAnchor, leaf: Certificate, depth: int) -> tuple[PathReason, ...]:
    """Limits that a person or a root programme put on an anchor; its certificate knows nothing."""
    reasons = []
    if anchor.domains is not None and not _within(leaf, anchor.domains):
        detail = ", ".join(sorted(anchor.domains))
        reasons.append(reason(PathFinding.NAME_CONSTRAINT, 0, detail))
    if anchor.distrust_after is not None and leaf.not_before > anchor.distrust_after:
        subject = anchor.certificate.subject
        reasons.append(reason(PathFinding.DISTRUSTED, depth, subject, anchor.distrust_after))
    return tuple(reasons)


def is_doubtful(link: Link, at: datetime, distrusted: frozenset[str]) -> bool:
    """A chain through this authority is hardly valid: others are tried first."""
    one = link.certificate
    usage = one.key_usage
    return (
        not one.is_ca
        or (usage is not None and _CERTIFICATE_SIGNING not in usage)
        or not link.is_readable
        or not link.is_in_time(at)
        or _is_distrusted(one, distrusted)
    )


def _common(
    link: Link, depth: int, at: datetime, rules: PathRules, distrusted: frozenset[str]
) -> Iterator[PathReason]:
    one = link.certificate
    if _is_distrusted(one, distrusted):
        yield reason(PathFinding.DISTRUSTED, depth, one.subject)
    if not link.is_in_time(at):
        yield _out_of_time(one, depth, at)
    if not link.is_readable:
        yield reason(PathFinding.MALFORMED, depth, ", ".join(one.flaws))
    weakness = key_weakness(one, rules.min_rsa_bits) if rules.mail else None
    if weakness is not None:
        yield reason(PathFinding.WEAK_KEY, depth, weakness)


def _is_distrusted(one: Certificate, distrusted: frozenset[str]) -> bool:
    """By certificate or by key: an ECDSA signature can be rewritten into a new fingerprint."""
    return one.fingerprint in distrusted or one.spki_sha256 in distrusted


def _out_of_time(one: Certificate, depth: int, at: datetime) -> PathReason:
    if at < one.not_before:
        return reason(PathFinding.NOT_YET_VALID, depth, one.subject, one.not_before)
    return reason(PathFinding.EXPIRED, depth, one.subject, one.not_after)


def _leaf_usage(leaf: Certificate, purpose: Purpose) -> Iterator[PathReason]:
    fits = {
        Purpose.SIGN: leaf.may_sign,
        Purpose.ENCRYPT: leaf.may_encrypt,
        Purpose.ANY: leaf.may_sign or leaf.may_encrypt,
    }
    if leaf.is_ca:
        yield reason(PathFinding.LEAF_IS_CA, 0, leaf.subject)
    if not fits[purpose] and leaf.public_key is not None and leaf.key_kind is not KeyKind.OTHER:
        yield reason(PathFinding.WRONG_USAGE, 0, _usages(leaf))


def _authority_usage(one: Certificate, depth: int) -> Iterator[PathReason]:
    """Where an authority has an extendedKeyUsage, it limits what lies below it."""
    usage = one.extended_key_usage
    other = usage is not None and usage.isdisjoint({EMAIL_PROTECTION, ANY_EXTENDED_KEY_USAGE})
    if other or one.contradicts_key:
        yield reason(PathFinding.WRONG_USAGE, depth, _usages(one))


def _usages(one: Certificate) -> str:
    usages = (one.key_usage or frozenset()) | (one.extended_key_usage or frozenset())
    return ", ".join(sorted(usages))


def _digest(one: Certificate, depth: int, *, exempt: bool) -> Iterator[PathReason]:
    """The signature on an anchor proves nothing and need not be strong."""
    weakness = None if exempt else digest_weakness(one)
    if weakness is not None:
        yield reason(PathFinding.WEAK_DIGEST, depth, weakness)


def _addresses(leaf: Certificate) -> Iterator[PathReason]:
    """RFC 5280 §4.2.1.6. OpenSSL reads name constraints loosely where a name is no address."""
    for name in leaf.malformed_addresses[:MAX_NAMED]:
        yield reason(PathFinding.MALFORMED_ADDRESS, 0, name)


def _within(leaf: Certificate, domains: frozenset[str]) -> bool:
    return bool(leaf.addresses) and all(one.domain in domains for one in leaf.addresses)
