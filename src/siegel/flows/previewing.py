"""What would change if somebody decided: certificates, addresses and mail of the last weeks.

Nothing is written. How many questions the store is asked does not depend on how much it holds, and
what is looked at has a bound; ``complete`` says whether it was enough.
"""

from dataclasses import dataclass
from datetime import datetime

from siegel.flows import unknown_roots
from siegel.flows.trusting import Standing, facts_under, standing
from siegel.pki.certificate import Certificate
from siegel.policy.consequences import Consequence, consequences
from siegel.policy.trust import Trust, TrustDecision
from siegel.store.queries import below, message_signers, pending
from siegel.store.rows import PendingRow, StoredMessageRow

MOST_CERTIFICATES = 500  # of each kind; judged twice, they take about a second
MOST_MESSAGES = 100  # named in a preview; the decision itself looks at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a decision about ``root`` changes.

    ``addresses``: whom the stored certificates that change are used for. ``waiting``: certificates
    that wait for a person and change; of these ``only_trust`` would be used at once. ``messages``:
    kept mail signed with what changes.
    """

    root: Certificate
    trust: Trust
    domains: frozenset[str]
    certificates: tuple[Consequence, ...]
    waiting: tuple[tuple[PendingRow, Consequence], ...]
    addresses: tuple[str, ...]
    messages: tuple[StoredMessageRow, ...]
    complete: bool

    @property
    def changes_nothing(self) -> bool:
        return not (self.certificates or self.waiting or self.messages)

    def to_json(self) -> dict[str, object]:
        return {
            "sha256": self.root.fingerprint,
            "subject": self.root.subject,
            "as": self.trust.value,
            "domains": sorted(self.domains),
            "certificates": [_as_json(one) for one in self.certificates],
            "waiting": [
                {**_as_json(one), "address": str(row.address), "only_trust": row.only_trust}
                for row, one in self.waiting
            ],
            "addresses": list(self.addresses),
            "messages": [
                {
                    "sha256": row.sha256,
                    "received_at": row.received_at.isoformat(),
                    "envelope_from": row.envelope_from,
                    "message_id": row.message_id,
                }
                for row in self.messages
            ],
            "complete": self.complete,
        }


def preview(root: Certificate, trust: Trust, domains: frozenset[str], *, at: datetime) -> Preview:
    """As if it were decided at this moment."""
    now = standing(at)
    decision = TrustDecision(certificate=root, trust=trust, at=at, domains=domains or None)
    names = below.names_below([root])
    stored = below.certificates(names, limit=MOST_CERTIFICATES)
    waiting = pending.issued_under(names, limit=MOST_CERTIFICATES)
    found = _compared((*stored, *(row.certificate for row in waiting)), names, now, decision, at)
    changed = {one.certificate.fingerprint: one for one in found}
    messages = message_signers.signed_by(changed, at=at, limit=MOST_MESSAGES)
    in_use = {one.fingerprint for one in stored} & changed.keys()
    return Preview(
        root=root,
        trust=trust,
        domains=domains,
        certificates=tuple(one for one in found if one.certificate.fingerprint in in_use),
        waiting=tuple(
            (row, changed[row.fingerprint]) for row in waiting if row.fingerprint in changed
        ),
        addresses=tuple(sorted({a for used in below.links(in_use).values() for a in used})),
        messages=messages,
        complete=max(len(stored), len(waiting)) < MOST_CERTIFICATES
        and len(messages) < MOST_MESSAGES,
    )


def _compared(
    asked: tuple[Certificate, ...],
    names: frozenset[str],
    now: Standing,
    decision: TrustDecision,
    at: datetime,
) -> tuple[Consequence, ...]:
    """With the authorities that are kept with unknown roots: the decision brings them into use."""
    facts = facts_under(now, asked, at).with_more(unknown_roots.below(names), ())
    return consequences(asked, facts, facts.under(now.after(decision).anchors(at)))


def _as_json(one: Consequence) -> dict[str, object]:
    return {
        "sha256": one.certificate.fingerprint,
        "subject": one.certificate.subject,
        "addresses": [str(address) for address in one.certificate.addresses],
        "before": one.before.status.value,
        "after": one.after.status.value,
        "reasons": [reason.finding.value for reason in one.after.reasons],
    }
