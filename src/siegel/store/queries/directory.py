"""The partner site, and the addresses that are published on it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.store.models import AccountAddress, DirectorySite, MailAccount, Publication
from siegel.store.models.account import Grant
from siegel.store.models.directory import THE_SITE
from siegel.store.rows import PublicationRow, SiteRow
from siegel.store.text import clean, clean_json
from siegel.wording.partner_site import SiteTexts
from siegel.wording.words import Language


def site() -> SiteRow | None:
    """None: nobody set it up. The logo itself is asked for apart (``logo``)."""
    row = DirectorySite.objects.filter(id=THE_SITE).defer("logo").first()
    return None if row is None else _site(row)


def put_site(site: SiteRow, *, by: str, at: datetime) -> None:
    """Everything but the logo."""
    values: dict[str, object] = {
        "is_open": site.is_open,
        "lists_everybody": site.lists_everybody,
        "asks_acceptance": site.asks_acceptance,
        "colour": site.colour,
        "colour_dark": site.colour_dark,
        "contact_address": str(site.contact_address or ""),
        "contact_phone": clean(site.contact_phone, 80),
        "imprint_url": site.imprint_url,
        "privacy_url": site.privacy_url,
        "accessibility_url": site.accessibility_url,
        "texts": clean_json({each.value: text.to_dict() for each, text in site.texts.items()}),
        "changed_at": at,
        "changed_by": clean(by, 400),
    }
    DirectorySite.objects.update_or_create(id=THE_SITE, defaults=values)


def put_logo(logo: bytes | None, sha256: str) -> None:
    """Of a site that is set up already."""
    DirectorySite.objects.filter(id=THE_SITE).update(logo=logo, logo_sha256=sha256)


def logo() -> bytes | None:
    found = DirectorySite.objects.filter(id=THE_SITE).values_list("logo", flat=True).first()
    return None if found is None else bytes(found)


def publish(
    addresses: Iterable[EmailAddress], *, by: str, at: datetime
) -> tuple[EmailAddress, ...]:
    """Those of them that were not published before."""
    asked = {str(address): address for address in addresses}
    known = set(_current().filter(address__in=list(asked)).values_list("address", flat=True))
    new = sorted(set(asked) - known)
    Publication.objects.bulk_create(
        (Publication(address=each, published_at=at, published_by=clean(by, 400)) for each in new),
        ignore_conflicts=True,
    )
    return tuple(asked[each] for each in new)


def withdraw(
    addresses: Iterable[EmailAddress], *, by: str, at: datetime
) -> tuple[EmailAddress, ...]:
    """Those of them that were published."""
    asked = _current().filter(address__in=[str(address) for address in addresses])
    gone = sorted(asked.values_list("address", flat=True))
    asked.update(withdrawn_at=at, withdrawn_by=clean(by, 400))
    return tuple(map(EmailAddress.parse, gone))


def published(
    addresses: Iterable[EmailAddress] | None = None,
) -> Mapping[EmailAddress, PublicationRow]:
    """Published addresses of accounts that are in use, by address; one query. None: all."""
    asked = _current().filter(_in_use())
    if addresses is not None:
        asked = asked.filter(address__in=[str(address) for address in addresses])
    rows = map(_publication, asked.order_by("address"))
    return {row.address: row for row in rows}


def page(*, after: str, limit: int) -> tuple[PublicationRow, ...]:
    """As ``published``, some of them by address."""
    asked = _current().filter(_in_use(), address__gt=clean(after, 400))
    return tuple(map(_publication, asked.order_by("address")[:limit]))


def owned_page(
    *,
    search: str = "",
    after: EmailAddress | None = None,
    before: EmailAddress | None = None,
    limit: int,
) -> tuple[tuple[EmailAddress, str], ...]:
    """Addresses of active accounts, aliases too, with the name of the account; one query."""
    asked = Q()
    if after is not None:
        asked &= Q(address__gt=str(after))
    if before is not None:
        asked &= Q(address__lt=str(before))
    word = clean(search.strip(), 400)
    own = MailAccount.objects.filter(asked, active=True)
    aliases = AccountAddress.objects.filter(asked, kind=Grant.ALIAS, account__active=True)
    if word:
        named = Q(address__icontains=word)
        own = own.filter(named | Q(display_name__icontains=word))
        aliases = aliases.filter(named | Q(account__display_name__icontains=word))
    pairs = own.values_list("address", "display_name").union(
        aliases.values_list("address", "account__display_name")
    )
    rows = pairs.order_by("address" if before is None else "-address")[:limit]
    found = tuple((EmailAddress.parse(address), name) for address, name in rows)
    return found if before is None else found[::-1]


def count() -> int:
    return _current().filter(_in_use()).count()


def _current() -> QuerySet[Publication]:
    return Publication.objects.filter(withdrawn_at=None)


def _in_use() -> Q:
    """Of an active account: its own address, or an alias of it."""
    own = MailAccount.objects.filter(address=OuterRef("address"), active=True)
    alias = AccountAddress.objects.filter(
        address=OuterRef("address"), kind=Grant.ALIAS, account__active=True
    )
    return Q(Exists(own)) | Q(Exists(alias))


def _publication(row: Publication) -> PublicationRow:
    return PublicationRow(
        address=EmailAddress.parse(row.address),
        published_at=row.published_at,
        published_by=row.published_by,
    )


def _site(row: DirectorySite) -> SiteRow:
    return SiteRow(
        is_open=row.is_open,
        lists_everybody=row.lists_everybody,
        asks_acceptance=row.asks_acceptance,
        colour=row.colour,
        colour_dark=row.colour_dark,
        contact_address=EmailAddress.parse(row.contact_address) if row.contact_address else None,
        contact_phone=row.contact_phone,
        imprint_url=row.imprint_url,
        privacy_url=row.privacy_url,
        accessibility_url=row.accessibility_url,
        texts={each: SiteTexts.from_dict(row.texts.get(each.value, {})) for each in Language},
        logo_sha256=row.logo_sha256,
        changed_at=row.changed_at,
        changed_by=row.changed_by,
    )
