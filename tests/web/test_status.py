"""The status page: right numbers, no names, two languages, strict header fields."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from siegel.base.address import EmailAddress
from siegel.flows import status
from siegel.flows.status import MailCounts, Status
from siegel.pki.certificate import parse_certificate
from siegel.store.queries import alerts, journal, pending
from siegel.transport.envelope import Role
from siegel.web import views
from siegel.web.page import page_of
from siegel.wording.words import Language
from tests.flows.office import (
    ALICE,
    BOB,
    DANA,
    HUBER,
    UNKNOWN,
    Office,
    encrypted_bytes,
    mail,
    signed_by,
)
from tests.web.conftest import Ports
from tests.world import WORLD, WORLD_NOW

DAY = timedelta(days=1)
FRIEDA_SIGN, FRIEDA_ENCRYPT = (WORLD.person(f"frieda_{use}") for use in ("sign", "encrypt"))


def get(path: str = "/status/", language: str | None = None, accept: str = "") -> HttpResponse:
    query = {"lang": language} if language is not None else {}
    response = Client().get(path, query, headers={"accept-language": accept})
    assert isinstance(response, HttpResponse)
    return response


def text_of(response: HttpResponse) -> str:
    return response.content.decode("utf-8")


def gathered(ports: Ports) -> Status:
    return status.gather(ports.listeners, WORLD_NOW)


def a_day_of_mail(office: Office) -> None:
    """Two signed (one of them encrypted), one refused, one opened and one that stays closed."""
    office.partner(HUBER)
    office.send(mail(ALICE.address, UNKNOWN, subject="Ausflug"), ALICE.address, UNKNOWN)
    office.send(mail(ALICE.address, HUBER.address), ALICE.address, HUBER.address)
    wish = mail(ALICE.address, UNKNOWN, extra="X-Siegel-Protect: encrypt\r\n")
    office.send(wish, ALICE.address, UNKNOWN)
    signed = signed_by(HUBER, mail(HUBER.address, ALICE.address))
    office.receive(encrypted_bytes(signed, ALICE), HUBER.address, ALICE.address)
    office.receive(encrypted_bytes(signed, BOB), HUBER.address, ALICE.address)


@pytest.mark.requirement("A90")
@pytest.mark.parametrize(
    ("asked", "accept", "expected"),
    [
        pytest.param(None, "de-AT,de;q=0.9,en;q=0.5", "de", id="ok/browser prefers German"),
        pytest.param(None, "en-GB,en;q=0.9", "en", id="ok/browser prefers English"),
        pytest.param(None, "fr", "de", id="ok/neither: the organisation's language"),
        pytest.param(None, "", "de", id="ok/nothing said"),
        pytest.param("en", "de", "en", id="ok/the address wins"),
        pytest.param("xx", "en", "en", id="fail/unknown language in the address"),
    ],
)
def test_the_page_speaks_the_readers_language(
    office: Office, ports: Ports, asked: str | None, accept: str, expected: str
) -> None:
    del office, ports
    response = get(language=asked, accept=accept)
    assert response.status_code == 200
    assert response["Content-Language"] == expected
    assert "Accept-Language" in response["Vary"]
    assert f'<html lang="{expected}">' in text_of(response)
    assert {"de": "Alles läuft.", "en": "All is running."}[expected] in text_of(response)


def test_mail_is_counted_by_what_happened_to_it_and_when(office: Office, ports: Ports) -> None:
    a_day_of_mail(office)
    for days in (2, 29, 31):
        journal.write(at=WORLD_NOW - days * DAY, actor="gateway", action="outbound.sign")
    found = gathered(ports)
    assert found.last_day == MailCounts(signed=2, encrypted=1, opened=1, refused=1)
    assert found.last_month == MailCounts(signed=4, encrypted=1, opened=1, refused=1)


def test_accounts_and_certificates_are_counted_by_their_use(office: Office, ports: Ports) -> None:
    office.partner(HUBER)
    office.own(DANA, account=False)  # a key whose account is missing
    found = gathered(ports)
    assert (found.accounts, found.own, found.own_usable, found.partners) == (2, 3, 2, 1)


def test_certificates_for_signing_and_for_encrypting_apart_are_both_of_use(
    office: Office, ports: Ports
) -> None:
    office.own(FRIEDA_SIGN)
    office.key(FRIEDA_ENCRYPT)
    found = gathered(ports)
    assert (found.own, found.own_usable) == (4, 4)


def test_certificates_of_ours_that_end_soon_are_counted(office: Office, ports: Ports) -> None:
    del office
    ends = parse_certificate(ALICE.certificate_der).not_after
    assert status.gather(ports.listeners, ends - 31 * DAY).expiring == 0
    assert status.gather(ports.listeners, ends - 30 * DAY).expiring == 2
    late = status.gather(ports.listeners, ends + DAY)
    assert (late.own_usable, late.expiring) == (0, 0)


def test_what_waits_for_a_person_is_said_with_its_number(office: Office, ports: Ports) -> None:
    dana = parse_certificate(DANA.certificate_der)
    pending.add_pending(dana, EmailAddress.parse(DANA.address), reasons=[], at=WORLD_NOW)
    alerts.add_alert(
        EmailAddress.parse(HUBER.address), previous="0" * 64, current="1" * 64, at=WORLD_NOW
    )
    del office
    found = gathered(ports)
    assert (found.pending, found.alerts) == (1, 1)
    page = page_of(found, Language.DE)
    assert page.headline.title == "2 Dinge warten auf Sie."
    assert [line.title for line in page.waiting] == [
        "1 Partner hat einen neuen Schlüssel.",
        "1 Zertifikat von außen ist noch nicht bestätigt.",
    ]


def test_an_old_list_of_public_authorities_is_a_warning_after_180_days(
    office: Office, ports: Ports
) -> None:
    del office
    read_at = gathered(ports).roots_read_at
    assert not status.gather(ports.listeners, read_at + 180 * DAY).roots_are_old
    old = status.gather(ports.listeners, read_at + 181 * DAY)
    assert old.roots_are_old
    titles = [line.title for line in page_of(old, Language.EN).waiting]
    assert "The list of public authorities is 181 days old." in titles


def test_more_own_certificates_than_are_judged_is_said(office: Office, ports: Ports) -> None:
    del office
    found = replace(gathered(ports), own=2500, own_judged=1000, own_usable=999)
    line = page_of(found, Language.DE).certificates[1]
    assert line.title == "999 eigene Zertifikate verwendbar"
    assert line.why.endswith("; beurteilt sind die neuesten 1.000")


def test_the_number_of_queries_does_not_grow_with_the_journal(office: Office, ports: Ports) -> None:
    del office
    used = []
    for number in (10, 990):
        for _ in range(number):
            journal.write(at=WORLD_NOW, actor="gateway", action="outbound.sign")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = gathered(ports)
        used.append(len(queries))
    assert found.last_day.signed == 1000
    assert used[0] == used[1]


def test_strangers_cannot_make_it_look_again_and_again(office: Office, ports: Ports) -> None:
    del office, ports
    get()
    with CaptureQueriesContext(connection) as queries:
        assert get(language="en").status_code == 200
    assert len(queries) == 0


def test_no_address_name_or_subject_is_on_the_page(office: Office, ports: Ports) -> None:
    a_day_of_mail(office)
    for language in Language:
        page = text_of(get(language=language.value))
        visible = re.sub(r"<svg.*?</svg>", "", page, flags=re.S)
        assert "@" not in page
        for secret in (ALICE.address, "office.example", "school.example", "Ausflug", "Betreff"):
            assert secret not in page
        for host, port in ports.listeners.values():
            assert host not in visible
            assert str(port) not in visible
        assert not re.search(r"[0-9a-f]{32}", visible)


@pytest.mark.parametrize(
    ("path", "code"),
    [("/status/", 200), ("/healthz", 200), ("/nothing", 404), ("/status/?lang=en", 200)],
)
def test_every_answer_carries_the_strict_header_fields_and_no_cookie(
    office: Office, ports: Ports, path: str, code: int
) -> None:
    del office, ports
    response = get(path)
    assert response.status_code == code
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


def test_nothing_on_the_page_breaks_its_own_policy(office: Office, ports: Ports) -> None:
    """No script, no inline style, and nothing loaded but the stylesheet."""
    del office, ports
    page = text_of(get())
    assert not re.search(r"<script|\sstyle=|<style|\son\w+=|\ssrc=|<form|<iframe", page)
    assert re.findall(r"<link[^>]*>", page) == [
        f'<link rel="stylesheet" href="/siegel.{views.stylesheet_mark()}.css">'
    ]


def test_every_sign_that_is_used_is_in_the_sprite(office: Office, ports: Ports) -> None:
    dana = parse_certificate(DANA.certificate_der)
    pending.add_pending(dana, EmailAddress.parse(DANA.address), reasons=[], at=WORLD_NOW)
    del office
    pages = text_of(get())
    ports.silence(Role.INBOUND)
    cache.clear()
    pages += text_of(get())
    drawn = set(re.findall(r'<symbol id="(i-[\w-]+)"', pages))
    assert set(re.findall(r'<use href="#(i-[\w-]+)"', pages)) <= drawn


def test_the_stylesheet_may_be_kept_for_ever_under_its_own_name_only() -> None:
    response = get(f"/siegel.{views.stylesheet_mark()}.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert not re.search(r"url\(|@import|@font-face", text_of(response))
    assert get("/siegel.0000.css")["Cache-Control"] == "no-store"


def test_only_reading_is_possible() -> None:
    for path in ("/", "/healthz"):
        assert Client().post(path).status_code == 405


@pytest.mark.parametrize(
    ("silent", "title"),
    [
        pytest.param([Role.INBOUND], "One direction stands still.", id="fail/one port"),
        pytest.param(list(Role), "The gateway does not take mail.", id="fail/both ports"),
    ],
)
def test_a_silent_port_is_the_headline(
    office: Office, ports: Ports, silent: list[Role], title: str
) -> None:
    del office
    for role in silent:
        ports.silence(role)
    page = page_of(gathered(ports), Language.EN)
    assert (page.headline.title, page.headline.state) == (title, "is-bad")
    assert [line.tag == "Does not answer" for line in page.service[:2]] == [
        role in silent for role in Role
    ]


def test_health_says_ok_or_what_does_not_answer(office: Office, ports: Ports) -> None:
    del office
    healthy = get("/healthz")
    assert (healthy.status_code, text_of(healthy)) == (200, "ok\n")
    assert healthy["Content-Type"] == "text/plain"
    ports.silence(Role.OUTBOUND)
    ill = get("/healthz")
    assert (ill.status_code, text_of(ill)) == (503, "outbound\n")


def test_a_store_that_does_not_answer_is_said_on_both_pages(office: Office, ports: Ports) -> None:
    del office, ports
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE store_organisation RENAME TO gone")
    ill = get("/healthz")
    assert (ill.status_code, text_of(ill)) == (503, "store\n")
    page = get(language="en")
    assert page.status_code == 503
    assert "The store does not answer." in text_of(page)
    assert "default-src 'none'" in page["Content-Security-Policy"]
