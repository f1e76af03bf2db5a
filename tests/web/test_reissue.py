"""The pages of replacing many certificates: found, planned, followed, switched, told, revoked."""

import html
from datetime import timedelta
from typing import Protocol

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from siegel.base.address import EmailAddress
from siegel.flows import accounts, issuing, reissuing, reissuing_work
from siegel.flows.issuing import Order
from siegel.pki.key_generation import KeyChoice
from siegel.policy.actions import Action
from siegel.policy.roles import Role
from siegel.store.models import ReissueCampaign, ReissueNotice
from siegel.store.queries import journal
from tests.browser.hostile import CANARY, HOSTILE
from tests.flows.office import HUBER, Office
from tests.flows.workshop import made_authority, workshop_of
from tests.web.conftest import SignIn

MANAGER = Role.CERTIFICATE_MANAGER
PLAN = {"way": "in_house:Landratsamt Issuing", "key": "p-256"}


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode()).replace("<wbr>", "")


def staffed(office: Office, number: int = 2) -> None:
    for each in range(number):
        address = EmailAddress.parse(f"p{each}@office.example")
        accounts.create(address, "", by="test", at=office.at)
        order = Order(address=address, key=KeyChoice.P_256)
        issuing.enrol(order, None, workshop_of(office), by="test", at=office.at)


@pytest.fixture
def client(sign_in: SignIn, office: Office) -> Client:
    made_authority(office)
    staffed(office)
    return sign_in(MANAGER)


def issuer(client: Client) -> str:
    page = text(client.get(reverse("reissue:new")))
    before, _, _ = page.partition(">Landratsamt Issuing (")
    return before.rpartition('value="')[2].rstrip('"')


def prepared(client: Client, **changed: str) -> str:
    query = f"?issuer={issuer(client)}"
    return text(client.post(reverse("reissue:new") + query, {**PLAN, **changed}, follow=True))


def number() -> int:
    return ReissueCampaign.objects.latest("id").pk


def do(client: Client, what: str, **fields: str) -> str:
    return text(client.post(reverse(f"reissue:{what}", args=[number()]), fields, follow=True))


def shown(client: Client) -> str:
    return text(client.get(reverse("reissue:one", args=[number()])))


@pytest.mark.requirement("C10")
def test_what_is_meant_is_seen_before_anything_happens(client: Client) -> None:
    page = text(client.get(reverse("reissue:new"), {"issuer": issuer(client)}))
    for words in ("2 Zertifikate gefunden", "Zu ersetzen", "p0@office.example", "Vorbereiten"):
        assert words in page
    assert ReissueCampaign.objects.count() == 0
    page = prepared(client)
    assert "Noch nicht begonnen" in page
    assert "0 von 2 ersetzt" in page
    assert "Verworfen. Es wurde nichts geändert." in do(client, "discard")
    assert ReissueCampaign.objects.count() == 0


@pytest.mark.requirement("C10")
def test_it_is_started_followed_switched_over_and_ended(client: Client, office: Office) -> None:
    prepared(client)
    assert "Es geht von selbst weiter" in do(client, "start")
    assert "Angehalten" in do(client, "stop")
    do(client, "start")
    reissuing_work.work_due(office.site, office.at)
    page = shown(client)
    for words in ("2 von 2 ersetzt", "signieren mit dem alten Zertifikat", "Neu ist da"):
        assert words in page
    later = (office.at + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert "Bis dahin signieren die alten" in do(client, "switch", moment=later)
    assert "Seit" in do(client, "switch", now="1")
    assert "Die neuen Zertifikate signieren schon." in do(client, "switch", now="1")
    assert "Beendet" in do(client, "end")


@pytest.mark.parametrize("moment", ["", "gestern", "2026-13-40T99:00"])
def test_a_moment_that_is_none_is_said(client: Client, moment: str) -> None:
    prepared(client)
    assert "Geben Sie Tag und Uhrzeit an" in do(client, "switch", moment=moment)


def test_the_same_key_from_outside_is_said_at_its_field(client: Client) -> None:
    page = prepared(client, way="by_hand:", key="same")
    assert "Von außen gibt es ein neues Zertifikat nur mit neuem Schlüssel." in page


@pytest.mark.requirement("C10")
def test_partners_are_listed_the_letter_is_edited_and_sent_once(
    client: Client, office: Office
) -> None:
    journal.write(
        at=office.at,
        actor="gateway",
        action=Action.OUTBOUND_SIGN_AND_ENCRYPT,
        about="p0@office.example",
        recipients=[HUBER.address],
    )
    prepared(client)
    do(client, "start")
    reissuing_work.work_due(office.site, office.at)
    page = text(client.get(reverse("reissue:partners", args=[number()])))
    assert "1 Mail senden" in page
    assert HUBER.address in page
    letter = {"subject": "Neu", "german": "Hallo Welt", "english": "Hello world"}
    assert "Noch hat niemand eine Mail bekommen" in do(client, "partners", **letter)
    assert "1 Mail ist unterwegs" in do(client, "partners", send="1", **letter)
    assert "0 Mails sind unterwegs" in do(client, "partners", send="1")
    office.out.sent.clear()
    reissuing_work.work_due(office.site, office.at)
    (sent,) = office.out.sent
    assert b"Hallo Welt" in sent.content
    assert b"Hello world" in sent.content
    assert ReissueNotice.objects.count() == 1
    assert "1 von 1 Mails" in shown(client)


def test_revoking_the_old_ones_needs_a_yes_and_the_switch(client: Client, office: Office) -> None:
    prepared(client)
    do(client, "start")
    reissuing_work.work_due(office.site, office.at)
    sure = {"reason": "superseded", "sure": "on"}
    assert "Wechseln Sie zuerst" in do(client, "revoke", **sure)
    do(client, "switch", now="1")
    do(client, "revoke", reason="superseded")
    assert ReissueCampaign.objects.get(pk=number()).revoking_since is None
    assert "nacheinander gesperrt" in do(client, "revoke", **sure)
    while reissuing_work.work_due(office.site, office.at):
        pass
    assert "alte Zertifikate gelten noch" not in shown(client)


def test_members_see_none_of_it(sign_in: SignIn, client: Client) -> None:
    prepared(client)
    member = sign_in(Role.MEMBER, "otto@office.example")
    assert member.get(reverse("reissue:list")).status_code == 403
    assert member.get(reverse("reissue:one", args=[number()])).status_code == 403
    assert member.post(reverse("reissue:start", args=[number()])).status_code == 403


def test_finding_and_revoking_ask_for_the_password_again(sign_in: SignIn, client: Client) -> None:
    prepared(client)
    old = sign_in(MANAGER, "claus@office.example", long_ago=True)
    assert old.get(reverse("reissue:new")).status_code == 302
    assert old.get(reverse("reissue:revoke", args=[number()])).status_code == 302


def test_a_hostile_letter_is_text(client: Client) -> None:
    prepared(client)
    letter = {"subject": HOSTILE, "german": HOSTILE, "english": HOSTILE}
    client.post(reverse("reissue:partners", args=[number()]), letter)
    page = client.get(reverse("reissue:partners", args=[number()])).content.decode()
    assert f"<{CANARY}" not in page


def test_many_certificates_need_no_more_queries(client: Client, office: Office) -> None:
    prepared(client)
    address = reverse("reissue:one", args=[number()])
    find = f"{reverse('reissue:new')}?issuer={issuer(client)}"
    few = queries(client, address), queries(client, find)
    reissuing.discard(number())
    for each in range(2, 9):
        accounts.create(EmailAddress.parse(f"p{each}@office.example"), "", by="test", at=office.at)
        order = Order(address=EmailAddress.parse(f"p{each}@office.example"), key=KeyChoice.P_256)
        issuing.enrol(order, None, workshop_of(office), by="test", at=office.at)
    prepared(client)
    address = reverse("reissue:one", args=[number()])
    assert (queries(client, address), queries(client, find)) == few


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_it_is_there_in_english_too(client: Client) -> None:
    client.cookies["siegel_language"] = "en"
    prepared(client)
    assert "Not started" in shown(client)
