"""Authorities of our own: their rows, their keys as sealed, the lists they issued."""

from datetime import datetime

from django.db.models import Count, F, Max, Q, Window
from django.db.models.functions import RowNumber

from siegel.base.errors import NotFound
from siegel.store import models
from siegel.store.authority_rows import AuthorityRow, CrlIssueRow, IssuedCounts, NewAuthority
from siegel.store.models.authority import AuthorityKind
from siegel.store.search_words import beginning_with
from siegel.store.text import clean
from siegel.store.transaction import conflicting

__all__ = ["AuthorityKind", "add", "all_rows", "certify", "get", "named"]


def add(
    new: NewAuthority,
    *,
    spki_sha256: str,
    parent: int | None,
    fingerprint: str | None,
    by: str,
    at: datetime,
) -> int:
    """``Conflict`` if there is one of this name. Key and certificate are stored before."""
    with conflicting(f"there is an authority {new.name} already"):
        row = models.Authority.objects.create(
            name=clean(new.name, 500),
            kind=new.kind,
            key_id=spki_sha256,
            certificate_id=fingerprint,
            parent_id=parent,
            organisation=clean(new.organisation, 500),
            country=new.country,
            identifier=clean(new.identifier, 500),
            policy=new.policy,
            domains=list(new.domains),
            publish_at=new.publish_at,
            created_by=clean(by, 400),
            created_at=at,
        )
    return row.pk


def certify(authority: int, fingerprint: str) -> None:
    """The certificate it has from now on: its first, or that of its renewal."""
    models.Authority.objects.filter(pk=authority).update(certificate_id=fingerprint)


def all_rows() -> tuple[AuthorityRow, ...]:
    """In the order they were made; a fixed number of queries."""
    return _rows(Q())


def get(authority: int) -> AuthorityRow:
    found = _rows(Q(pk=authority))
    if not found:
        raise NotFound(f"no authority {authority}")
    return found[0]


def named(name: str) -> AuthorityRow:
    """By its name, or by a part of it that only one has."""
    found = _rows(Q(name=name)) or _rows(Q(name__icontains=name))
    if len(found) != 1:
        raise NotFound(f"{len(found)} authorities are called {name!r}")
    return found[0]


def with_key(spki_sha256: str) -> AuthorityRow | None:
    """The authority whose key this is."""
    found = _rows(Q(key=spki_sha256))
    return found[0] if found else None


def marked(mark: str) -> AuthorityRow | None:
    """The one whose key's name begins so: what its published addresses call it."""
    found = _rows(beginning_with("key__spki_sha256", mark))
    return found[0] if len(found) == 1 else None


def counts() -> dict[int, IssuedCounts]:
    """What each authority has issued and revoked; those that issued nothing are left out."""
    counted = (
        models.SerialNumber.objects.exclude(certificate=None)
        .values("authority")
        .annotate(issued=Count("pk"), revoked=Count("revocation"))
    )
    return {
        row["authority"]: IssuedCounts(issued=row["issued"], revoked=row["revoked"])
        for row in counted
    }


def holds(spki_sha256: str) -> bool:
    """Whether this is the key of an authority of ours, or of one of its responders."""
    keys = models.PrivateKey.objects.filter(spki_sha256=spki_sha256)
    responders = models.OcspSigner.objects.filter(key=spki_sha256)
    return keys.exclude(authority=None).exists() or responders.exists()


def last_list(authority: int) -> CrlIssueRow | None:
    row = models.CrlIssue.objects.filter(authority=authority).order_by("-number").first()
    return None if row is None else _list(row)


def last_lists() -> dict[int, CrlIssueRow]:
    """The newest list of every authority that has one."""
    newest = Window(RowNumber(), partition_by=F("authority"), order_by=F("number").desc())
    found = models.CrlIssue.objects.annotate(place=newest).filter(place=1)
    return {row.authority_id: _list(row) for row in found}


def last_list_of_key(mark: str) -> CrlIssueRow | None:
    """The newest list of the authority that published addresses call so."""
    asked = models.CrlIssue.objects.filter(beginning_with("authority__key__spki_sha256", mark))
    row = asked.order_by("-number").first()
    return None if row is None else _list(row)


def lock(authority: int) -> None:
    """Until the end of the transaction nobody else issues a list of this authority. SQLite has one
    writer anyway."""
    models.Authority.objects.select_for_update().filter(pk=authority).first()


def add_list(
    authority: int, number: int, der: bytes, *, this_update: datetime, next_update: datetime
) -> None:
    with conflicting(f"there is a list {number} of this authority already"):
        models.CrlIssue.objects.create(
            authority_id=authority,
            number=number,
            der=der,
            this_update=this_update,
            next_update=next_update,
        )


def without_list_since(moment: datetime, *, kind: AuthorityKind) -> tuple[AuthorityRow, ...]:
    """Authorities that can sign and whose last list is older, or that have none."""
    asked = models.Authority.objects.filter(kind=kind).exclude(certificate=None)
    newest = asked.annotate(newest=Max("lists__this_update"))
    due = newest.filter(Q(newest=None) | Q(newest__lte=moment)).values_list("pk", flat=True)
    return _rows(Q(pk__in=list(due)))


def add_responder(authority: int, *, spki_sha256: str, fingerprint: str, at: datetime) -> None:
    models.OcspSigner.objects.create(
        authority_id=authority, key_id=spki_sha256, certificate_id=fingerprint, made_at=at
    )


def responder(authority: int) -> tuple[str, bytes] | None:
    """Name of the key and certificate (DER) of the newest responder."""
    asked = models.OcspSigner.objects.filter(authority=authority).order_by("-made_at", "-id")
    found = asked.values_list("key_id", "certificate__der").first()
    return None if found is None else (found[0], bytes(found[1]))


def _rows(asked: Q) -> tuple[AuthorityRow, ...]:
    found = models.Authority.objects.filter(asked).select_related("certificate").order_by("pk")
    return tuple(
        AuthorityRow(
            id=row.pk,
            name=row.name,
            kind=row.kind,
            spki_sha256=row.key_id,
            der=None if row.certificate is None else bytes(row.certificate.der),
            parent=row.parent_id,
            organisation=row.organisation,
            country=row.country,
            identifier=row.identifier,
            policy=row.policy,
            domains=tuple(row.domains),
            publish_at=row.publish_at,
            created_by=row.created_by,
            created_at=row.created_at,
        )
        for row in found
    )


def _list(row: models.CrlIssue) -> CrlIssueRow:
    return CrlIssueRow(
        authority=row.authority_id,
        number=row.number,
        der=bytes(row.der),
        this_update=row.this_update,
        next_update=row.next_update,
    )
