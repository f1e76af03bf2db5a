"""Accounts as a list that stays quick with many rows: searched, page by page, by address."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from siegel.base.address import EmailAddress
from siegel.store.models import (
    AccountAddress,
    AccountPerson,
    Certificate,
    CertificateAddress,
    KeyBinding,
    MailAccount,
    PrivateKey,
)
from siegel.store.models.account import Grant
from siegel.store.models.certificate import LinkState
from siegel.store.rows import AccountListing, AccountWithout, KeyWithoutAccount
from siegel.store.text import clean


def page(
    *,
    at: datetime,
    search: str = "",
    visible_to: EmailAddress | None = None,
    after: EmailAddress | None = None,
    before: EmailAddress | None = None,
    limit: int = 50,
) -> tuple[AccountListing, ...]:
    """One query. ``visible_to``: only accounts this person works with at that moment; ``after``:
    the last address of the page before, ``before``: the first of the page behind. ``search``: part
    of a name, an address or an alias."""
    asked = Q()
    if visible_to is not None:
        asked &= Q(pk__in=_at_work(at).filter(user__email=str(visible_to)).values("account"))
    if after is not None:
        asked &= Q(address__gt=str(after))
    if before is not None:
        asked &= Q(address__lt=str(before))
    word = clean(search.strip(), 400)
    if word:
        aliases = AccountAddress.objects.filter(address__icontains=word).values("account")
        asked &= Q(address__icontains=word) | Q(display_name__icontains=word) | Q(pk__in=aliases)
    rows = MailAccount.objects.filter(asked).annotate(
        people_now=_counted(_at_work(at).filter(account=OuterRef("pk")), "account"),
        other_addresses=_counted(AccountAddress.objects.filter(account=OuterRef("pk")), "account"),
        signs_until=Subquery(_certificates().values("not_after")[:1], DateTimeField()),
    )
    order = "address" if before is None else "-address"
    found = tuple(
        AccountListing(
            address=EmailAddress.parse(row.address),
            display_name=row.display_name,
            active=row.active,
            people=row.people_now,
            other_addresses=row.other_addresses,
            certificate_until=row.signs_until,
        )
        for row in rows.order_by(order)[:limit]
    )
    return found if before is None else found[::-1]


def without_certificate(*, at: datetime, limit: int) -> tuple[AccountWithout, ...]:
    """Active accounts that can sign with nothing now: no certificate, over, or revoked by us."""
    bound = KeyBinding.objects.filter(account=OuterRef(OuterRef("pk")), key__archived_at=None)
    good = Certificate.objects.filter(
        spki_sha256__in=bound.values("key_id"),
        not_after__gt=at,
        serial_number__revocation=None,
    )
    asked = MailAccount.objects.filter(~Exists(good), active=True).order_by("address")
    return tuple(
        AccountWithout(address=EmailAddress.parse(address), display_name=name)
        for address, name in asked.values_list("address", "display_name")[:limit]
    )


def keys_without_account(
    *, limit: int = 20, fingerprints: Iterable[str] | None = None
) -> tuple[KeyWithoutAccount, ...]:
    """Addresses with a certificate and private key here, but no active account: „muss zusätzlich
    das E-Mailkonto für die E-Mailadresse angelegt werden, das im Zertifikat angegeben ist“."""
    active = MailAccount.objects.filter(active=True)
    owned = active.filter(address=OuterRef("address"))
    aliased = AccountAddress.objects.filter(
        address=OuterRef("address"), kind=Grant.ALIAS, account__active=True
    )
    key = PrivateKey.objects.filter(spki_sha256=OuterRef("certificate__spki_sha256"))
    found = CertificateAddress.objects.filter(
        ~Exists(owned), ~Exists(aliased), Exists(key), certificate__is_ca=False
    ).exclude(state=LinkState.REJECTED)
    if fingerprints is not None:
        found = found.filter(certificate__in=list(fingerprints))
    rows = found.order_by("address", "-certificate__not_after").values_list(
        "address", "certificate_id", "certificate__subject"
    )
    newest: dict[str, KeyWithoutAccount] = {}
    for address, fingerprint, subject in rows[: 2 * limit]:
        newest.setdefault(
            address,
            KeyWithoutAccount(
                address=EmailAddress.parse(address), fingerprint=fingerprint, subject=subject
            ),
        )
    return tuple(newest.values())[:limit]


def _at_work(at: datetime) -> QuerySet[AccountPerson]:
    return AccountPerson.objects.filter(
        Q(until=None) | Q(until__gt=at), since__lte=at, user__is_active=True
    )


def _certificates() -> QuerySet[Certificate]:
    """Of the keys that the account may sign with, the longest valid first."""
    bound = KeyBinding.objects.filter(account=OuterRef(OuterRef("pk")), key__archived_at=None)
    return Certificate.objects.filter(spki_sha256__in=bound.values("key_id")).order_by("-not_after")


def _counted(rows: QuerySet, by: str) -> Coalesce:  # type: ignore[type-arg]  # any model
    counted = rows.order_by().values(by).annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted, IntegerField()), 0)
