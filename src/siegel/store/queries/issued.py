"""Serial numbers of our authorities: reserved once, completed with a certificate, revoked for ever.

``reserve`` must be called outside of a transaction: the row has to be on disk before anything is
signed with the number.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.ca.crl import RevocationReason, RevokedCertificate
from siegel.store import models
from siegel.store.authority_rows import IssuedRow, SerialStanding
from siegel.store.search_words import beginning_with
from siegel.store.text import clean
from siegel.store.transaction import conflicting

MOST = 1000  # rows of one answer
_HEX = frozenset("0123456789abcdef")


def reserve(authority: int, serial: int, *, at: datetime) -> None:
    """``Conflict`` if the authority has used or reserved the number before."""
    with conflicting("the serial number is taken; draw another one"):
        models.SerialNumber.objects.create(
            authority_id=authority, serial=_digits(serial), reserved_at=at
        )


def complete(authority: int, serial: int, fingerprint: str, profile: str) -> None:
    """The certificate that was signed with a reserved number; ``Conflict`` if it has one."""
    row = models.SerialNumber.objects.filter(
        authority=authority, serial=_digits(serial), certificate=None
    )
    if not row.update(certificate_id=fingerprint, profile=clean(profile, 64)):
        raise Conflict("the serial number is not reserved, or has a certificate already")


def revoke(fingerprint: str, reason: RevocationReason, *, by: str, at: datetime) -> None:
    """``NotFound`` for a certificate that no authority of ours issued, ``Conflict`` for one that is
    revoked already."""
    serial = models.SerialNumber.objects.filter(certificate=fingerprint).first()
    if serial is None:
        raise NotFound("no authority of ours has issued this certificate")
    with conflicting("the certificate is revoked already"):
        models.Revocation.objects.create(
            serial=serial, reason=reason.value, revoked_at=at, revoked_by=clean(by, 400)
        )


def revoked_by(authority: int) -> tuple[RevokedCertificate, ...]:
    """All revocations of an authority, in the order they were made."""
    asked = models.Revocation.objects.filter(serial__authority=authority).order_by("id")
    columns = ("serial__serial", "revoked_at", "reason", "serial__certificate__not_after")
    return tuple(
        RevokedCertificate(
            serial=int(serial, 16),
            revoked_at=revoked_at,
            reason=RevocationReason(reason),
            not_after=not_after,
        )
        for serial, revoked_at, reason, not_after in asked.values_list(*columns)
    )


def standing(authority: int, serial: int) -> SerialStanding:
    """What is known about a number that somebody asks for."""
    asked = models.SerialNumber.objects.filter(authority=authority, serial=_digits(serial))
    found = asked.values_list("certificate", "revocation__reason", "revocation__revoked_at").first()
    certificate, reason, revoked_at = found or (None, None, None)
    return SerialStanding(is_issued=certificate is not None, reason=reason, revoked_at=revoked_at)


def of_certificate(fingerprint: str) -> IssuedRow | None:
    found = _rows(Q(certificate=fingerprint))
    return found[0] if found else None


def of_address(address: EmailAddress, *, authorities: Iterable[int]) -> tuple[IssuedRow, ...]:
    """Certificates in use for the address that these authorities issued, the newest first."""
    links = models.CertificateAddress.objects.filter(address=str(address))
    named = Q(certificate__in=links.exclude(state="rejected").values("certificate"))
    return _rows(named & Q(authority__in=list(authorities)))


def revocations() -> dict[str, datetime]:
    """When certificates of authorities of ours were revoked, by fingerprint."""
    asked = models.Revocation.objects.exclude(serial__certificate__authorities=None)
    return dict(asked.values_list("serial__certificate", "revoked_at"))


def page(
    authority: int,
    *,
    search: str = "",
    limit: int = 50,
    after: int | None = None,
    before: int | None = None,
) -> tuple[IssuedRow, ...]:
    """What an authority issued, the newest first; to read on ``after`` a serial number, or the rows
    ``before`` it. ``search``: the beginning of an address, serial number or fingerprint, or a part
    of the name."""
    asked = Q(authority=authority) & ~Q(certificate=None) & _called(search)
    if after is not None:
        return _rows(asked & Q(pk__lt=_place(authority, after)), limit=limit)
    if before is not None:
        asked &= Q(pk__gt=_place(authority, before))
        return tuple(reversed(_rows(asked, limit=limit, order="pk")))
    return _rows(asked, limit=limit)


def _place(authority: int, serial: int) -> int:
    """0 for a number that nobody gave: behind everything, before nothing."""
    asked = models.SerialNumber.objects.filter(authority=authority, serial=_digits(serial))
    return asked.values_list("pk", flat=True).first() or 0


def _called(search: str) -> Q:
    wanted = clean(search.strip(), 200)
    if not wanted:
        return Q()
    if "@" in wanted:
        links = models.CertificateAddress.objects.filter(beginning_with("address", wanted.lower()))
        return Q(certificate__in=links.values("certificate"))
    named = Q(certificate__subject__icontains=wanted)
    digits = wanted.replace(":", "").replace(" ", "").lower()
    if not set(digits) - _HEX:
        named |= beginning_with("serial", digits.lstrip("0"))
        named |= beginning_with("certificate__fingerprint", digits)
    return named


def _rows(asked: Q, *, limit: int = MOST, order: str = "-pk") -> tuple[IssuedRow, ...]:
    key = models.PrivateKey.objects.filter(spki_sha256=OuterRef("certificate__spki_sha256"))
    found = (
        models.SerialNumber.objects.filter(asked)
        .select_related("certificate", "revocation")
        .annotate(has_key=Exists(key))
        .order_by(order)[:limit]
    )
    return tuple(_row(row) for row in found if row.certificate is not None)


def _row(row: models.SerialNumber) -> IssuedRow:
    revocation = getattr(row, "revocation", None)
    certificate = row.certificate
    if certificate is None:
        raise NotFound(f"the number {row.serial} was never used")
    return IssuedRow(
        authority=row.authority_id,
        serial=int(row.serial, 16),
        der=bytes(certificate.der),
        profile=row.profile,
        has_key=bool(getattr(row, "has_key", False)),
        reason=None if revocation is None else revocation.reason,
        revoked_at=None if revocation is None else revocation.revoked_at,
    )


def _digits(serial: int) -> str:
    return f"{serial:x}"
