"""Signs of life, counters that only grow, and which state of each health check was told."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from siegel.store.models import Alarm, Pulse, Tally
from siegel.store.rows import AlarmRow, PulseRow
from siegel.store.text import Json, clean_json


def beat(name: str, detail: Mapping[str, Json] | None = None, *, at: datetime) -> None:
    """It happened again; only the last time is kept."""
    Pulse.objects.update_or_create(
        name=name, defaults={"at": at, "detail": clean_json(detail or {})}
    )


def pulses() -> Mapping[str, PulseRow]:
    return {
        row.name: PulseRow(name=row.name, at=row.at, detail=row.detail)
        for row in Pulse.objects.all()
    }


def count(amounts: Mapping[str, float]) -> None:
    """Add to the counters; unknown ones begin at nought. All of them or none."""
    with transaction.atomic():
        for name, amount in sorted(amounts.items()):
            if not Tally.objects.filter(name=name).update(amount=F("amount") + amount):
                row, new = Tally.objects.get_or_create(name=name, defaults={"amount": amount})
                if not new:
                    Tally.objects.filter(pk=row.pk).update(amount=F("amount") + amount)


def tallies(beginning: str = "") -> Mapping[str, float]:
    found = Tally.objects.filter(name__startswith=beginning).order_by("name")
    return dict(found.values_list("name", "amount"))


def alarms() -> Mapping[str, AlarmRow]:
    return {
        row.check_name: AlarmRow(
            check=row.check_name,
            state=row.state,
            since=row.since,
            told=row.told,
            tried_at=row.tried_at,
        )
        for row in Alarm.objects.all()
    }


def put_alarm(row: AlarmRow) -> None:
    Alarm.objects.update_or_create(
        check_name=row.check,
        defaults={
            "state": row.state,
            "since": row.since,
            "told": row.told,
            "tried_at": row.tried_at,
        },
    )
