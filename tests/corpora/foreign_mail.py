"""Foreign messages judged as gateway and commands judge them, with trust and keys from files."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from siegel.base.keys import EmptyKeyring, Keyring
from siegel.flows.judging import judge_opened
from siegel.flows.trust_facts import TrustFacts
from siegel.mime.parse import parse_message
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.softkeys import SoftwareKey, SoftwareKeyring, key_matches, private_key_from_file
from siegel.policy.inbound import InboundJudgement
from siegel.policy.rules import OrganisationRules
from siegel.smime.layers import OpenedMessage
from siegel.smime.open import open_message


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    opened: OpenedMessage
    judgement: InboundJudgement

    @property
    def told(self) -> str:
        """The verdict in one line, as the tables of expected verdicts write it."""
        reasons = " ".join(reason.value for reason in self.judgement.reasons)
        findings = " ".join(finding.value for finding in self.judgement.findings)
        return f"{self.judgement.summary.value}: {reasons}" + (f" ({findings})" if findings else "")


def judge(
    raw: bytes,
    *,
    at: datetime,
    anchors: Sequence[Path] = (),
    known: Sequence[Path] = (),
    keyring: Keyring | None = None,
) -> Judged:
    """``known`` are certificates that do not come with the message."""
    found = [one for path in known for one in certificates(path)]
    trusted = [
        TrustAnchor(certificate=one, source=AnchorSource.ORGANISATION)
        for path in anchors
        for one in certificates(path)
    ]
    evidence = Evidence(intermediates=tuple(found), crls=(), ocsp_responses=(), gathered_at=at)
    trust = TrustFacts(anchors=AnchorSet(anchors=tuple(trusted)), evidence=evidence, at=at)
    opened = open_message(parse_message(raw), keyring or EmptyKeyring(), certificates=found)
    judgement = judge_opened(opened, trust, OrganisationRules()).judgement
    return Judged(opened=opened, judgement=judgement)


def certificates(path: Path) -> tuple[Certificate, ...]:
    return parse_certificates(path.read_bytes())


def keyring(key: Path, certificate: Path) -> SoftwareKeyring:
    return SoftwareKeyring([software_key(key, certificate)])


def software_key(key: Path, certificate: Path) -> SoftwareKey:
    private = private_key_from_file(key.read_bytes(), None)
    fitting = [one for one in certificates(certificate) if key_matches(one, private)]
    return SoftwareKey(private, fitting)


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "expected.tsv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
