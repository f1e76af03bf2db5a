"""Trace of the gateway: Received, the loop guard, and what must not come in from outside.

RFC 5321 §4.4 and §6.3; RFC 8601 §5 (foreign results under our name are removed). Every function
takes and gives raw fields (``header_fields.split_fields``); fields that are not meant keep every
octet. DKIM and ARC fields are never touched.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime

from siegel.transport.authentication_results import claims_our_name
from siegel.transport.envelope import Envelope
from siegel.transport.header_fields import folded, name_of, value_of, without_comments
from siegel.transport.subject_tags import without_tags

MAX_HOPS = (
    30  # RFC 5321 §6.3 asks for at least 100 of a server on the open Internet; we stand inside
)
MAX_OWN_HOPS = 3  # out, back in by a forwarding, and once more; a fourth time is a loop
OWN_PREFIX = "x-siegel-"
MAX_NAME = 200  # characters of a name that the client chose itself

_UNSAFE = re.compile(r"[^A-Za-z0-9._:\[\]-]")
_BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)


def received_field(envelope: Envelope, *, hostname: str, identifier: str, at: datetime) -> bytes:
    """The field to prepend. It names no recipient: that could be a Bcc."""
    origin = [f"from {_safe(envelope.helo)}", f"([{_safe(envelope.client)}])"]
    clause = [f"by {hostname}", f"with {envelope.protocol}", f"id {_safe(identifier)};"]
    return folded("Received", [*origin, *clause, format_datetime(at)])


def hop_count(fields: Iterable[bytes]) -> int:
    """How many servers say that they had the message."""
    return sum(name_of(field) == "received" for field in fields)


def has_looped(fields: Sequence[bytes], hostname: str) -> bool:
    """Too many hops at all, or too often through this host (reply ``replies.LOOP``)."""
    if hop_count(fields) > MAX_HOPS:
        return True
    received = (value_of(field) for field in fields if name_of(field) == "received")
    hosts = [found[1] for value in received for found in _BY.finditer(without_comments(value))]
    return [host.lower() for host in hosts].count(hostname.lower()) > MAX_OWN_HOPS


def strip_inbound(
    fields: Iterable[bytes], *, authserv_id: str, tags: Sequence[str]
) -> tuple[bytes, ...]:
    """The header without what only we may say: Authentication-Results under our name,
    ``X-Siegel-*`` in any spelling, and our subject tags, however disguised."""
    kept = (field for field in fields if not _is_ours_alone(field, authserv_id))
    return tuple(
        without_tags(field, tags) if name_of(field) == "subject" else field for field in kept
    )


def _is_ours_alone(field: bytes, authserv_id: str) -> bool:
    name = name_of(field)
    if name.startswith(OWN_PREFIX):
        return True
    return name == "authentication-results" and claims_our_name(value_of(field), authserv_id)


def _safe(text: str) -> str:
    """What the client said about itself, as an atom that cannot end anything."""
    return _UNSAFE.sub("?", text)[:MAX_NAME] or "unknown"
