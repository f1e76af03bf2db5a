"""A person answers what mail proposed: certificates that wait, and partners' new keys."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.policy.actions import Action
from siegel.store.queries import alerts, journal, pending
from siegel.store.transaction import together

CERTIFICATE, CHANGE = "certificate", "change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One question. ``fingerprint`` is of the certificate that came with mail."""

    kind: str
    number: int
    address: EmailAddress
    fingerprint: str
    previous: str | None
    seen_at: datetime
    why: str

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


def waiting() -> list[Waiting]:
    """Changes of keys first: mail may already go to the new one."""
    changes = [
        Waiting(
            kind=CHANGE,
            number=row.id,
            address=row.address,
            fingerprint=row.current,
            previous=row.previous,
            seen_at=row.seen_at,
            why="another key than before",
        )
        for row in alerts.open_alerts()
    ]
    return changes + [
        Waiting(
            kind=CERTIFICATE,
            number=row.id,
            address=row.address,
            fingerprint=row.fingerprint,
            previous=None,
            seen_at=row.seen_at,
            why=", ".join(row.reasons) or "not learned by itself",
        )
        for row in pending.pending_for()
    ]


def answer(kind: str, number: int, *, accepted: bool, by: str, at: datetime) -> None:
    """Raises ``NotFound`` for what does not wait (any more)."""
    store = alerts if kind == CHANGE else pending
    with together():
        (store.confirm if accepted else store.reject)(number, by=by, at=at)
        journal.write(
            at=at,
            actor=by,
            action=Action(f"partner.{kind}_{'accepted' if accepted else 'refused'}"),
            about=str(number),
        )
