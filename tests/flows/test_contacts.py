"""The address book: by hand, from vCards and from what mail proposed."""

import base64

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedMessage, NotFound
from siegel.flows import contacts
from siegel.pki.certificate import parse_certificate
from siegel.pki.vcard import read_cards
from siegel.store.queries import certificates, journal
from siegel.store.queries import contacts as store
from siegel.store.queries.contacts import Given
from tests.flows.office import DANA, HUBER, Office, mail, signed_bytes

HANS = EmailAddress.parse(HUBER.address)
D_ANA = EmailAddress.parse(DANA.address)


def add(office: Office, name: str, *addresses: EmailAddress) -> int:
    return contacts.add(Given(name=name, addresses=addresses), by="mira", at=office.at)


def names(office: Office, text: str = "") -> list[str]:
    return [state.row.name for state in contacts.listing(text, at=office.at).states]


@pytest.mark.requirement("B24", "B28")
def test_a_contact_is_name_addresses_and_certificates(office: Office) -> None:
    office.partner(HUBER)
    number = add(office, "Hans Huber", HANS, D_ANA)
    state = contacts.one(number, office.at)
    assert [(each.address, each.ready) for each in state.addresses] == [
        (HANS, True),
        (D_ANA, False),
    ]
    assert state.addresses[0].certificates[0].row.certificate.der == HUBER.certificate_der


def test_an_address_stands_in_one_contact(office: Office) -> None:
    add(office, "Hans Huber", HANS)
    with pytest.raises(Conflict):
        add(office, "Ein anderer", HANS)
    assert names(office) == ["Hans Huber"]


def test_contacts_are_changed_and_removed_and_the_journal_knows(office: Office) -> None:
    number = add(office, "Hans Huber", HANS)
    given = Given(name="  Schule   Musterthal ", organisation="Schule", addresses=(D_ANA,))
    contacts.change(number, given, by="mira", at=office.at)
    assert contacts.one(number, office.at).row.addresses == (D_ANA,)
    assert names(office, "hans") == []
    assert names(office, "musterth") == ["Schule Musterthal"]
    assert contacts.remove(number, by="mira", at=office.at) == "Schule Musterthal"
    with pytest.raises(NotFound):
        contacts.one(number, office.at)
    actions = [entry.action for entry in journal.read(actor="mira")]
    assert actions == ["contact.removed", "contact.changed", "contact.added"]


@pytest.mark.parametrize("text", ["ZEISIG", "zei", "zoe zei", "Zoë", "zoe@school.example", "zoe@"])
def test_a_contact_is_found_by(office: Office, text: str) -> None:
    add(office, "Zoë Zeisig", EmailAddress.parse("zoe@school.example"))
    add(office, "Otto", EmailAddress.parse("otto@other.example"))
    assert names(office, text) == ["Zoë Zeisig"]


def test_pages_of_contacts_follow_each_other(office: Office) -> None:
    for number in range(60):
        add(office, f"Person {number:03}", EmailAddress.parse(f"p{number}@many.example"))
    first = contacts.listing("", at=office.at)
    second = contacts.listing("", at=office.at, after=first.page.after)
    third = contacts.listing("", at=office.at, after=second.page.after)
    shown = [s.row.name for each in (first, second, third) for s in each.states]
    assert shown == [f"Person {number:03}" for number in range(60)]
    assert (first.page.before, third.page.after) == (None, None)
    back = contacts.listing("", at=office.at, before=third.page.before)
    assert [s.row.name for s in back.states] == [s.row.name for s in second.states]


def test_questions_do_not_multiply_with_contacts(office: Office) -> None:
    office.partner(HUBER)
    add(office, "Hans", HANS)
    questions = []
    for count in (5, 40):
        for number in range(count):
            add(office, f"P{number}", EmailAddress.parse(f"p{number}@{count}.example"))
        with CaptureQueriesContext(connection) as seen:
            contacts.listing("", at=office.at)
        questions.append(len(seen))
    assert questions[0] == questions[1] < 20


@pytest.mark.requirement("B41")
def test_mail_proposes_who_is_in_no_contact_yet(office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, "alice@office.example"))
    office.receive(raw, HUBER.address, "alice@office.example")
    (proposed,) = contacts.proposals()
    given = contacts.suggested(proposed.certificate, proposed.address)
    assert (given.name, given.addresses) == ("Hans Huber", (HANS,))
    contacts.add(given, by="mira", at=office.at)
    assert contacts.proposals() == ()


@pytest.mark.requirement("B24")
def test_a_vcard_goes_out_with_the_usable_certificate_and_comes_back(office: Office) -> None:
    office.partner(HUBER)
    number = add(office, "Huber, Hans; Schule", HANS)
    exported = contacts.export_card(number, office.at)
    assert exported.name == "Huber--Hans--Schule.vcf"
    (card,) = read_cards(exported.data)
    assert (card.name, card.addresses) == ("Huber, Hans; Schule", (HANS,))
    assert [c.der for c in card.certificates] == [HUBER.certificate_der]
    contacts.remove(number, by="mira", at=office.at)
    taken = contacts.take_cards(exported.data, by="mira", at=office.at)
    assert (len(taken.added), taken.skipped, taken.certificates) == (1, (), 0)


def test_a_vcard_brings_certificates_and_skips_known_addresses(office: Office) -> None:
    key = parse_certificate(DANA.certificate_der)
    card = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Demir;Dana;;;\r\nitem1.EMAIL;TYPE=work:dana@partner.example"
        f"\r\nKEY;ENCODING=b;TYPE=X509:{base64.b64encode(key.der).decode()}\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nFN:Hans\r\nEMAIL:HUBER@school.example\r\nEND:VCARD\r\n"
    )
    add(office, "Hans Huber", HANS)
    taken = contacts.take_cards(card.encode(), by="mira", at=office.at)
    assert (len(taken.added), taken.skipped, taken.certificates) == (1, ("Hans",), 1)
    assert names(office) == ["Dana Demir", "Hans Huber"]
    assert certificates.get(key.fingerprint).links[0].address == D_ANA
    with pytest.raises(MalformedMessage):
        contacts.take_cards(b"keine Karte", by="mira", at=office.at)


def test_a_certificate_in_use_for_nobody_changes_no_contact(office: Office) -> None:
    add(office, "Hans Huber", HANS)
    assert store.with_addresses([HANS, D_ANA]).keys() == {HANS}
