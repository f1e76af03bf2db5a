"""Intermediates and revocation data the store already has; fetching them is done elsewhere."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from siegel.pki.certificate import Certificate
from siegel.store import models
from siegel.store.text import clean

LONGEST_PATH = 10  # certificates; public S/MIME hierarchies have three or four levels
MOST_INTERMEDIATES = 300  # certificates handed to one validation; the path builder takes no more


def intermediates(leaves: Iterable[Certificate]) -> tuple[bytes, ...]:
    """DER of the CA certificates that may lie above the leaves, found level by level by name.

    At most ``LONGEST_PATH`` queries, whatever the store holds.
    """
    wanted = {hashlib.sha256(leaf.issuer_der).hexdigest() for leaf in leaves}
    found: dict[str, bytes] = {}
    asked: set[str] = set()
    for _ in range(LONGEST_PATH):
        if not wanted or len(found) >= MOST_INTERMEDIATES:
            break
        asked |= wanted
        level = models.Certificate.objects.filter(subject_sha256__in=list(wanted), is_ca=True)
        rows = level.order_by("-not_before").values_list("fingerprint", "der", "issuer_sha256")
        wanted = set()
        for fingerprint, der, issuer in rows[: MOST_INTERMEDIATES - len(found)]:
            found[fingerprint] = bytes(der)
            wanted.add(issuer)
        wanted -= asked
    return tuple(found.values())


def add_crl(
    der: bytes,
    *,
    issuer: bytes,
    this_update: datetime,
    next_update: datetime | None,
    at: datetime,
    place: str = "",
) -> bool:
    """Keep the list if it is newer than the one of the same issuer (DER Name) and place."""
    row, new = models.Crl.objects.get_or_create(
        issuer_sha256=hashlib.sha256(issuer).hexdigest(),
        place=clean(place, 1000),
        defaults={
            "sha256": hashlib.sha256(der).hexdigest(),
            "der": der,
            "this_update": this_update,
            "next_update": next_update,
            "seen_at": at,
        },
    )
    if new:
        return True
    newer = models.Crl.objects.filter(pk=row.pk, this_update__lt=this_update)
    return bool(
        newer.update(
            sha256=hashlib.sha256(der).hexdigest(),
            der=der,
            this_update=this_update,
            next_update=next_update,
            seen_at=at,
        )
    )


def set_own_crl(
    der: bytes, *, issuer: bytes, this_update: datetime, next_update: datetime, at: datetime
) -> None:
    """The list that an authority of ours has just issued: the newest, also within one second."""
    models.Crl.objects.update_or_create(
        issuer_sha256=hashlib.sha256(issuer).hexdigest(),
        place="",
        defaults={
            "sha256": hashlib.sha256(der).hexdigest(),
            "der": der,
            "this_update": this_update,
            "next_update": next_update,
            "seen_at": at,
        },
    )


def crls_for(issuers: Iterable[bytes]) -> tuple[bytes, ...]:
    """The newest lists of the issuers (DER Names), whatever their age: policy weighs that."""
    names = [hashlib.sha256(issuer).hexdigest() for issuer in issuers]
    found = models.Crl.objects.filter(issuer_sha256__in=names).order_by("-this_update", "id")
    return tuple(bytes(der) for der in found.values_list("der", flat=True))


def add_ocsp(
    der: bytes,
    *,
    fingerprint: str,
    this_update: datetime,
    next_update: datetime | None,
    at: datetime,
) -> bool:
    """Keep the response about a certificate if it is newer than the one that is there."""
    row, new = models.OcspResponse.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "der": der,
            "this_update": this_update,
            "next_update": next_update,
            "seen_at": at,
        },
    )
    newer = models.OcspResponse.objects.filter(pk=row.pk, this_update__lt=this_update)
    return new or bool(
        newer.update(der=der, this_update=this_update, next_update=next_update, seen_at=at)
    )


def ocsp_for(fingerprints: Iterable[str]) -> tuple[bytes, ...]:
    found = models.OcspResponse.objects.filter(fingerprint__in=list(fingerprints))
    return tuple(bytes(der) for der in found.order_by("fingerprint").values_list("der", flat=True))
