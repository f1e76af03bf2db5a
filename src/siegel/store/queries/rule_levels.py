"""Rules of domains, partners and accounts, as far as they differ from the organisation's."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q

from siegel.base.address import EmailAddress
from siegel.policy.rule_levels import Level, RuleLayer, domains_of, layer
from siegel.policy.rules import Json
from siegel.store.models import LevelRules
from siegel.store.rows import LevelRow
from siegel.store.text import clean


def concerning(
    sender: EmailAddress | None, partners: Iterable[EmailAddress]
) -> tuple[RuleLayer, ...]:
    """What may have a say in a mail between these; one query."""
    addresses = tuple(dict.fromkeys(partners))
    domains = {name for address in addresses for name in domains_of(address)}
    asked = Q(level=Level.DOMAIN, name__in=list(domains))
    asked |= Q(level=Level.PARTNER, name__in=[str(address) for address in addresses])
    if sender is not None:
        asked |= Q(level=Level.ACCOUNT, name=str(sender))
    found = LevelRules.objects.filter(asked).order_by("level", "name")
    return tuple(layer(Level(row.level), row.name, row.rules) for row in found)


def page(*, after: int | None = None, limit: int = 50) -> tuple[LevelRow, ...]:
    """All of them, the newest first; ``after``: to read on behind a number."""
    asked = LevelRules.objects.all()
    if after is not None:
        asked = asked.filter(pk__lt=after)
    return tuple(_row(row) for row in asked.order_by("-pk")[:limit])


def get(level: Level, name: str) -> LevelRow | None:
    row = LevelRules.objects.filter(level=level, name=name).first()
    return None if row is None else _row(row)


def put(one: RuleLayer, *, by: str, at: datetime) -> None:
    """In place of what the name had; a layer without values goes."""
    named = LevelRules.objects.filter(level=one.level, name=one.name)
    if not one.values:
        named.delete()
        return
    LevelRules.objects.update_or_create(
        level=one.level,
        name=one.name,
        defaults={"rules": dict(one.values), "changed_by": clean(by, 400), "changed_at": at},
    )


def _row(row: LevelRules) -> LevelRow:
    values: Mapping[str, Json] = row.rules
    return LevelRow(
        id=row.pk,
        layer=layer(Level(row.level), row.name, values),
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
