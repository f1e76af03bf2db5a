"""Facts for policy tests: real certificates of the world, changed where a case needs it."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.verdict import (
    PathFinding,
    PathReason,
    PathStatus,
    PathVerdict,
    RevocationStatus,
)
from siegel.policy.outbound import OutboundFacts
from siegel.policy.rules import OrganisationRules
from siegel.policy.usability import Candidate
from tests.world import WORLD

NOW = WORLD.now
DAY = timedelta(days=1)
RULES = OrganisationRules()

ALICE = EmailAddress.parse("alice@office.example")
BOB = EmailAddress.parse("bob@office.example")
HUBER = EmailAddress.parse("huber@school.example")
DANA = EmailAddress.parse("dana@partner.example")
FRIEDA = EmailAddress.parse("frieda@office.example")
STRANGER = EmailAddress.parse("stranger@elsewhere.example")

TRUSTED = PathVerdict(
    status=PathStatus.VALID, at=NOW, anchor="a" * 64, revocation=RevocationStatus.GOOD
)


def certificate(name: str, **changes: Any) -> Certificate:
    """A certificate of the world; with changes it is another one (no two changes are equal)."""
    real = parse_certificate(WORLD.person(name).certificate_der)
    if not changes:
        return real
    der = real.der + repr(sorted(changes.items())).encode()
    return replace(real, der=der, fingerprint=hashlib.sha256(der).hexdigest(), **changes)


def failed(*findings: PathFinding, depth: int = 0) -> PathVerdict:
    return PathVerdict(
        status=PathStatus.INVALID,
        at=NOW,
        reasons=tuple(PathReason(finding=finding, depth=depth) for finding in findings),
        findings=findings,
    )


def partner(name: str, path: PathVerdict = TRUSTED, **known: Any) -> Candidate:
    return Candidate(certificate=certificate(name), path=path, **known)


def own(name: str, path: PathVerdict = TRUSTED, **known: Any) -> Candidate:
    given = {"has_private_key": True, "has_account": True, **known}
    return Candidate(certificate=certificate(name), path=path, **given)


def mail(*recipients: EmailAddress, **changes: Any) -> OutboundFacts:
    """Alice, who has a certificate, writes; Bob, Dana and Huber have one, too."""
    given: dict[str, Any] = {
        "sender": ALICE,
        "sender_entitled": True,
        "recipients": recipients,
        "at": NOW,
        "rules": RULES,
        "internal": frozenset({ALICE, BOB, FRIEDA}),
        "signing": (own("alice"),),
        "encryption": {
            HUBER: (partner("huber"),),
            DANA: (partner("dana"),),
            BOB: (partner("bob"),),
        },
        **changes,
    }
    return OutboundFacts(**given)


def rules(**switches: Any) -> OrganisationRules:
    return OrganisationRules(**switches)
