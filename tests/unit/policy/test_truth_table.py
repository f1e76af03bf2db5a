"""Trust × validity × revocation × address × usage: every corner, with real certificates and lists.

Each corner is judged by the real path building and then asked both ways: may this certificate be
used (``usable``), and does a signature made with it count (``judge``)? What should come out says a
small oracle at the end of the page, which knows the corner and none of the code.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Any, Final, TypeVar

import pytest
from cryptography import x509

from siegel.base.address import EmailAddress
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.evidence import Evidence
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathVerdict, Purpose
from siegel.policy import usability
from siegel.policy.inbound import CryptographicSummary, judge
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.rules import UnknownRevocation
from siegel.policy.usability import Candidate, obstacles, usable
from tests.unit.pki.chains import (
    AT,
    LAST_YEAR,
    NOT_AFTER,
    Party,
    anchored,
    issue,
    leaf_of,
    revocation_list,
    root,
)
from tests.unit.policy.facts import rules
from tests.unit.policy.opened import opened, signed, signer_of

DAY: Final = timedelta(days=1)
FROM: Final = EmailAddress.parse("leaf@office.example")
ELSEWHERE: Final = "somebody@elsewhere.example"
SERVER_AUTH: Final = "1.3.6.1.5.5.7.3.1"


class Trust(StrEnum):
    TRUSTED = "trusted"
    FOR_ITS_DOMAIN = "trusted for its domain"
    FOR_ANOTHER_DOMAIN = "trusted for another domain"
    UNKNOWN_ROOT = "unknown root"
    ISSUER_MISSING = "issuer missing"
    DISTRUSTED = "distrusted"


class Validity(StrEnum):
    NOW = "now"
    OVER = "over"
    NOT_YET = "not yet"


class Known(StrEnum):
    """What lists say about revocation."""

    GOOD = "good"
    REVOKED = "revoked"
    AUTHORITY_REVOKED = "authority revoked"
    SILENT = "no list of the authority"
    GOOD_YESTERDAY = "good until yesterday"
    GOOD_LAST_MONTH = "good until last month"
    NEVER_ASKED = "no list at all"


class Address(StrEnum):
    SAME = "leaf@office.example"
    OTHER_CASE = "LEAF@Office.Example"
    OTHER = ELSEWHERE
    NONE = ""


class Usage(StrEnum):
    BOTH = "both"
    SIGN = "sign"
    ENCRYPT = "encrypt"
    NEITHER = "neither"
    FOR_SERVERS = "for servers"


@dataclass(frozen=True, slots=True)
class Corner:
    trust: Trust
    validity: Validity
    known: Known
    address: Address
    usage: Usage


CORNERS = tuple(Corner(*each) for each in product(Trust, Validity, Known, Address, Usage))
RULES = tuple(UnknownRevocation)

ROOT, STRANGER = root("Root"), root("Stranger")
CA, STRANGE_CA = issue(ROOT, "CA"), issue(STRANGER, "CA of a stranger")

_VALIDITY: Final[dict[Validity, dict[str, Any]]] = {
    Validity.NOW: {},
    Validity.OVER: {"not_after": LAST_YEAR},
    Validity.NOT_YET: {"not_before": AT + DAY, "not_after": NOT_AFTER},
}
_USAGE: Final[dict[Usage, dict[str, Any]]] = {
    Usage.BOTH: {"usage": ("digital_signature", "key_agreement")},
    Usage.SIGN: {"usage": ("digital_signature",)},
    Usage.ENCRYPT: {"usage": ("key_agreement",)},
    Usage.NEITHER: {"usage": ("crl_sign",)},
    Usage.FOR_SERVERS: {"purposes": (SERVER_AUTH,)},
}
_NAMES: Final = {
    address: (x509.RFC822Name(address.value),) if address.value else () for address in Address
}


@cache
def leaf(below: str, validity: Validity, address: Address, usage: Usage) -> Party:
    authority = STRANGE_CA if below == "stranger" else CA
    shape = _VALIDITY[validity] | _USAGE[usage] | {"names": _NAMES[address]}
    return leaf_of(authority, **shape)


@cache
def verdict(corner: Corner) -> tuple[Party, PathVerdict]:
    below = "stranger" if corner.trust is Trust.UNKNOWN_ROOT else "root"
    party = leaf(below, corner.validity, corner.address, corner.usage)
    missing = corner.trust is Trust.ISSUER_MISSING
    trust = TrustFacts(
        anchors=_anchors(corner.trust, party),
        evidence=Evidence(
            intermediates=() if missing else (CA.certificate, STRANGE_CA.certificate),
            crls=_lists(corner.known, party),
        ),
        at=AT,
    )
    return party, trust.verdict(party.certificate, Purpose.ANY)


def _anchors(trust: Trust, party: Party) -> AnchorSet:
    by_hand = TrustAnchor(certificate=ROOT.certificate, source=AnchorSource.VERIFIED_BY_HAND)
    match trust:
        case Trust.FOR_ITS_DOMAIN:
            limited = replace(by_hand, domains=frozenset({"office.example", "elsewhere.example"}))
            return AnchorSet(anchors=(limited,))
        case Trust.FOR_ANOTHER_DOMAIN:
            return AnchorSet(anchors=(replace(by_hand, domains=frozenset({"third.example"})),))
        case Trust.DISTRUSTED:
            return anchored(ROOT, distrusted=[party.certificate.fingerprint])
        case _:
            return anchored(ROOT)


def _lists(known: Known, party: Party) -> tuple[bytes, ...]:
    of_root, serial = revocation_list(ROOT), party.certificate.serial
    match known:
        case Known.GOOD:
            return of_root, revocation_list(CA), revocation_list(STRANGE_CA)
        case Known.REVOKED:
            return of_root, revocation_list(CA, {serial: (LAST_YEAR, None)})
        case Known.AUTHORITY_REVOKED:
            revoked = {CA.certificate.serial: (LAST_YEAR, None)}
            return revocation_list(ROOT, revoked), revocation_list(CA)
        case Known.SILENT:
            return (of_root,)
        case Known.NEVER_ASKED:
            return ()
        case _:
            begin = AT - 60 * DAY
            end = AT - (DAY if known is Known.GOOD_YESTERDAY else 30 * DAY)
            old = revocation_list(CA, this_update=begin, next_update=end)
            return revocation_list(ROOT, this_update=begin), old


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("purpose", usability.Purpose)
@pytest.mark.requirement("A67", "A68", "A69")
def test_every_corner_gives_the_obstacles_of_the_oracle(
    rule: UnknownRevocation, purpose: usability.Purpose
) -> None:
    for corner in CORNERS:
        party, path = verdict(corner)
        one = Candidate(
            certificate=party.certificate, path=path, has_private_key=True, has_account=True
        )
        setting = rules(unknown_revocation=rule)
        found = obstacles(one, FROM, purpose, AT, setting)
        assert set(found) == expected_obstacles(corner, purpose, rule), corner
        assert (usable(one, FROM, purpose, AT, setting) is None) is bool(found), corner


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.requirement("A13", "A67", "A69")
def test_every_corner_gives_the_reasons_of_the_oracle(rule: UnknownRevocation) -> None:
    for corner in CORNERS:
        party, path = verdict(corner)
        message = opened(signed(signer_of(party.certificate)))
        verdicts = {party.certificate.fingerprint: path}
        setting = rules(unknown_revocation=rule)
        found = judge(message, verdicts, (FROM,), None, (), at=AT, rules=setting)
        (signer,) = found.signers
        expected = expected_reasons(corner, rule)
        assert set(signer.reasons) == expected, corner
        assert (found.summary is CryptographicSummary.VERIFIED) is (not expected), corner


def test_most_corners_are_no_good_and_some_are() -> None:
    good = [c for c in CORNERS if not expected_reasons(c, UnknownRevocation.ALLOW)]
    assert len(good) == 2 * 1 * 5 * 2 * 2  # trust × now × not revoked × address × signs
    assert all(c.validity is Validity.NOW and c.known not in REVOKED for c in good)
    assert len(CORNERS) == 6 * 3 * 7 * 4 * 5


# ---- the oracle: what a person would say who knows the corner

ANCHORED: Final = frozenset({Trust.TRUSTED, Trust.FOR_ITS_DOMAIN})
REVOKED: Final = frozenset({Known.REVOKED, Known.AUTHORITY_REVOKED})
FITS: Final = {
    usability.Purpose.SIGN: frozenset({Usage.BOTH, Usage.SIGN}),
    usability.Purpose.ENCRYPT: frozenset({Usage.BOTH, Usage.ENCRYPT}),
}
FOR_MAIL: Final = frozenset({Usage.BOTH, Usage.SIGN, Usage.ENCRYPT})
SAME: Final = frozenset({Address.SAME, Address.OTHER_CASE})
Said = TypeVar("Said", Obstacle, Reason)


def is_anchored(corner: Corner) -> bool:
    """An anchor for a domain vouches for addresses there, so not for a certificate without any."""
    vouches = corner.trust is Trust.TRUSTED or corner.address is not Address.NONE
    return corner.trust in ANCHORED and vouches


def holds(corner: Corner) -> bool:
    """The path is valid, whatever is known about revocation."""
    return is_anchored(corner) and corner.validity is Validity.NOW and corner.usage in FOR_MAIL


def is_revoked(corner: Corner) -> bool:
    """Nobody looks further when the path does not hold anyway."""
    return holds(corner) and corner.known in REVOKED


def is_open(corner: Corner, rule: UnknownRevocation) -> bool:
    """Nothing is known about revocation, and that is not enough for this rule."""
    if holds(corner) and corner.known in {*REVOKED, Known.GOOD}:
        return False
    fresh = holds(corner) and corner.known is Known.GOOD_YESTERDAY
    return {
        UnknownRevocation.ALLOW: False,
        UnknownRevocation.ALLOW_CACHED_7D: not fresh,
        UnknownRevocation.REFUSE: True,
    }[rule]


def expected_obstacles(
    corner: Corner, purpose: usability.Purpose, rule: UnknownRevocation
) -> set[Obstacle]:
    return _where(
        (Obstacle.EXPIRED, corner.validity is Validity.OVER),
        (Obstacle.NOT_YET_VALID, corner.validity is Validity.NOT_YET),
        (Obstacle.NOT_TRUSTED, not is_anchored(corner)),
        (Obstacle.REVOKED, is_revoked(corner)),
        (Obstacle.REVOCATION_UNKNOWN, is_open(corner, rule)),
        (Obstacle.ADDRESS_DIFFERS, corner.address not in SAME),
        (Obstacle.WRONG_USAGE, corner.usage not in FITS[purpose]),
    )


def expected_reasons(corner: Corner, rule: UnknownRevocation) -> set[Reason]:
    return _where(
        (Reason.SIGNER_NOT_TRUSTED, not holds(corner) or is_revoked(corner)),
        (Reason.SIGNER_REVOKED, is_revoked(corner)),
        (Reason.REVOCATION_UNKNOWN, is_open(corner, rule)),
        (Reason.SIGNER_ADDRESS_DIFFERS, corner.address not in SAME),
        (Reason.SIGNER_MAY_NOT_SIGN, corner.usage not in FITS[usability.Purpose.SIGN]),
    )


def _where(*said: tuple[Said, bool]) -> set[Said]:
    return {one for one, stands in said if stands}
