"""How many things wait for somebody; each function is one query, and none grows with partners."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.store.models import (
    AccountAddress,
    CertificateAddress,
    ListEntry,
    LockedFile,
    MailAccount,
    PrivateKey,
)
from siegel.store.models.account import Grant
from siegel.store.models.certificate import LinkState
from siegel.store.models.listing import Kind


def locked_files() -> int:
    return LockedFile.objects.count()


def addresses_without_account() -> int:
    """With a certificate and its private key here, but without an account that is switched on."""
    return _own().filter(~_has_account()).values("address").distinct().count()


def has_certificates() -> bool:
    """Whether one of ours is here, whatever its state."""
    return ListEntry.objects.filter(kind=Kind.OWN).exists()


def endings(
    *, at: datetime, until: datetime, among: Iterable[EmailAddress] | None = None
) -> tuple[int, int]:
    """Addresses of accounts whose last certificate has ended, and those whose ends by ``until``.
    A certificate that a longer one replaces does not count."""
    own = _own().filter(_has_account())
    if among is not None:
        own = own.filter(address__in=[str(address) for address in among])
    latest = own.values("address").annotate(last=Max("certificate__not_after"))
    found = latest.aggregate(
        ended=Count("last", filter=Q(last__lt=at)),
        ending=Count("last", filter=Q(last__gte=at, last__lte=until)),
    )
    return found["ended"], found["ending"]


def _own() -> QuerySet[CertificateAddress]:
    """Addresses in certificates whose key is in use here; found from the few keys, not from the
    many certificates."""
    in_use = PrivateKey.objects.filter(archived_at=None).values("spki_sha256")
    entries = ListEntry.objects.filter(kind=Kind.OWN, spki_sha256__in=in_use)
    return CertificateAddress.objects.filter(certificate__in=entries.values("certificate")).exclude(
        state=LinkState.REJECTED
    )


def _has_account() -> Q:
    mine = MailAccount.objects.filter(active=True, address=OuterRef("address"))
    alias = AccountAddress.objects.filter(
        address=OuterRef("address"), kind=Grant.ALIAS, account__active=True
    )
    return Q(Exists(mine)) | Q(Exists(alias))
