"""Decisions about trust: made by a person, with the fingerprint that was compared."""

from collections.abc import Iterable
from datetime import datetime

from siegel.base.errors import Conflict, NotFound
from siegel.flows.public_roots import in_force
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
    row = _the_one(name)
    compared = "".join(fingerprint.replace(":", "").split()).lower()
    if compared != row.fingerprint:
        raise Conflict(f"the fingerprint differs: this certificate has {row.fingerprint}")
    if not row.is_ca:
        raise Conflict("only the certificate of an authority can be trusted to vouch for others")
    with together():
        trust.decide(
            row.fingerprint,
            Decision.TRUSTED,
            who=by,
            when=at,
            why=why,
            domains=[domain.lower() for domain in domains],
            compared_fingerprint=compared,
            channel=channel,
        )
        _note(Action.TRUST_TRUSTED, row, by, at)
    return row


def distrust(name: str, *, why: str, by: str, at: datetime) -> str:
    """Subject of the certificate. A public root is taken into the store first."""
    row = _the_one(name, public=True, by=by, at=at)
    return _decided(row, Decision.DISTRUSTED, why, by, at)


def withdraw(name: str, *, why: str, by: str, at: datetime) -> str:
    return _decided(_the_one(name), Decision.WITHDRAWN, why, by, at)


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


def _decided(row: CertificateRow, decision: Decision, why: str, by: str, at: datetime) -> str:
    with together():
        trust.decide(row.fingerprint, decision, who=by, when=at, why=why)
        _note(Action(f"trust.{decision.value}"), row, by, at)
    return row.subject


def _the_one(
    name: str, *, public: bool = False, by: str = "", at: datetime | None = None
) -> CertificateRow:
    found = certificates.find(name)
    if not found and public and at is not None:
        for anchor in in_force(at).anchors:
            if anchor.certificate.fingerprint.startswith(name.lower().replace(":", "")):
                certificates.add(anchor.certificate, source=Source.PUBLIC, by=by, at=at)
                found = (certificates.get(anchor.certificate.fingerprint),)
    if len(found) != 1:
        raise NotFound(f"{len(found)} certificates are called {name!r}; give the fingerprint")
    return found[0]


def _note(action: Action, row: CertificateRow, by: str, at: datetime) -> None:
    detail = {"fingerprint": row.fingerprint}
    journal.write(at=at, actor=by, action=action, about=row.subject, detail=detail)
