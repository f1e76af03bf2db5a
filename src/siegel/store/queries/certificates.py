"""Certificates: adding, linking to addresses, finding, listing with their state."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.pki.certificate import Certificate
from siegel.store import models
from siegel.store.append_only import AppendOnlyQuerySet
from siegel.store.listed import list_certificate, serial_of
from siegel.store.models.certificate import LinkState, Source
from siegel.store.queries import candidates
from siegel.store.rows import CandidateRow, CertificateRow, LinkRow
from siegel.store.text import clean

__all__ = [
    "LinkState",
    "Source",
    "add",
    "by_fingerprint",
    "find",
    "for_addresses",
    "get",
    "in_use_for",
    "link",
    "listing",
    "sharing_addresses",
]

FOUND_AT_MOST = 50  # a search that yields more wants another search word
SHORTEST_PREFIX = 8  # hexadecimal digits of a fingerprint that mean one certificate, not many


def add(
    certificate: Certificate, *, source: Source, by: str, at: datetime, listed: bool = True
) -> bool:
    """Store it; True if it was not there yet.

    What people import or we issue is used for every address it names; a harvested certificate
    only for the sender it came from (``link``), and public roots for none. ``listed`` False: no
    page shows it and nobody is told of its end, because nobody has anything to do with it.
    """
    _, new = models.Certificate.objects.get_or_create(
        fingerprint=certificate.fingerprint,
        defaults={
            "der": certificate.der,
            "subject": clean(certificate.subject, 500),
            "issuer": clean(certificate.issuer, 500),
            "serial": serial_of(certificate),
            "subject_sha256": hashlib.sha256(certificate.subject_der).hexdigest(),
            "issuer_sha256": hashlib.sha256(certificate.issuer_der).hexdigest(),
            "spki_sha256": certificate.spki_sha256,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
            "is_ca": certificate.is_ca,
            "source": source,
            "added_at": at,
            "added_by": clean(by, 400),
        },
    )
    if listed:
        list_certificate(certificate, source)
    if source in (Source.IMPORTED, Source.ISSUED):
        for address in certificate.addresses:
            link(certificate.fingerprint, address, by=by, at=at)
    return new


def link(
    fingerprint: str,
    address: EmailAddress,
    *,
    by: str,
    at: datetime,
    state: LinkState = LinkState.LINKED,
    seen_at: datetime | None = None,
) -> bool:
    """Use the certificate for ``address``; True if that is new.

    A person's word (``state`` other than LINKED) replaces the state; a link by import or harvest
    never revives one that a person rejected. ``seen_at``: it came with mail then.
    """
    row, new = models.CertificateAddress.objects.get_or_create(
        certificate_id=fingerprint,
        address=str(address),
        defaults={
            "state": state,
            "linked_by": clean(by, 400),
            "linked_at": at,
            "last_seen_at": seen_at,
        },
    )
    if not new and state is not LinkState.LINKED:
        row.state, row.linked_by, row.linked_at = state, clean(by, 400), at
        row.save(update_fields=["state", "linked_by", "linked_at"])
    if not new and seen_at is not None:
        _seen(row.pk, seen_at)
    return new


def _seen(link_id: int, at: datetime) -> None:
    models.CertificateAddress.objects.filter(
        Q(last_seen_at=None) | Q(last_seen_at__lt=at), pk=link_id
    ).update(last_seen_at=at)


def exactly(fingerprint: str) -> tuple[CertificateRow, ...]:
    """The one of this whole fingerprint, or none."""
    return _rows(models.Certificate.objects.filter(fingerprint=fingerprint))


def get(fingerprint: str) -> CertificateRow:
    found = _rows(models.Certificate.objects.filter(fingerprint=fingerprint.lower()))
    if not found:
        raise NotFound(f"no certificate {fingerprint}")
    return found[0]


def by_fingerprint(fingerprints: Iterable[str]) -> Mapping[str, CertificateRow]:
    """Those of them that are there; two queries for any number."""
    asked = list(fingerprints)
    found = models.Certificate.objects.filter(fingerprint__in=asked)
    return {row.fingerprint: row for row in _rows(found, limit=len(asked))}


def in_use_for(
    addresses: Iterable[EmailAddress],
) -> Mapping[EmailAddress, tuple[CertificateRow, ...]]:
    """Certificates in use for each address; three queries for any number of them."""
    asked = {str(address): address for address in addresses}
    links = models.CertificateAddress.objects.exclude(state=LinkState.REJECTED)
    pairs = links.filter(address__in=list(asked)).order_by("-certificate__not_after", "id")
    found = list(pairs.values_list("address", "certificate_id"))
    rows = by_fingerprint({fingerprint for _, fingerprint in found})
    held: dict[str, list[CertificateRow]] = {text: [] for text in asked}
    for text, fingerprint in found:
        held[text].append(rows[fingerprint])
    return {address: tuple(held[text]) for text, address in asked.items()}


def sharing_addresses(fingerprint: str) -> tuple[CertificateRow, ...]:
    """Other certificates in use for an address of this one, the newest first."""
    links = models.CertificateAddress.objects.exclude(state=LinkState.REJECTED)
    mine = links.filter(certificate=fingerprint).values("address")
    others = links.filter(address__in=mine).exclude(certificate=fingerprint)
    found = models.Certificate.objects.filter(fingerprint__in=others.values("certificate"))
    return _rows(found, limit=FOUND_AT_MOST)


def find(text: str) -> tuple[CertificateRow, ...]:
    """By fingerprint (colons and spaces allowed, or its beginning), address, or words of the
    subject or serial number; the newest first."""
    word = clean(text.strip(), 500)
    digits = word.replace(":", "").replace(" ", "").lower()
    asked = (
        Q(subject__icontains=word) | Q(serial=digits.lstrip("0")) | Q(links__address=word.lower())
    )
    if len(digits) >= SHORTEST_PREFIX and not set(digits) - set("0123456789abcdef"):
        asked |= Q(fingerprint__startswith=digits)
    matching = models.Certificate.objects.filter(asked).values("fingerprint")
    return _rows(models.Certificate.objects.filter(fingerprint__in=matching), limit=FOUND_AT_MOST)


def listing(
    *,
    address: EmailAddress | None = None,
    has_private_key: bool | None = None,
    is_ca: bool | None = None,
    source: Source | None = None,
    limit: int = 1000,
    offset: int = 0,
) -> tuple[CertificateRow, ...]:
    """Certificates with their state, the newest first; each filter narrows."""
    asked = Q()
    if address is not None:
        names = (str(address), address.domain)
        bound = models.AddressBinding.objects.filter(name__in=names).values("certificate")
        linked = models.CertificateAddress.objects.filter(address=str(address))
        asked &= Q(fingerprint__in=bound) | Q(fingerprint__in=linked.values("certificate"))
    if is_ca is not None:
        asked &= Q(is_ca=is_ca)
    if source is not None:
        asked &= Q(source=source)
    if has_private_key is not None:
        key = Exists(models.PrivateKey.objects.filter(spki_sha256=OuterRef("spki_sha256")))
        asked &= Q(key) if has_private_key else ~Q(key)
    return _rows(models.Certificate.objects.filter(asked), limit=limit, offset=offset)


def roots(*, limit: int) -> tuple[bytes, ...]:
    """DER of the self-issued authorities of the store, the newest first."""
    found = models.Certificate.objects.filter(is_ca=True, subject_sha256=F("issuer_sha256"))
    ordered = found.order_by("-added_at", "fingerprint").values_list("der", flat=True)
    return tuple(bytes(der) for der in ordered[:limit])


def authorities_named(names: Iterable[str]) -> tuple[bytes, ...]:
    """DER of the authorities whose subjects have these digests."""
    found = models.Certificate.objects.filter(subject_sha256__in=list(names), is_ca=True)
    return tuple(bytes(der) for der in found.order_by("fingerprint").values_list("der", flat=True))


def for_addresses(
    addresses: Iterable[EmailAddress],
) -> Mapping[EmailAddress, tuple[CandidateRow, ...]]:
    """The certificates in use (and pending) for each address; every address is a key."""
    return candidates.for_addresses(addresses)


def _rows(
    asked: AppendOnlyQuerySet[models.Certificate], *, limit: int = 1, offset: int = 0
) -> tuple[CertificateRow, ...]:
    key = models.PrivateKey.objects.filter(spki_sha256=OuterRef("spki_sha256"))
    found = asked.annotate(
        has_private_key=Exists(key), key_archived=Exists(key.exclude(archived_at=None))
    ).order_by("-added_at", "fingerprint")
    certificates = list(found[offset : offset + limit])
    fingerprints = [each.fingerprint for each in certificates]
    links, with_account = _links(fingerprints)
    bound = _bound(fingerprints)
    return tuple(
        CertificateRow(
            fingerprint=row.fingerprint,
            der=bytes(row.der),
            subject=row.subject,
            issuer=row.issuer,
            serial=row.serial,
            spki_sha256=row.spki_sha256,
            not_before=row.not_before,
            not_after=row.not_after,
            is_ca=row.is_ca,
            source=row.source,
            added_at=row.added_at,
            added_by=row.added_by,
            has_private_key=row.has_private_key,
            key_archived=row.key_archived,
            has_account=row.fingerprint in with_account,
            links=tuple(links.get(row.fingerprint, ())),
            bound=tuple(bound.get(row.fingerprint, ())),
        )
        for row in certificates
    )


def _bound(fingerprints: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    asked = models.AddressBinding.objects.filter(certificate__in=fingerprints).order_by("name")
    for fingerprint, name in asked.values_list("certificate_id", "name"):
        found.setdefault(fingerprint, []).append(name)
    return found


def _links(fingerprints: list[str]) -> tuple[dict[str, list[LinkRow]], set[str]]:
    """The links of the certificates, and which of these have one to an active account."""
    accounts = models.MailAccount.objects.filter(active=True)
    owned = accounts.filter(address=OuterRef("address"))
    aliased = accounts.filter(granted__address=OuterRef("address"), granted__kind="alias")
    links: dict[str, list[LinkRow]] = {}
    with_account: set[str] = set()
    for row in (
        models.CertificateAddress.objects.filter(certificate__in=fingerprints)
        .annotate(has_account=Exists(owned) | Exists(aliased))
        .order_by("address")
    ):
        links.setdefault(row.certificate_id, []).append(_link(row))
        if row.has_account:
            with_account.add(row.certificate_id)
    return links, with_account


def _link(row: models.CertificateAddress) -> LinkRow:
    return LinkRow(
        address=EmailAddress.parse(row.address),
        state=row.state,
        linked_by=row.linked_by,
        linked_at=row.linked_at,
        last_seen_at=row.last_seen_at,
    )
