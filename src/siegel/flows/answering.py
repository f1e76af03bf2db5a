"""A person answers what mail proposed: certificates that wait, and partners' new keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows.trusting import trust_facts
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import PathVerdict, Purpose
from siegel.policy.actions import Action
from siegel.store.queries import alerts, candidates, certificates, figures, journal, pending
from siegel.store.queries.certificates import Source
from siegel.store.rows import AlertRow, CandidateRow, PendingRow
from siegel.store.transaction import together

CERTIFICATE, CHANGE = "certificate", "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One question. ``fingerprint`` is of the certificate that came with mail, or as ``source``
    says."""

    kind: str
    number: int
    address: EmailAddress
    fingerprint: str
    previous: str | None
    seen_at: datetime
    why: str
    source: str = Source.HARVESTED

    def to_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "number": self.number,
            "address": str(self.address),
            "sha256": self.fingerprint,
            "previous": self.previous,
            "seen_at": self.seen_at.isoformat(),
            "why": self.why,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Everything for an answer: what came, with the verdict on its path, beside what is in use.

    ``before`` is the certificate that it would stand beside or replace; None for a new partner.
    """

    waiting: Waiting
    certificate: Certificate
    path: PathVerdict
    before: Certificate | None
    before_path: PathVerdict | None


def question(kind: str, number: int, *, at: datetime) -> Question:
    """Raises ``NotFound`` for what does not wait (any more)."""
    asked = one(kind, number)
    known = candidates.for_addresses([asked.address])[asked.address]
    here = {row.fingerprint: row for row in known}
    if asked.fingerprint in here:
        certificate = here[asked.fingerprint].certificate
    else:
        certificate = certificates.get(asked.fingerprint).certificate
    before = _before(asked, known)
    facts = trust_facts([c for c in (certificate, before) if c is not None], at)
    return Question(
        waiting=asked,
        certificate=certificate,
        path=facts.verdict(certificate, Purpose.ANY),
        before=before,
        before_path=facts.verdict(before, Purpose.ANY) if before is not None else None,
    )


def _before(asked: Waiting, known: Iterable[CandidateRow]) -> Certificate | None:
    others = [row for row in known if not row.pending and row.fingerprint != asked.fingerprint]
    named = [row for row in others if row.fingerprint == asked.previous]
    newest = (named or others)[:1]
    return newest[0].certificate if newest else None


def waiting() -> list[Waiting]:
    """Changes of keys first: mail may already go to the new one. At most a thousand of each."""
    return [*changes(), *proposed()]


def counts() -> tuple[int, int]:
    """How many changes of keys, and how many certificates, wait for an answer."""
    return figures.open_alerts(), figures.pending_certificates()


def changes(*, limit: int = alerts.MAX_LISTED) -> list[Waiting]:
    return [_change(row) for row in alerts.open_alerts(limit=limit)]


def proposed(*, before: int | None = None, limit: int = pending.MAX_LISTED) -> list[Waiting]:
    """Certificates that wait; ``before``: to read on behind this number."""
    return [_certificate(row) for row in pending.pending_for(before=before, limit=limit)]


def answer(kind: str, number: int, *, accepted: bool, by: str, at: datetime) -> None:
    """Raises ``NotFound`` for what does not wait (any more).

    Who refuses a key refuses what came with it, too: a partner who signs with one key and receives
    with another proposes both in one mail. Accepted is only what was compared.
    """
    store = alerts if kind == CHANGE else pending
    with together():
        asked = one(kind, number)
        together_with = _from_the_same_mail(asked) if not accepted else ()
        for each in (asked, *together_with):
            (store.confirm if accepted else store.reject)(each.number, by=by, at=at)
            journal.write(
                at=at,
                actor=by,
                action=Action(f"partner.{kind}_{'accepted' if accepted else 'refused'}"),
                about=str(each.address),
                detail={"fingerprint": each.fingerprint, "previous": each.previous or ""},
            )


def one(kind: str, number: int) -> Waiting:
    """Raises ``NotFound`` for what does not wait (any more)."""
    if kind == CHANGE:
        return _change(alerts.get(number))
    return _certificate(pending.get(number))


def _change(row: AlertRow) -> Waiting:
    return Waiting(
        kind=CHANGE,
        number=row.id,
        address=row.address,
        fingerprint=row.current,
        previous=row.previous,
        seen_at=row.seen_at,
        why="another key than before",
    )


def _certificate(row: PendingRow) -> Waiting:
    return Waiting(
        kind=CERTIFICATE,
        number=row.id,
        address=row.address,
        fingerprint=row.fingerprint,
        previous=None,
        seen_at=row.seen_at,
        why=", ".join(row.reasons) or "not learned by itself",
        source=row.source,
    )


def _from_the_same_mail(asked: Waiting) -> tuple[Waiting, ...]:
    """What else of its kind waits for the same address since the same moment."""
    same = (asked.kind, asked.address, asked.seen_at)
    return tuple(
        each
        for each in waiting()
        if (each.kind, each.address, each.seen_at) == same and each.number != asked.number
    )
