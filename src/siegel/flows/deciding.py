"""Decisions about trust: made by a person, with the fingerprint that was compared."""

from collections.abc import Iterable
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.flows import unknown_roots
from siegel.flows.public_roots import in_force
from siegel.pki.certificate import Certificate
from siegel.pki.fingerprints import normalised
from siegel.policy.actions import Action
from siegel.store.queries import certificates, journal, trust
from siegel.store.queries.certificates import Source
from siegel.store.queries.trust import Decision
from siegel.store.rows import CertificateRow
from siegel.store.transaction import together


def trust_by_hand(
    name: str,
    fingerprint: str,
    *,
    channel: str,
    why: str,
    domains: Iterable[str],
    by: str,
    at: datetime,
) -> CertificateRow:
    """„… indem Sie es auf verifiziert stellen“: only with the very fingerprint.

    Raises ``Conflict`` when what was compared is not the certificate that is here.
    """
    certificate = find(name, at=at)
    compared = normalised(fingerprint)
    if compared != certificate.fingerprint:
        raise Conflict(f"the fingerprint differs: this certificate has {certificate.fingerprint}")
    if not certificate.is_ca:
        raise Conflict("only the certificate of an authority can be trusted to vouch for others")
    with together():
        row = _taken_over(certificate, by, at)
        trust.decide(
            row.fingerprint,
            Decision.TRUSTED,
            who=by,
            when=at,
            why=why,
            domains=folded(domains),
            compared_fingerprint=compared,
            channel=channel,
        )
        _note(Action.TRUST_TRUSTED, row, by, at)
    return row


def distrust(name: str, *, why: str, by: str, at: datetime) -> CertificateRow:
    return _decided(find(name, at=at), Decision.DISTRUSTED, why, by, at)


def withdraw(name: str, *, why: str, by: str, at: datetime) -> CertificateRow:
    return _decided(find(name, at=at), Decision.WITHDRAWN, why, by, at)


def find(name: str, *, at: datetime) -> Certificate:
    """The certificate a person means: one of the store, of the inbox of unknown roots, or a public
    root. Nothing is taken over by being found.

    Raises ``NotFound``, which says how many were meant otherwise.
    """
    mark = normalised(name)
    stored = certificates.exactly(mark) or certificates.find(name)
    if len(stored) == 1:
        return stored[0].certificate
    if not stored and len(mark) >= certificates.SHORTEST_PREFIX:
        waiting = unknown_roots.one(mark)
        if waiting is not None and waiting.certificate is not None:
            return waiting.certificate
        if waiting is not None:
            raise NotFound(f"only the name is known ({waiting.name}): import its certificate first")
        public = [a.certificate for a in in_force(at).anchors]
        named = [one for one in public if one.fingerprint.startswith(mark)]
        if len(named) == 1:
            return named[0]
    raise NotFound(f"{len(stored)} certificates are called {name!r}; give the fingerprint")


def folded(domains: Iterable[str]) -> frozenset[str]:
    """As addresses spell them: A-labels in lower case. Raises ``MalformedAddress``."""
    return frozenset(EmailAddress.parse(f"x@{domain.strip()}").domain for domain in domains)


def overview(*, public: bool, at: datetime) -> list[dict[str, object]]:
    """Decisions in force, then (if asked) the public roots no decision is about."""
    decided = trust.decisions()
    rows: list[dict[str, object]] = [
        {
            "sha256": row.fingerprint,
            "decision": row.decision,
            "subject": certificates.get(row.fingerprint).subject if row.der else None,
            "domains": sorted(row.domains),
            "who": row.who,
            "when": row.when.isoformat(),
            "why": row.why,
            "channel": row.channel,
        }
        for row in decided
    ]
    about = {row.fingerprint for row in decided}
    shipped = [a.certificate for a in in_force(at).anchors] if public else []
    rows += [
        {
            "sha256": certificate.fingerprint,
            "decision": "public",
            "subject": certificate.subject,
            "domains": [],
            "who": None,
            "when": None,
            "why": None,
            "channel": None,
        }
        for certificate in shipped
        if certificate.fingerprint not in about
    ]
    return rows


def _decided(
    certificate: Certificate, decision: Decision, why: str, by: str, at: datetime
) -> CertificateRow:
    with together():
        row = _taken_over(certificate, by, at)
        trust.decide(row.fingerprint, decision, who=by, when=at, why=why)
        _note(Action(f"trust.{decision.value}"), row, by, at)
    return row


def _taken_over(certificate: Certificate, by: str, at: datetime) -> CertificateRow:
    """Into the store, if it is not there: from the inbox by the person who decides, or a public
    root."""
    public = {anchor.certificate.fingerprint for anchor in in_force(at).anchors}
    source = Source.PUBLIC if certificate.fingerprint in public else Source.IMPORTED
    certificates.add(certificate, source=source, by=by, at=at)
    return certificates.get(certificate.fingerprint)


def _note(action: Action, row: CertificateRow, by: str, at: datetime) -> None:
    detail = {"fingerprint": row.fingerprint}
    journal.write(at=at, actor=by, action=action, about=row.subject, detail=detail)
