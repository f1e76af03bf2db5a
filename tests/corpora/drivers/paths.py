"""Certification paths, with and without revocation lists, in one line."""

from collections.abc import Sequence
from datetime import datetime

from siegel.pki.anchors import AnchorSet
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.usage import MAIL_RULES, PathRules
from siegel.pki.verdict import PathVerdict, Purpose, RevocationStatus


def verdict(
    leaf: Certificate,
    anchors: AnchorSet,
    at: datetime,
    *,
    sent: Sequence[Certificate] = (),
    lists: Sequence[bytes] = (),
    purpose: Purpose = Purpose.ANY,
    rules: PathRules = MAIL_RULES,
) -> PathVerdict:
    evidence = Evidence(intermediates=tuple(sent), crls=tuple(lists))
    return validate(leaf, anchors, evidence, at, purpose=purpose, rules=rules)


def told(found: PathVerdict) -> str:
    words = [found.status.value]
    if found.revocation is not RevocationStatus.NOT_CHECKED:
        words.append(f"revocation {found.revocation.value}")
    findings = " ".join(finding.value for finding in found.findings)
    return ", ".join(words) + (f" ({findings})" if findings else "")
