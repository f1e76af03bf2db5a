"""Addresses that fit what somebody begins to type: known partners, and people of their own mail.

Each source is read through an index or up to a bound; a long store makes no query slower.
"""

from collections.abc import Iterable

from siegel.base.address import EmailAddress
from siegel.store.models import CertificateAddress, MailItem, OutboxItem, OutboxRecipient
from siegel.store.models.certificate import LinkState
from siegel.store.search_words import beginning_with

LOOKED_AT = 400  # latest messages in which people are looked for


def partners(beginning: str, *, limit: int) -> tuple[str, ...]:
    """Addresses with a certificate that begin so."""
    asked = CertificateAddress.objects.filter(beginning_with("address", beginning))
    found = asked.exclude(state=LinkState.REJECTED).order_by("address")
    return tuple(found.values_list("address", flat=True).distinct()[:limit])


def correspondents(accounts: Iterable[EmailAddress]) -> tuple[tuple[str, str], ...]:
    """(address, name) of whoever wrote to these accounts lately; the latest first."""
    asked = MailItem.objects.filter(account__address__in=[str(each) for each in accounts])
    latest = asked.exclude(from_address="").order_by("-received_at", "-id")
    return tuple(latest.values_list("from_address", "from_name")[:LOOKED_AT])


def written_to(accounts: Iterable[EmailAddress]) -> tuple[str, ...]:
    """Addresses that these accounts wrote to lately."""
    asked = OutboxRecipient.objects.filter(
        item__account__address__in=[str(each) for each in accounts]
    )
    return tuple(asked.order_by("-item_id", "id").values_list("address", flat=True)[:LOOKED_AT])


def last_sender(user: EmailAddress) -> str:
    """The address this person wrote as last; "" at the first message."""
    asked = OutboxItem.objects.filter(user__email=str(user)).order_by("-pk")
    return asked.values_list("sender", flat=True).first() or ""
