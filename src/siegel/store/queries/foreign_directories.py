"""The directories an administrator entered: LDAP, certificate stores over HTTP, DNS."""

from datetime import datetime

from django.db.models import QuerySet

from siegel.base.errors import Conflict, NotFound
from siegel.store.lookup_rows import DirectoryRow, LdapSettings, Security, SettingsRow, StoreRow
from siegel.store.models import HttpStore, LdapDirectory, LookupSettings
from siegel.store.text import clean

DNS = "dns"  # the name that DNS goes by among sources


def ldap_listing(*, active: bool = False) -> tuple[DirectoryRow, ...]:
    """By name; ``active``: only those that are asked."""
    found = LdapDirectory.objects.order_by("name")
    return tuple(_ldap(row) for row in (found.filter(active=True) if active else found))


def ldap(number: int) -> DirectoryRow:
    return _ldap(_one(number))


def sealed(number: int) -> bytes:
    """The sealed password; empty where there is none."""
    return bytes(_one(number).sealed)


def put_ldap(
    number: int | None, settings: LdapSettings, sealed: bytes, *, by: str, at: datetime
) -> DirectoryRow:
    """Raises ``Conflict`` if another directory has the name."""
    row = LdapDirectory() if number is None else _one(number)
    if LdapDirectory.objects.filter(name=settings.name).exclude(pk=row.pk).exists():
        raise Conflict(f"there is a directory of the name {settings.name}")
    for name in ("name", "host", "base", "filter", "user", "note"):
        setattr(row, name, clean(getattr(settings, name)))
    row.port, row.security, row.active = settings.port, settings.security, settings.active
    row.domains, row.sealed = list(settings.domains), sealed
    row.problem, row.problem_at = "", None
    row.changed_by, row.changed_at = clean(by, 400), at
    row.save()
    return _ldap(row)


def remove_ldap(number: int) -> None:
    _one(number).delete()


def store_listing(*, active: bool = False) -> tuple[StoreRow, ...]:
    found = HttpStore.objects.order_by("name")
    return tuple(_store(row) for row in (found.filter(active=True) if active else found))


def store(number: int) -> StoreRow:
    return _store(_one_store(number))


def put_store(
    number: int | None,
    *,
    name: str,
    url: str,
    domains: tuple[str, ...],
    active: bool,
    note: str,
    by: str,
    at: datetime,
) -> StoreRow:
    row = HttpStore() if number is None else _one_store(number)
    if HttpStore.objects.filter(name=name).exclude(pk=row.pk).exists():
        raise Conflict(f"there is a store of the name {name}")
    row.name, row.url, row.note = clean(name), clean(url), clean(note)
    row.domains, row.active = list(domains), active
    row.problem, row.problem_at = "", None
    row.changed_by, row.changed_at = clean(by, 400), at
    row.save()
    return _store(row)


def remove_store(number: int) -> None:
    _one_store(number).delete()


def note_problem(source: str, problem: str, *, at: datetime) -> None:
    """What kept a source from answering, or that it answered (empty)."""
    kind, _, number = source.partition(":")
    found: QuerySet[LdapDirectory] | QuerySet[HttpStore]
    if kind == "ldap":
        found = LdapDirectory.objects.filter(pk=int(number))
    elif kind == "http":
        found = HttpStore.objects.filter(pk=int(number))
    else:
        return
    if problem:
        found.update(problem=problem, problem_at=at)
    else:
        found.exclude(problem="").update(problem="", problem_at=None)


def settings() -> SettingsRow:
    row = LookupSettings.objects.first() or LookupSettings()
    return SettingsRow(smimea=row.smimea, domain_asserts=row.domain_asserts)


def put_settings(given: SettingsRow) -> None:
    LookupSettings.objects.update_or_create(
        defaults={"smimea": given.smimea, "domain_asserts": given.domain_asserts}
    )


def _one(number: int) -> LdapDirectory:
    found = LdapDirectory.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(f"no directory {number}")
    return found


def _one_store(number: int) -> HttpStore:
    found = HttpStore.objects.filter(pk=number).first()
    if found is None:
        raise NotFound(f"no store {number}")
    return found


def _ldap(row: LdapDirectory) -> DirectoryRow:
    return DirectoryRow(
        id=row.pk,
        settings=LdapSettings(
            name=row.name,
            host=row.host,
            port=row.port,
            security=Security(row.security),
            base=row.base,
            filter=row.filter,
            user=row.user,
            domains=tuple(row.domains),
            active=row.active,
            note=row.note,
        ),
        has_password=bool(bytes(row.sealed)),
        problem=row.problem,
        problem_at=row.problem_at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _store(row: HttpStore) -> StoreRow:
    return StoreRow(
        id=row.pk,
        name=row.name,
        url=row.url,
        domains=tuple(row.domains),
        active=row.active,
        note=row.note,
        problem=row.problem,
        problem_at=row.problem_at,
    )
