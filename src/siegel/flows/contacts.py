"""The address book: people and offices outside, their addresses, and whether they can be written
to encrypted. Filled by people, from vCards, and by what mail proposed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.flows.certificates import CertificateState, judged
from siegel.flows.exporting import Exported
from siegel.flows.importing import import_found
from siegel.pki.certificate import Certificate
from siegel.pki.vcard import Card, read_cards, write_card
from siegel.policy.actions import Action
from siegel.policy.standing import Standing
from siegel.store.queries import certificates, contacts, journal
from siegel.store.queries.contacts import ContactPage, Given
from siegel.store.rows import CertificateRow, ContactRow, ProposedRow
from siegel.store.transaction import together

PAGE = 25  # contacts of one page
PROPOSED = 10  # proposals shown at once
_READY = (Standing.USABLE, Standing.EXPIRES_SOON)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressState:
    """An address with its certificates in use, the best first; ``ready``: the first can be used."""

    address: EmailAddress
    certificates: tuple[CertificateState, ...]

    @property
    def ready(self) -> bool:
        return bool(self.certificates) and self.certificates[0].standing in _READY


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactState:
    row: ContactRow
    addresses: tuple[AddressState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactList:
    page: ContactPage
    states: tuple[ContactState, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsTaken:
    """What a file of vCards brought. ``skipped``: cards whose address stands in a contact."""

    added: tuple[int, ...]
    skipped: tuple[str, ...]
    certificates: int


def listing(
    text: str, *, at: datetime, after: str | None = None, before: str | None = None
) -> ContactList:
    page = contacts.page(text, size=PAGE, after=after, before=before)
    return ContactList(page=page, states=_states(page.rows, at))


def one(id_: int, at: datetime) -> ContactState:
    """Raises ``NotFound``."""
    return _states([contacts.get(id_)], at)[0]


def add(given: Given, *, by: str, at: datetime) -> int:
    """Raises ``Conflict`` for an address that another contact has."""
    with together():
        number = contacts.add(given, by=by, at=at)
        _note(Action.CONTACT_ADDED, given.name, given.addresses, by, at)
    return number


def change(id_: int, given: Given, *, by: str, at: datetime) -> None:
    with together():
        contacts.change(id_, given, by=by, at=at)
        _note(Action.CONTACT_CHANGED, given.name, given.addresses, by, at)


def remove(id_: int, *, by: str, at: datetime) -> str:
    """The contact goes, the certificates of its addresses stay; its name."""
    with together():
        row = contacts.get(id_)
        contacts.remove(id_)
        _note(Action.CONTACT_REMOVED, row.name, row.addresses, by, at)
    return row.name


def proposals() -> tuple[ProposedRow, ...]:
    return contacts.proposed(limit=PROPOSED)


def suggested(certificate: Certificate, address: EmailAddress) -> Given:
    """A contact as its certificate would fill it in; a person looks at it before it is kept."""
    name = certificate.person or certificate.common_name or ""
    return Given(
        name=name if name and "@" not in name else str(address),
        organisation=certificate.organisation or "",
        addresses=(address,),
    )


def take_cards(data: bytes, *, by: str, at: datetime) -> CardsTaken:
    """Add the contacts of a vCard file, and import its certificates as any other file's.

    Raises ``MalformedMessage``, ``LimitExceeded``. A card with a known address changes nothing.
    """
    added, skipped, certificates_of_cards = [], [], list[Certificate]()
    for card in read_cards(data):
        given = Given(
            name=card.name,
            organisation=card.organisation,
            note=card.note,
            addresses=card.addresses,
        )
        certificates_of_cards += card.certificates
        try:
            added.append(add(given, by=by, at=at))
        except Conflict:
            skipped.append(card.name)
    new = import_found(certificates_of_cards, by=by, at=at) if certificates_of_cards else ()
    return CardsTaken(added=tuple(added), skipped=tuple(skipped), certificates=len(new))


def export_card(id_: int, at: datetime) -> Exported:
    """The contact with the certificates that can be used today."""
    state = one(id_, at)
    usable = [
        each.row.certificate
        for address in state.addresses
        for each in address.certificates
        if each.standing in _READY
    ]
    card = Card(
        name=state.row.name,
        organisation=state.row.organisation,
        note=state.row.note,
        addresses=state.row.addresses,
        certificates=tuple(dict.fromkeys(usable)),
    )
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in state.row.name).strip("-")
    return Exported(
        name=f"{name[:60] or id_}.vcf",
        media_type="text/vcard; charset=utf-8",
        data=write_card(card),
    )


def _states(rows: Iterable[ContactRow], at: datetime) -> tuple[ContactState, ...]:
    """All certificates of all addresses at once: a fixed number of queries."""
    shown = tuple(rows)
    found = certificates.in_use_for(address for row in shown for address in row.addresses)
    states = _judged(found, at)
    return tuple(
        ContactState(
            row=row,
            addresses=tuple(
                AddressState(address=address, certificates=_best_first(states.get(address, ())))
                for address in row.addresses
            ),
        )
        for row in shown
    )


def _judged(
    found: Mapping[EmailAddress, tuple[CertificateRow, ...]], at: datetime
) -> dict[EmailAddress, tuple[CertificateState, ...]]:
    rows = {row.fingerprint: row for each in found.values() for row in each}
    states = {state.row.fingerprint: state for state in judged(rows.values(), at)}
    return {a: tuple(states[row.fingerprint] for row in each) for a, each in found.items()}


def _best_first(states: Iterable[CertificateState]) -> tuple[CertificateState, ...]:
    return tuple(
        sorted(states, key=lambda s: (s.standing not in _READY, -s.row.not_after.timestamp()))
    )


def _note(
    action: Action, name: str, addresses: Iterable[EmailAddress], by: str, at: datetime
) -> None:
    journal.write(
        at=at,
        actor=by,
        action=action,
        about=name,
        recipients=[str(address) for address in addresses],
    )
