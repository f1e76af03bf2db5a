"""Whom somebody may mean who begins to type a name: contacts, partners, people of their own mail.

Of mail only that of accounts the person reads; contacts and certificates belong to everybody.
"""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows import mail_access
from siegel.store.queries import contacts, suggestions
from siegel.store.search_words import folded

SHOWN = 8  # proposals; more are not read, a letter more narrows them
SHORTEST = 2  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    address: EmailAddress
    name: str = ""


def suggest(text: str, person: EmailAddress, *, at: datetime) -> tuple[Suggestion, ...]:
    """At most ``SHOWN``: contacts first, then people of one's own mail, then other partners."""
    wanted = folded(text.strip())
    if len(wanted) < SHORTEST:
        return ()
    mine = mail_access.readable(person, at=at)
    found = [
        *_of_contacts(text),
        *(
            (address, name)
            for address, name in suggestions.correspondents(mine)
            if _fits(wanted, address, name)
        ),
        *((each, "") for each in suggestions.written_to(mine) if _fits(wanted, each, "")),
        *((each, "") for each in suggestions.partners(wanted, limit=SHOWN)),
    ]
    once: dict[EmailAddress, Suggestion] = {}
    for text_of_address, name in found:
        address = _address(text_of_address)
        if address is not None:
            once.setdefault(address, Suggestion(address=address, name=name))
    return tuple(once.values())[:SHOWN]


def sender(person: EmailAddress) -> str:
    """As whom the person wrote last; "" at the first message."""
    return suggestions.last_sender(person)


def _of_contacts(text: str) -> list[tuple[str, str]]:
    page = contacts.page(text, size=SHOWN)
    return [(str(address), row.name) for row in page.rows for address in row.addresses]


def _fits(wanted: str, address: str, name: str) -> bool:
    words = (address, *folded(name).split())
    return any(word.startswith(wanted) for word in words) or folded(name).startswith(wanted)


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except MalformedAddress:
        return None
