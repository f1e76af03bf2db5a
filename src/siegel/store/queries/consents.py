"""Whose pictures from elsewhere a person lets be shown."""

from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models import SenderConsent, User


def has(person: EmailAddress, address: str) -> bool:
    return SenderConsent.objects.filter(user__email=str(person), address=address).exists()


def among(person: EmailAddress, addresses: frozenset[str]) -> frozenset[str]:
    asked = SenderConsent.objects.filter(user__email=str(person), address__in=addresses)
    return frozenset(asked.values_list("address", flat=True))


def add(person: EmailAddress, address: str, *, at: datetime) -> None:
    user = User.objects.get(email=str(person))
    SenderConsent.objects.get_or_create(user=user, address=address, defaults={"given_at": at})


def remove(person: EmailAddress, address: str) -> None:
    SenderConsent.objects.filter(user__email=str(person), address=address).delete()
