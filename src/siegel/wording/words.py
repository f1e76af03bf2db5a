"""Reasons, obstacles and findings in words: what it is, what it means, what one can do.

One table per language; a test demands every member of every list in each, and plain German. Words
name no person, address or file: whoever shows them puts those beside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from siegel.base.findings import Finding
from siegel.pki.classes import ValidationType
from siegel.pki.verdict import PathFinding, PathStatus, RevocationStatus
from siegel.policy.answers import Intact, TrustedForFrom, Valid
from siegel.policy.inbound import CryptographicSummary
from siegel.policy.outbound import EncryptionOffer
from siegel.policy.reasons import Obstacle, Reason


class Language(StrEnum):
    """The languages that everything is worded in."""

    DE = "de"
    EN = "en"


Worded = (
    Reason
    | Obstacle
    | Finding
    | PathFinding
    | PathStatus
    | RevocationStatus
    | CryptographicSummary
    | EncryptionOffer
    | Intact
    | Valid
    | TrustedForFrom
    | ValidationType
)


@dataclass(frozen=True, slots=True)
class Words:
    """A title for a list, a sentence that explains it, and the next step ("" = nothing to do)."""

    title: str
    sentence: str
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordbook:
    """All words of one language, a table per list: values of different lists may be equal."""

    reasons: Mapping[Reason, Words]
    obstacles: Mapping[Obstacle, Words]
    findings: Mapping[Finding, Words]
    path_findings: Mapping[PathFinding, Words]
    path_statuses: Mapping[PathStatus, Words]
    revocation: Mapping[RevocationStatus, Words]
    summaries: Mapping[CryptographicSummary, Words]
    offers: Mapping[EncryptionOffer, Words]
    intact: Mapping[Intact, Words]
    valid: Mapping[Valid, Words]
    trusted_for_from: Mapping[TrustedForFrom, Words]
    validation: Mapping[ValidationType, Words]
