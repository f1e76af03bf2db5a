"""Certificates of ours that may have to be replaced: by issuer and dates, whole or of accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.pki.certificate import parse_certificate
from siegel.pki.names import parse_name
from siegel.store.models import Certificate, CertificateAddress, ListEntry, MailAccount, Revocation
from siegel.store.models.certificate import LinkState
from siegel.store.models.listing import Kind
from siegel.store.reissue_rows import IssuerRow, OwnRow

MOST = 5000  # certificates of one campaign; more are found by narrower questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A span of days; None = open. Both ends belong to it."""

    first: datetime | None = None
    last: datetime | None = None


def issuers(at: datetime) -> tuple[IssuerRow, ...]:
    """Whoever issued own certificates that are in time, as people call them."""
    own = _own(at).values_list("certificate__issuer_sha256")
    counted = own.annotate(number=Count("pk"), example=Min("certificate_id")).order_by()
    found = {example: (name, number) for name, number, example in counted}
    ders = Certificate.objects.filter(pk__in=list(found)).values_list("pk", "der")
    rows = (
        IssuerRow(name_sha256=found[one][0], name=_issuer(bytes(der)), number=found[one][1])
        for one, der in ders
    )
    return tuple(sorted(rows, key=lambda row: row.name.casefold()))


def _issuer(der: bytes) -> str:
    name = parse_name(parse_certificate(der).issuer_der)
    return name.common_name or name.organisation or str(name)


def own(
    at: datetime, *, issuer: str | None, issued: Between, ends: Between
) -> tuple[tuple[OwnRow, ...], bool]:
    """Those of this issuer and these days, and whether there are more than one answer holds."""
    asked = _own(at)
    if issuer is not None:
        asked = asked.filter(certificate__issuer_sha256=issuer)
    asked = asked.filter(_within("not_before", issued), _within("not_after", ends))
    names = list(asked.order_by("id").values_list("certificate_id", flat=True)[: MOST + 1])
    return _rows(names[:MOST]), len(names) > MOST


def of_accounts(accounts: Iterable[EmailAddress], at: datetime) -> tuple[OwnRow, ...]:
    """Every own certificate in time that is used for one of these addresses."""
    used = CertificateAddress.objects.exclude(state=LinkState.REJECTED)
    linked = used.filter(address__in=[str(each) for each in accounts])
    asked = _own(at).filter(certificate__in=linked.values("certificate"))
    return _rows(list(asked.order_by("id").values_list("certificate_id", flat=True)))


def _own(at: datetime) -> QuerySet[ListEntry]:
    return ListEntry.objects.filter(kind=Kind.OWN, not_after__gt=at)


def _within(name: str, span: Between) -> Q:
    asked = Q()
    if span.first is not None:
        asked &= Q(**{f"{name}__gte": span.first})
    if span.last is not None:
        asked &= Q(**{f"{name}__lte": span.last})
    return asked


def _rows(names: list[str]) -> tuple[OwnRow, ...]:
    used = CertificateAddress.objects.exclude(state=LinkState.REJECTED)
    linked = used.filter(certificate__in=names).order_by("address")
    addresses: dict[str, list[str]] = {}
    for name, address in linked.values_list("certificate_id", "address"):
        addresses.setdefault(name, []).append(address)
    named = {address for found in addresses.values() for address in found}
    active = MailAccount.objects.filter(active=True, address__in=named)
    accounts = set(active.values_list("address", flat=True))
    revoked = set(
        Revocation.objects.filter(serial__certificate__in=names).values_list(
            "serial__certificate", flat=True
        )
    )
    ders = dict(Certificate.objects.filter(pk__in=names).values_list("pk", "der"))
    return tuple(
        OwnRow(
            fingerprint=name,
            der=bytes(ders[name]),
            addresses=tuple(addresses.get(name, ())),
            account=_account(addresses.get(name, ()), accounts),
            is_revoked=name in revoked,
        )
        for name in names
    )


def _account(addresses: Iterable[str], accounts: set[str]) -> EmailAddress | None:
    owner = next((address for address in addresses if address in accounts), None)
    return None if owner is None else EmailAddress.parse(owner)
