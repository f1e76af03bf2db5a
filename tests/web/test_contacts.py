"""The pages of contacts: kept, found, changed, removed, exchanged as vCards."""

import html
from typing import Protocol

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.flows import contacts
from siegel.policy.roles import Role
from siegel.store.queries.contacts import Given
from tests.browser.hostile import CANARY, HOSTILE
from tests.flows.office import HUBER, Office, mail, signed_bytes
from tests.web.conftest import SignIn

HANS = {"name": "Hans Huber", "organisation": "Schule", "addresses": HUBER.address, "note": "Mo–Fr"}


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode())


def add(client: Client, **given: str) -> str:
    return text(client.post(reverse("contacts:new"), {**HANS, **given}, follow=True))


@pytest.mark.requirement("B24", "B28")
def test_a_contact_shows_name_addresses_and_certificates(sign_in: SignIn, office: Office) -> None:
    office.partner(HUBER)
    page = add(sign_in(Role.MEMBER), addresses=f"{HUBER.address}\nhans@privat.example")
    for words in ("Hans Huber", "Schule", "verschlüsselt erreichbar", "Mo–Fr",
                  "hat noch nie signiert geschrieben", "Verwendbar"):  # fmt: skip
        assert words in page


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"name": ""}, "id_name_error"),
        ({"addresses": "keine Adresse"}, "„keine“ ist keine E-Mail-Adresse"),
        ({"addresses": " ".join(f"p{n}@x.example" for n in range(21))}, "höchstens 20"),
    ],
)
def test_what_is_missing_is_said_at_the_field(
    sign_in: SignIn, changed: dict[str, str], why: str
) -> None:
    page = add(sign_in(Role.MEMBER), **changed)
    assert why in page
    assert "Schule" in page


def test_an_address_that_somebody_has_is_refused(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.MEMBER)
    add(client)
    assert "steht schon in einem anderen Kontakt" in add(client, name="Ein anderer")
    assert len(contacts.listing("", at=office.at).states) == 1


def test_a_contact_is_changed_and_removed(sign_in: SignIn, office: Office) -> None:
    client = sign_in(Role.MEMBER)
    add(client)
    number = contacts.listing("", at=office.at).states[0].row.id
    edit = reverse("contacts:edit", args=[number])
    assert "Mo–Fr" in text(client.get(edit))
    assert "Hubert" in text(client.post(edit, {**HANS, "name": "Hubert"}, follow=True))
    removal = reverse("contacts:remove", args=[number])
    assert "Nur der Kontakt geht" in text(client.get(removal))
    assert "entfernt" in text(client.post(removal, follow=True))
    assert client.get(reverse("contacts:one", args=[number])).status_code == 404


def test_contacts_are_searched(sign_in: SignIn) -> None:
    client = sign_in(Role.MEMBER)
    add(client)
    address = reverse("contacts:list")
    assert "Hans Huber" in text(client.get(address, {"q": "hub"}))
    assert "Niemand passt" in text(client.get(address, {"q": "zzz"}))


@pytest.mark.requirement("B41")
def test_mail_proposes_contacts(sign_in: SignIn, office: Office) -> None:
    raw = signed_bytes(HUBER, mail(HUBER.address, "alice@office.example"))
    office.receive(raw, HUBER.address, "alice@office.example")
    client = sign_in(Role.MEMBER)
    page = text(client.get(reverse("contacts:list")))
    query = page.partition(f"{reverse('contacts:new')}?")[2].partition('"')[0]
    form = text(client.get(f"{reverse('contacts:new')}?{query}"))
    assert HUBER.address in form
    assert 'value="Hans Huber"' in form


@pytest.mark.requirement("B24")
def test_vcards_go_out_and_come_in(sign_in: SignIn, office: Office) -> None:
    office.partner(HUBER)
    client = sign_in(Role.MEMBER)
    add(client)
    number = contacts.listing("", at=office.at).states[0].row.id
    card = client.get(reverse("contacts:vcard", args=[number]))
    assert card["Content-Disposition"] == 'attachment; filename="Hans-Huber.vcf"'
    contacts.remove(number, by="t", at=office.at)

    def take(data: bytes) -> str:
        given = {"cards": SimpleUploadedFile("a.vcf", data)}
        return text(client.post(reverse("contacts:take_cards"), given, follow=True))

    assert "1 Kontakt angelegt" in take(card.content)
    assert "blieb, wie er ist" in take(card.content)
    assert "kein Kontakt" in take(b"nichts")


def test_the_list_asks_the_same_number_of_questions(sign_in: SignIn, office: Office) -> None:
    office.partner(HUBER)
    client, questions = sign_in(Role.MEMBER), []
    add(client)
    for count in (10, 60):
        for number in range(count):
            address = EmailAddress.parse(f"p{number}@{count}.example")
            contacts.add(Given(name="P", addresses=(address,)), by="t", at=office.at)
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("contacts:list"))
        questions.append(len(seen))
    assert questions[0] == questions[1]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_written_into_a_contact_becomes_markup(sign_in: SignIn, hostile: str) -> None:
    client = sign_in(Role.MEMBER)
    answer = client.post(
        reverse("contacts:new"),
        {"name": hostile, "organisation": hostile, "note": hostile, "addresses": "a@b.example"},
    )
    for path in (answer["Location"], reverse("contacts:list"), answer["Location"] + "edit/",
                 f"{reverse('contacts:new')}?name=%3C{CANARY}%3E&address={hostile}",
                 f"{reverse('contacts:list')}?q=%3C{CANARY}%3E"):  # fmt: skip
        raw = client.get(path).content.decode()
        assert f"<{CANARY}" not in raw
        assert "<script>window" not in raw


def test_nobody_comes_here_without_signing_in(db: None) -> None:
    for name in ("list", "new"):
        assert Client().get(reverse(f"contacts:{name}")).status_code == 302
    for name in ("one", "edit", "remove", "vcard"):
        assert Client().get(reverse(f"contacts:{name}", args=[1])).status_code == 302
