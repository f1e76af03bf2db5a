"""x509-limbo (C2SP): certification paths as TLS sees them, judged without what only TLS demands.

Host names and the usages of servers are nothing that mail asks for; a case is accepted here if RFC
5280 alone accepts it and the rules of mail object to nothing but the (TLS) usage. In
``limbo_differs.tsv`` is every case in which that differs from what limbo expects, with the group
it belongs to; nothing else may differ.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from siegel.base.errors import MalformedMessage
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.builder import DEFAULT_BUDGET, PathBudget
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.usage import MAIL_RULES, PathRules
from siegel.pki.verdict import PathFinding, PathStatus, PathVerdict, RevocationStatus

DIFFERS = Path(__file__).with_name("limbo_differs.tsv")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
IGNORED = {PathFinding.WRONG_USAGE}


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    valid: bool
    raw: dict[str, Any]

    @property
    def at(self) -> datetime:
        moment = self.raw["validation_time"]
        return datetime.fromisoformat(moment) if moment else NOW

    @property
    def budget(self) -> PathBudget:
        """limbo counts the intermediates, we count all certificates of a chain."""
        depth = self.raw["max_chain_depth"]
        return DEFAULT_BUDGET if depth is None else PathBudget(depth=depth + 2)


def cases(corpora: Path) -> tuple[Case, ...]:
    document = json.loads((corpora / "x509-limbo" / "limbo.json").read_text("utf-8"))
    return tuple(
        Case(one["id"], one["expected_result"] == "SUCCESS", one) for one in document["testcases"]
    )


def differences() -> dict[str, str]:
    """Name of a case → the group of differences that it belongs to."""
    lines = DIFFERS.read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {name: group for group, name in pairs}


def is_accepted(case: Case) -> bool:
    try:
        plain, mail = judge(case, PathRules(mail=False)), judge(case, MAIL_RULES)
    except MalformedMessage:
        return False
    known = not case.raw["crls"] or plain.revocation is RevocationStatus.GOOD
    return plain.status is PathStatus.VALID and known and not set(mail.findings) - IGNORED


def judge(case: Case, rules: PathRules) -> PathVerdict:
    anchors = (
        TrustAnchor(certificate=_certificate(pem), source=AnchorSource.ORGANISATION)
        for pem in case.raw["trusted_certs"]
    )
    return validate(
        _certificate(case.raw["peer_certificate"]),
        AnchorSet(anchors=tuple(anchors)),
        Evidence(
            intermediates=tuple(map(_certificate, case.raw["untrusted_intermediates"])),
            crls=tuple(map(_list, case.raw["crls"])),
        ),
        case.at,
        rules=rules,
        budget=case.budget,
    )


def _certificate(pem: str) -> Certificate:
    return parse_certificates(pem.encode())[0]


def _list(pem: str) -> bytes:
    return x509.load_pem_x509_crl(pem.encode()).public_bytes(Encoding.DER)
