"""Let go of what has passed its time: kept originals, journal, waiting certificates, records."""

from datetime import datetime, timedelta

from siegel.store.queries import deliveries, journal, locked, messages, pending, unknown_roots

ATTEMPTS_KEPT = timedelta(days=1)  # at a passphrase; they count for a quarter of an hour
RETRIES_END = timedelta(days=6)  # mail servers give up after five days (RFC 5321 §4.5.4.1)


def clear_due(at: datetime, *, journal_for: timedelta) -> dict[str, int]:
    """How many of each kind were removed. Certificates and keys are never among them."""
    return {
        "messages": messages.forget_due(at=at),
        "files": messages.sweep(at=at),
        "journal": journal.expire(before=at - journal_for),
        "pending": pending.expire(at=at),
        "unknown_roots": unknown_roots.expire(at=at),
        "attempts": locked.forget_attempts(before=at - ATTEMPTS_KEPT),
        "deliveries": deliveries.expire(before=at - RETRIES_END),
    }
