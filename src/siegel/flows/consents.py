"""Pictures from elsewhere in mail of one sender, for one person.

They tell their sender when, where from and with which program somebody reads; so only the address
of a checked sender can be agreed to, and a forger gains nothing by it.
"""

from collections.abc import Iterable
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.queries import consents


def given(person: EmailAddress, checked_address: str) -> bool:
    return bool(checked_address) and consents.has(person, checked_address)


def of_person(person: EmailAddress, checked: Iterable[str]) -> frozenset[str]:
    """Those of the addresses that the person has agreed to; one query."""
    return consents.among(person, frozenset(checked))


def give(person: EmailAddress, checked_address: str, *, at: datetime) -> None:
    consents.add(person, str(EmailAddress.parse(checked_address)), at=at)


def withdraw(person: EmailAddress, checked_address: str) -> None:
    consents.remove(person, checked_address)
