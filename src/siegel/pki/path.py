"""Certification paths (RFC 5280 §6, RFC 8550 §4): is there a valid one, and if not, why not?

    verdict = validate(leaf, anchors, evidence, at, purpose=Purpose.SIGN)

The chains come from ``builder.py``; each is judged alone by OpenSSL (signatures, constraints,
critical extensions, lists) and by our own rules (dates, policies, usages, strength, addresses).
This module is the only door to pyOpenSSL, which is imported on first use. Nothing is fetched and
no clock is read: evidence and moment are parameters, so every verdict can be replayed.

Not done: indirect revocation lists, DSA parameters inherited from the issuer, RFC 3779 resources.

What OpenSSL must never be asked: its policy check (no way to name the policies), a moment (it can
be set once for a store), ``X509StoreContextError.certificate`` (a null pointer on some errors), an
intermediate in the store (it would be an anchor).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain as joined
from typing import TYPE_CHECKING, TypeAlias

from siegel.pki.anchors import AnchorSet, TrustAnchor
from siegel.pki.bounded import Bounded
from siegel.pki.builder import DEFAULT_BUDGET, Chain, EdgeMemory, PathBudget, PathBuilder
from siegel.pki.certificate import Certificate
from siegel.pki.crl import RevocationList
from siegel.pki.evidence import Evidence
from siegel.pki.link import Link, link
from siegel.pki.policies import policy_flaw
from siegel.pki.revocation import Revocation, RevocationEvidence
from siegel.pki.usage import (
    MAIL_RULES,
    PathRules,
    anchor_reasons,
    authority_reasons,
    is_doubtful,
    leaf_reasons,
)
from siegel.pki.verdict import (
    PathFinding,
    PathReason,
    PathStatus,
    PathVerdict,
    Purpose,
    RevocationStatus,
    ranked,
    reason,
)

if TYPE_CHECKING:
    from OpenSSL import crypto
