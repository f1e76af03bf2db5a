"""What foreign directories answered lately, and for whom they shall be asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.lookup_rows import LookupRow
from siegel.store.models import Lookup, WantedLookup
from siegel.store.text import clean

MAX_WANTED = 1000  # addresses that wait; whoever writes to more of them at once waits for nothing


def answers(
    addresses: Iterable[EmailAddress],
) -> Mapping[tuple[EmailAddress, str], LookupRow]:
    """The last answers, by address and source; one query."""
    spelled = {str(address): address for address in addresses}
    found = Lookup.objects.filter(address__in=list(spelled))
    return {
        (spelled[row.address], row.source): LookupRow(
            address=spelled[row.address],
            source=row.source,
            answer=row.answer,
            asked_at=row.asked_at,
        )
        for row in found
    }


def keep(address: EmailAddress, source: str, answer: str, *, by: str, at: datetime) -> None:
    Lookup.objects.update_or_create(
        address=str(address),
        source=source,
        defaults={"answer": answer, "asked_at": at, "asked_by": clean(by, 400)},
    )


def asked_since(source: str, since: datetime) -> int:
    """How many addresses a source was asked for."""
    return Lookup.objects.filter(source=source, asked_at__gte=since).count()


def forget_source(source: str) -> None:
    """It was changed or removed: what it said counts no more."""
    Lookup.objects.filter(source=source).delete()


def expire(*, before: datetime) -> int:
    return Lookup.objects.filter(asked_at__lt=before).delete()[0]


def want(addresses: Iterable[EmailAddress], *, by: str, at: datetime) -> None:
    """Let the worker ask for these; what waits already waits once. A full list takes no more."""
    asked = list(dict.fromkeys(addresses))
    if not asked:
        return
    room = MAX_WANTED - WantedLookup.objects.count()
    rows = [
        WantedLookup(address=str(address), wanted_by=clean(by, 400), wanted_at=at)
        for address in asked[: max(0, room)]
    ]
    WantedLookup.objects.bulk_create(rows, ignore_conflicts=True)


def wanted(*, limit: int) -> tuple[EmailAddress, ...]:
    """Those that wait longest."""
    found = WantedLookup.objects.order_by("wanted_at", "pk").values_list("address", flat=True)
    return tuple(EmailAddress.parse(text) for text in found[:limit])


def settle(addresses: Iterable[EmailAddress]) -> None:
    """They were asked for."""
    WantedLookup.objects.filter(address__in=[str(address) for address in addresses]).delete()
