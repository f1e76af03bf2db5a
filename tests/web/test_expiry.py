"""What ends, by what to do about it; the calendar as a file and by a secret address."""

import html
import re
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from siegel.pki.certificate import parse_certificate
from siegel.policy.roles import Role
from siegel.store.models import CalendarLink, JournalEntry, ListEntry, User
from siegel.web import clock
from tests.flows.office import ALICE, BOB, DANA, HUBER, Office
from tests.flows.workshop import made_authority
from tests.web.conftest import SignIn
from tests.world import WORLD

MANAGER = Role.CERTIFICATE_MANAGER
END = parse_certificate(ALICE.certificate_der).not_after


class Answer(Protocol):
    @property
    def content(self) -> bytes: ...


def text(answer: Answer) -> str:
    return html.unescape(answer.content.decode()).replace("<wbr>", "")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch, office: Office) -> datetime:
    """A moment forty days before everything of the world ends; a partner's certificate, too."""
    at = END - timedelta(days=40)
    office.partner(HUBER)
    monkeypatch.setattr(clock, "now", lambda: at)
    return at


def calendar(data: bytes) -> list[dict[str, object]]:
    return [dict(event) for event in Calendar.from_ical(data).walk("VEVENT")]


@pytest.mark.requirement("C11", "B44")
def test_what_ends_stands_under_what_to_do_each_with_one_action(
    sign_in: SignIn, soon: datetime
) -> None:
    page = text(sign_in(MANAGER).get(reverse("expiry:overview")))
    for words in ("Eigenes Zertifikat erneuern", "Partner fragen", "in 40 Tagen", HUBER.address):
        assert words in page
    asking = urlencode({"to": HUBER.address, "ask": "new"})
    assert f"{reverse('compose:new')}?{asking}" in page
    own = ListEntry.objects.filter(kind="own").first()
    assert own is not None
    assert reverse("keys:renew", args=[own.certificate_id]) in page


def test_a_list_of_ours_that_is_overdue_stands_first(
    sign_in: SignIn, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_authority(office)
    monkeypatch.setattr(clock, "now", lambda: office.at + timedelta(days=30))
    page = text(sign_in(MANAGER).get(reverse("expiry:overview")))
    assert "Sperrliste überfällig" in page
    assert "Landratsamt Issuing" in page


def test_nothing_ends_is_said(sign_in: SignIn, office: Office) -> None:
    del office
    assert "Bald läuft nichts ab" in text(sign_in(MANAGER).get(reverse("expiry:overview")))


def test_members_see_their_calendar_but_not_the_page(sign_in: SignIn, soon: datetime) -> None:
    client = sign_in(Role.MEMBER)
    assert client.get(reverse("expiry:overview")).status_code == 403
    assert client.get(reverse("expiry:calendar")).status_code == 200
    assert calendar(client.get(reverse("expiry:download")).content) == []


@pytest.mark.requirement("C11")
def test_the_calendar_keeps_the_rules_of_its_format(sign_in: SignIn, soon: datetime) -> None:
    answer = sign_in(MANAGER).get(reverse("expiry:download"))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    data = answer.content
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75
    events = calendar(data)
    names = [str(event["SUMMARY"]) for event in events]
    assert f"Eigenes Zertifikat erneuern: {ALICE.address}" in names
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert {event["DTSTART"].dt for event in events} >= {END.date()}  # type: ignore[attr-defined]
    alarms = [str(a["TRIGGER"].to_ical()) for a in Calendar.from_ical(data).walk("VALARM")]
    assert alarms.count("b'-P30D'") == alarms.count("b'-P7D'") == len(events)


def subscribed(client: Client) -> str:
    page = text(client.post(reverse("expiry:subscribe"), follow=True))
    (address,) = re.findall(r"<code>(http://[^<]+\.ics)</code>", page)
    return str(address).removeprefix("http://testserver")


@pytest.mark.requirement("C11")
def test_the_secret_address_needs_no_cookie_and_is_kept_as_a_hash(
    sign_in: SignIn, soon: datetime
) -> None:
    client = sign_in(MANAGER)
    address = subscribed(client)
    stranger = Client()
    answer = stranger.get(address)
    assert f"{BOB.address}" in str(calendar(answer.content))
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "private, no-store"
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert token not in str(CalendarLink.objects.values())
    assert address not in text(client.get(reverse("expiry:calendar"))), "shown once"
    assert token not in str(JournalEntry.objects.values())
    assert stranger.post(address).status_code == 405


def test_a_new_address_or_none_ends_the_old_one(sign_in: SignIn, soon: datetime) -> None:
    client = sign_in(MANAGER)
    first = subscribed(client)
    second = subscribed(client)
    assert [Client().get(each).status_code for each in (first, second)] == [404, 200]
    client.post(reverse("expiry:unsubscribe"))
    assert Client().get(second).status_code == 404


def test_who_leaves_or_loses_a_role_sees_no_more_by_it(sign_in: SignIn, soon: datetime) -> None:
    address = subscribed(sign_in(MANAGER))
    user = User.objects.get(email="mira@office.example")
    user.memberships.update(role=Role.MEMBER)
    assert calendar(Client().get(address).content) == []
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("token", ["x", "ä" * 9, "A" * 2000, "%00", "siegel.ics"])
def test_a_wrong_token_is_not_found(office: Office, token: str) -> None:
    del office
    assert Client().get(f"/expiry/calendar/{token}.ics").status_code == 404


def test_the_calendar_speaks_the_language_it_was_made_in(sign_in: SignIn, soon: datetime) -> None:
    client = sign_in(MANAGER)
    client.post(reverse("language"), {"language": "en"})
    names = str(calendar(Client().get(subscribed(client)).content))
    assert "Renew our certificate" in names


def test_many_ends_need_no_more_queries(sign_in: SignIn, soon: datetime, office: Office) -> None:
    client = sign_in(MANAGER)
    few = queries(client)
    for person in (DANA, WORLD.person("emil")):
        office.partner(person)
    assert queries(client) == few


def queries(client: Client) -> int:
    client.get(reverse("expiry:overview"))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("expiry:overview"))
    return len(asked)
