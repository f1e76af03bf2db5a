"""SMIMECapabilities by key: the attribute of the newest signature counts (RFC 8551 §2.7.1)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from siegel.store.models import Capability
from siegel.store.rows import CapabilityRow


def record(spki_sha256: str, *, signing_time: datetime, der: bytes) -> bool:
    """True if it is kept: the first of this key, or signed later than the one that is there."""
    row, new = Capability.objects.get_or_create(
        spki_sha256=spki_sha256, defaults={"signing_time": signing_time, "der": der}
    )
    older = Capability.objects.filter(pk=row.pk, signing_time__lt=signing_time)
    return new or bool(older.update(signing_time=signing_time, der=der))


def latest(spki_sha256s: Iterable[str]) -> Mapping[str, CapabilityRow]:
    found = Capability.objects.filter(spki_sha256__in=list(spki_sha256s))
    return {
        row.spki_sha256: CapabilityRow(signing_time=row.signing_time, der=bytes(row.der))
        for row in found
    }
