"""The 256 runs of NIST's PKITS (Public Key Interoperability Test Suite, path validation).

The certificates and lists come with the package ``cryptography_vectors``. ``pkits_expected.tsv``
is our own table after the test descriptions of NIST's document (version 1.0.1): which certificates
and lists belong to a test, what the relying party asks for, and whether the path is valid. The
last column is what our own verdict says beyond that.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import cryptography_vectors

from siegel.base.errors import MalformedMessage
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.evidence import Evidence
from siegel.pki.path import validate
from siegel.pki.policies import ANY_POLICY, PolicyInput
from siegel.pki.usage import PathRules
from siegel.pki.verdict import PathVerdict

TABLE = Path(__file__).with_name("pkits_expected.tsv")
DATA = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
AT = datetime(2020, 1, 1, tzinfo=UTC)
NIST_POLICY = "2.16.840.1.101.3.2.1.48."
NOT_READ = "not a certificate"


@dataclass(frozen=True, slots=True)
class Run:
    number: str
    leaf: str
    authorities: tuple[str, ...]
    lists: tuple[str, ...]
    asked: str
    valid: bool
    ours: str

    @property
    def name(self) -> str:
        return f"{'ok' if self.valid else 'fail'}/{self.number}/{self.asked}"

    @property
    def policies(self) -> PolicyInput:
        words = self.asked.split()
        named = next((word[9:] for word in words if word.startswith("policies=")), None)
        return PolicyInput(
            acceptable=frozenset(NIST_POLICY + one for one in named.split("+"))
            if named
            else frozenset({ANY_POLICY}),
            require_explicit="explicit" in words,
            inhibit_mapping="no-mapping" in words,
            inhibit_any="no-any" in words,
        )


def runs() -> tuple[Run, ...]:
    lines = TABLE.read_text("utf-8").splitlines()
    return tuple(_run(line.split("\t")) for line in lines if not line.startswith("#"))


def _run(columns: list[str]) -> Run:
    number, leaf, authorities, lists, asked, expected, ours = columns
    above = _names(authorities)
    named = tuple(f"{one}CRL" for one in above) if lists == "=" else _names(lists)
    return Run(number, leaf, above, named, asked, expected == "valid", ours)


def _names(column: str) -> tuple[str, ...]:
    return () if column == "-" else tuple(column.split(","))


def judge(run: Run, junk: tuple[Certificate, ...] = ()) -> PathVerdict | None:
    """By RFC 5280 alone: PKITS has authorities as leaves, and nothing of mail. None: unreadable."""
    try:
        leaf = certificate(run.leaf)
        authorities = tuple(certificate(f"{one}Cert") for one in run.authorities)
    except MalformedMessage:
        return None
    lists = tuple(revocation_list(one) for one in ("TrustAnchorRootCRL", *run.lists))
    evidence = Evidence(intermediates=(*junk, *authorities), crls=lists)
    rules = PathRules(mail=False, policies=run.policies)
    return validate(leaf, anchors(), evidence, AT, rules=rules)


def told(verdict: PathVerdict | None) -> str:
    """A verdict in one line of the table."""
    if verdict is None:
        return NOT_READ
    reasons = [f"{one.finding}@{one.depth}" for one in verdict.reasons]
    return " ".join((verdict.status, verdict.revocation, *reasons))


@cache
def certificate(name: str) -> Certificate:
    return parse_certificate((DATA / "certs" / f"{name}.crt").read_bytes())


@cache
def revocation_list(name: str) -> bytes:
    return (DATA / "crls" / f"{name}.crl").read_bytes()


@cache
def anchors() -> AnchorSet:
    root = certificate("TrustAnchorRootCertificate")
    return AnchorSet(anchors=(TrustAnchor(certificate=root, source=AnchorSource.ORGANISATION),))
