"""Certificates with their state: what each may be used for today, and what stands against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.flows.trusting import trust_facts
from siegel.pki.certificate import Certificate
from siegel.pki.identity import CertifiedIdentity, certified_identity
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathStatus, PathVerdict
from siegel.pki.verdict import Purpose as PathPurpose
from siegel.policy.reasons import Obstacle
from siegel.policy.rules import OrganisationRules
from siegel.policy.standing import (
    Seen,
    Standing,
    against_its_use,
    standing_of,
    standing_of_authority,
)
from siegel.policy.usability import Candidate, Purpose, is_revoked, obstacles
from siegel.store.queries import certificates as store
from siegel.store.queries import organisation
from siegel.store.queries.certificates import LinkState
from siegel.store.rows import CertificateRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateState:
    """A row of the store, judged. ``signing`` is None for certificates of others; ``against`` is
    what stands in the way of what the certificate is made for."""

    row: CertificateRow
    path: PathVerdict
    chain: tuple[Certificate, ...]
    signing: tuple[Obstacle, ...] | None
    encryption: tuple[Obstacle, ...]
    against: tuple[Obstacle, ...]
    standing: Standing

    @property
    def identity(self) -> CertifiedIdentity:
        """Checked by its authority, as far as that is trusted now."""
        trusted = self.path.status is PathStatus.VALID and not is_revoked(self.path)
        return certified_identity(self.row.certificate, trusted=trusted)

    @property
    def state_text(self) -> str:
        """For people at the command line, in the words of the code."""
        if self.row.is_ca:
            return f"authority, path {self.path.status.value}"
        against = self.signing if self.signing is not None else self.encryption
        return "usable" if not against else ", ".join(against)

    def to_json(self) -> dict[str, object]:
        row, certificate = self.row, self.row.certificate
        return {
            "sha256": row.fingerprint,
            "subject": row.subject,
            "issuer": row.issuer,
            "serial": row.serial,
            "addresses": [str(address) for address in certificate.addresses],
            "linked": [str(link.address) for link in row.links],
            "bound_by_administration": list(row.bound),
            "not_before": row.not_before.isoformat(),
            "not_after": row.not_after.isoformat(),
            "key": certificate.key_kind.value,
            "key_bits": certificate.key_bits,
            "key_name": certificate.key_name,
            "is_ca": row.is_ca,
            "has_private_key": row.has_private_key,
            "has_account": row.has_account,
            "source": row.source,
            "added_at": row.added_at.isoformat(),
            "added_by": row.added_by,
            "path": self.path.status.value,
            "path_reasons": [reason.finding.value for reason in self.path.reasons],
            "revocation": self.path.revocation.value,
            "identity": dict(self.identity.to_json()),
            "signing_obstacles": None if self.signing is None else list(self.signing),
            "encryption_obstacles": list(self.encryption),
            "standing": self.standing.value,
        }

    def lines(self) -> list[tuple[str, str]]:
        return [(name.replace("_", " "), _shown(value)) for name, value in self.to_json().items()]


def listing(address: str | None, *, own_only: bool, at: datetime) -> list[CertificateState]:
    """All certificates, or those of one address or with a private key here."""
    rows = store.listing(
        address=EmailAddress.parse(address) if address else None,
        has_private_key=True if own_only else None,
    )
    return judged(rows, at)


def one(name: str, *, at: datetime) -> CertificateState:
    """The certificate a person means; ``NotFound`` says how many were meant otherwise."""
    found = store.find(name)
    if len(found) != 1:
        raise NotFound(f"{len(found)} certificates are called {name!r}; give the fingerprint")
    return judged(found, at)[0]


def judged(rows: Iterable[CertificateRow], at: datetime) -> list[CertificateState]:
    """Rows with their state, in the same order; the number of queries does not depend on theirs."""
    known = tuple(rows)
    trust = trust_facts((row.certificate for row in known), at)
    rules = organisation.get_rules()
    return [state_of(row, trust, rules, at) for row in known]


def state_of(
    row: CertificateRow, trust: TrustFacts, rules: OrganisationRules, at: datetime
) -> CertificateState:
    """One row, judged with what was gathered for it."""
    certificate = row.certificate
    if row.is_ca:
        path = trust.verdict_on_authority(certificate)
    else:
        path = trust.verdict(certificate, PathPurpose.ANY)
    by_fingerprint = {c.fingerprint: c for c in trust.evidence.intermediates}
    candidate = Candidate(
        certificate=certificate,
        path=path,
        has_private_key=row.has_private_key,
        has_account=row.has_account,
        linked_to=frozenset(map(_somebody, row.bound)),
    )
    address = next(iter((*certificate.addresses, *candidate.linked_to)), _NOBODY)
    own = row.has_private_key
    signing = obstacles(candidate, address, Purpose.SIGN, at, rules) if own else None
    encryption = obstacles(candidate, address, Purpose.ENCRYPT, at, rules)
    against = against_its_use(certificate, signing, encryption)
    return CertificateState(
        row=row,
        path=path,
        chain=tuple(by_fingerprint[f] for f in path.path[1:] if f in by_fingerprint),
        signing=signing,
        encryption=encryption,
        against=against,
        standing=_standing(row, path, against, at),
    )


def _standing(
    row: CertificateRow, path: PathVerdict, against: tuple[Obstacle, ...], at: datetime
) -> Standing:
    if row.is_ca:
        return standing_of_authority(row.certificate, path, at)
    refused = bool(row.links) and all(link.state == LinkState.REJECTED for link in row.links)
    seen = Seen(
        certificate=row.certificate,
        path=path,
        against=against,
        archived=row.key_archived,
        refused=refused,
    )
    return standing_of(seen, at)


_NOBODY = EmailAddress(local="", domain="")


def _somebody(bound: str) -> EmailAddress:
    """The address that a certificate is bound to, or somebody in the domain."""
    return EmailAddress.parse(bound) if "@" in bound else EmailAddress(local="", domain=bound)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {one}" for name, one in value.items() if one)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "-"
    return "-" if value is None else str(value)
