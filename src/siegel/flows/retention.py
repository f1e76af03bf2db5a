"""Let go of what has passed its time: kept originals, journal, waiting certificates, records."""

from datetime import datetime, timedelta

from siegel.flows.placing import FOREVER
from siegel.store.queries import (
    control_proofs,
    deliveries,
    journal,
    key_deliveries,
    locked,
    mail_retention,
    messages,
    outbox,
    partner_invitations,
    pending,
    robot_mail,
    unknown_roots,
)

ATTEMPTS_KEPT = timedelta(days=1)  # at a passphrase; they count for a quarter of an hour
NOWHERE_KEPT = timedelta(days=30)  # mail that lies in no folder; a folder may come back
SENT_KEPT = timedelta(days=30)  # what the outbox knows of it; the mail itself lies in Sent
COUNTED_FOR = timedelta(days=2)  # links that prove an address; how many are sent is counted by day
ENTRIES_KEPT = timedelta(days=90)  # tests and invitations that are over; the journal tells of them
RETRIES_END = timedelta(days=6)  # mail servers give up after five days (RFC 5321 §4.5.4.1)


def clear_due(at: datetime, *, journal_for: timedelta) -> dict[str, int]:
    """How many of each kind were removed. Certificates and keys are never among them."""
    return {
        "mail": _forget_mail(at),
        "messages": messages.forget_due(at=at),
        "files": messages.sweep(at=at),
        "journal": journal.expire(before=at - journal_for),
        "pending": pending.expire(at=at),
        "unknown_roots": unknown_roots.expire(at=at),
        "attempts": locked.forget_attempts(before=at - ATTEMPTS_KEPT),
        "key_deliveries": key_deliveries.let_go(at=at),
        "outbox": outbox.forget(before=at - SENT_KEPT),
        "control_links": control_proofs.forget(at=at, asked_before=at - COUNTED_FOR),
        "partner_invitations": partner_invitations.forget(ended_before=at - ENTRIES_KEPT),
        "tests": robot_mail.forget(ended_before=at - ENTRIES_KEPT),
        "deliveries": deliveries.expire(before=at - RETRIES_END),
    }


def _forget_mail(at: datetime) -> int:
    """Mail of accounts stays as long as it lies in a folder, and some time longer."""
    mail_retention.keep_found(forever=FOREVER)
    mail_retention.begin_to_forget(forever=FOREVER, until=at + NOWHERE_KEPT)
    return mail_retention.forget(at=at)
