"""The address book: contacts with their addresses, a page at a time and by search.

As flat as the list of certificates. An address belongs to one contact.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.store.models import CertificateAddress, Contact, ContactAddress, ContactWord
from siegel.store.models.certificate import LinkState
from siegel.store.queries import accounts
from siegel.store.rows import ContactRow, ProposedRow
from siegel.store.search_words import ASKED_AT_MOST, beginning_with, folded, words_of
from siegel.store.text import clean

MOST_ADDRESSES = 20  # of one contact
FOUND_AT_MOST = 1000  # contacts of one search; more want another word
LOOKED_AT = 200  # of the addresses seen last; proposals are for what is going on now


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What people write into a contact."""

    name: str
    organisation: str = ""
    note: str = ""
    addresses: tuple[EmailAddress, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPage:
    """``before`` and ``after`` are marks for ``page``; None where the list ends."""

    rows: tuple[ContactRow, ...]
    before: str | None
    after: str | None
    too_many: bool = False


def add(given: Given, *, by: str, at: datetime) -> int:
    """Raises ``Conflict`` for an address that another contact has."""
    with transaction.atomic():
        contact = Contact(added_at=at, added_by=clean(by, 400))
        _write(contact, given, by, at)
    return contact.pk


def change(id_: int, given: Given, *, by: str, at: datetime) -> None:
    with transaction.atomic():
        contact = Contact.objects.select_for_update().filter(pk=id_).first()
        if contact is None:
            raise NotFound(f"no contact {id_}")
        _write(contact, given, by, at)


def remove(id_: int) -> None:
    """Their certificates stay: those belong to the addresses."""
    if not Contact.objects.filter(pk=id_).delete()[0]:
        raise NotFound(f"no contact {id_}")


def get(id_: int) -> ContactRow:
    found = _rows(Contact.objects.filter(pk=id_))
    if not found:
        raise NotFound(f"no contact {id_}")
    return found[0]


def with_addresses(addresses: Iterable[EmailAddress]) -> dict[EmailAddress, int]:
    """Who has these addresses; those of nobody are missing."""
    asked = {str(address): address for address in addresses}
    found = ContactAddress.objects.filter(address__in=list(asked))
    return {asked[text]: number for text, number in found.values_list("address", "contact_id")}


def page(
    text: str = "", *, size: int, after: str | None = None, before: str | None = None
) -> ContactPage:
    """By name. A mark nobody gave starts anew."""
    contacts, too_many = _matching(text)
    backwards = before is not None
    place = _place(before or after)
    if place is not None:
        name, number = place
        side = "lt" if backwards else "gt"
        contacts = contacts.filter(**{f"sort_name__{side}e": name}).filter(
            Q(**{f"sort_name__{side}": name}) | Q(sort_name=name, **{f"id__{side}": number})
        )
    sign = "-" if backwards else ""
    taken = list(contacts.order_by(f"{sign}sort_name", f"{sign}id")[: size + 1])
    more, shown = len(taken) > size, taken[:size]
    if backwards:
        shown.reverse()
    return ContactPage(
        rows=_with_addresses(shown),
        before=_mark(shown[0]) if shown and (more if backwards else place) else None,
        after=_mark(shown[-1]) if shown and (backwards or more) else None,
        too_many=too_many,
    )


def proposed(*, limit: int) -> tuple[ProposedRow, ...]:
    """Partners whose certificate came with mail lately and who are in no contact yet."""
    seen = (
        CertificateAddress.objects.exclude(last_seen_at=None)
        .exclude(state=LinkState.REJECTED)
        .order_by("-last_seen_at", "-id")
        .values_list("address", "certificate__der", "last_seen_at")[:LOOKED_AT]
    )
    newest: dict[str, ProposedRow] = {}
    for text, der, seen_at in seen:
        if seen_at is not None and text not in newest:
            address = EmailAddress.parse(text)
            newest[text] = ProposedRow(address=address, der=bytes(der), seen_at=seen_at)
    rows = newest.values()
    known = with_addresses(row.address for row in rows)
    ours = accounts.known(row.address for row in rows)
    free = (r for r in rows if r.address not in known and ours.owner(r.address) is None)
    return tuple(free)[:limit]


def _write(contact: Contact, given: Given, by: str, at: datetime) -> None:
    addresses = tuple(dict.fromkeys(given.addresses))[:MOST_ADDRESSES]
    taken = [a for a, owner in with_addresses(addresses).items() if owner != contact.pk]
    if taken:
        raise Conflict(f"{taken[0]} stands in another contact", address=str(taken[0]))
    contact.name = clean(" ".join(given.name.split()), 500)
    contact.organisation = clean(" ".join(given.organisation.split()), 500)
    contact.note = clean(given.note, 2000)
    contact.sort_name = folded(contact.name)[:500]
    contact.changed_at, contact.changed_by = at, clean(by, 400)
    contact.save()
    contact.addresses.all().delete()
    contact.words.all().delete()
    ContactAddress.objects.bulk_create(
        ContactAddress(contact=contact, address=str(address), position=position)
        for position, address in enumerate(addresses)
    )
    texts = (contact.name, contact.organisation, *map(str, addresses))
    ContactWord.objects.bulk_create(
        ContactWord(contact=contact, word=word) for word in words_of(texts)
    )


def _matching(text: str) -> tuple[QuerySet[Contact], bool]:
    """Contacts with all words, or an address that begins so; and whether there are more."""
    wanted = clean(text.strip(), 500)
    if not wanted:
        return Contact.objects.all(), False
    if "@" in wanted:
        having = ContactAddress.objects.filter(beginning_with("address", wanted.lower()))
        found = list(having.values_list("contact_id", flat=True)[: FOUND_AT_MOST + 1])
    else:
        found = _with_words(words_of([wanted], most=ASKED_AT_MOST))
    return Contact.objects.filter(pk__in=found[:FOUND_AT_MOST]), len(found) > FOUND_AT_MOST


def _with_words(words: Sequence[str]) -> list[int]:
    """The longest word is looked up, the others sift: it is the rarest as a rule."""
    found: list[int] = []
    for position, word in enumerate(sorted(words, key=len, reverse=True)):
        having = ContactWord.objects.filter(beginning_with("word", word))
        if position:
            having = having.filter(contact_id__in=found)
        numbers = having.values_list("contact_id", flat=True)
        found = list(dict.fromkeys(numbers[: 5 * FOUND_AT_MOST]))
    return found


def _mark(contact: Contact) -> str:
    return f"{contact.pk}.{contact.sort_name}"


def _place(mark: str | None) -> tuple[str, int] | None:
    number, dot, name = (mark or "").partition(".")
    if not dot or not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return clean(name, 500), int(number)


def _rows(contacts: QuerySet[Contact]) -> tuple[ContactRow, ...]:
    return _with_addresses(list(contacts))


def _with_addresses(contacts: list[Contact]) -> tuple[ContactRow, ...]:
    addresses: dict[int, list[EmailAddress]] = {contact.pk: [] for contact in contacts}
    found = ContactAddress.objects.filter(contact__in=list(addresses)).order_by("position", "id")
    for number, text in found.values_list("contact_id", "address"):
        addresses[number].append(EmailAddress.parse(text))
    return tuple(
        ContactRow(
            id=contact.pk,
            name=contact.name,
            organisation=contact.organisation,
            note=contact.note,
            addresses=tuple(addresses[contact.pk]),
            added_at=contact.added_at,
            added_by=contact.added_by,
            changed_at=contact.changed_at,
            changed_by=contact.changed_by,
        )
        for contact in contacts
    )
