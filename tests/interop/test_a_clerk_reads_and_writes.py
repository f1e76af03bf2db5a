"""What a clerk does all day, in Chromium, with real mail servers behind and partners outside.

Mail of the clerk lies on Dovecot; Siegel fetches and sends it, and the gateway stands between the
mail servers as well. The partners are OpenSSL and Thunderbird; what they say is the verdict. Told
once in English; made in German and in English.
"""

import imaplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from siegel.policy.message_state import MessageState
from tests.browser.catalogs import Words
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.visitor import Language
from tests.interop.clerk import (
    PATIENCE,
    Clerk,
    connect_the_mailbox,
    line_of,
    parsed,
    short,
    text_of,
    until,
)
from tests.interop.webmail import ALICE, BOB, HUBER, House, open_house
from tests.peers.mime import text_entity
from tests.peers.openssl import OpenSSL
from tests.peers.thunderbird import Thunderbird
from tests.world import WORLD, Person

pytestmark = [pytest.mark.interop, pytest.mark.slow]

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@LANGUAGES
@pytest.mark.requirement("A1", "A2", "A46", "A47", "A60", "A65", "A79", "A80", "A92", "B25")
def test_a_partner_writes_signed_and_the_answer_is_read_by_nobody_else(
    house: House, browser: Browser, openssl: OpenSSL, language: Language
) -> None:
    words, subject = Words(language), f"Anfrage {language}"
    with Clerk(browser, house, ALICE, language) as visitor:
        connect_the_mailbox(visitor, house, ALICE, words)
        _arrives(house, openssl.sign(text_entity("Wann beginnt der Kurs?"), HUBER), subject, ALICE)
        line = line_of(visitor.page, subject)
        expect(line.get_by_text(short(MessageState.VERIFIED, language))).to_be_visible()

        line.get_by_role("link", name=subject).click()
        expect(visitor.page.get_by_text("Wann beginnt der Kurs?").first).to_be_visible()
        visitor.page.get_by_role("link", name=words("Answer"), exact=True).click()
        visitor.page.get_by_label(words("Message"), exact=True).fill("Am Montag, ganz geheim.")
        visitor.page.get_by_role("button", name=words("Into the outbox")).click()
        expect(visitor.page.get_by_role("button", name=words("Undo")).first).to_be_visible()

        left = house.stack.outside.wait_for(
            lambda one: subject.encode() in one.content and HUBER.address in one.recipients,
            patience=PATIENCE,
        )
        assert b"ganz geheim" not in left.content
        opened = openssl.verify(openssl.decrypt(left.content, HUBER), WORLD.root)
        assert opened.signers == (ALICE.certificate,)
        assert "ganz geheim" in text_of(opened.content)
        _kept_protected(house, openssl, subject, "ganz geheim")
        _server_says(house, "INBOX", subject, b"Seen", b"Answered")


@LANGUAGES
@pytest.mark.requirement("A3", "A4", "A65", "B25")
def test_thunderbird_and_the_clerk_read_each_other(
    house: House, browser: Browser, tmp_path: Path, language: Language
) -> None:
    words = Words(language)
    with Thunderbird(tmp_path) as thunderbird, Clerk(browser, house, BOB, language) as visitor:
        thunderbird.trust(WORLD.root)
        thunderbird.import_key(HUBER)
        thunderbird.import_certificate(BOB)
        connect_the_mailbox(visitor, house, BOB, words)
        written = thunderbird.send(HUBER, [BOB], "Aus Thunderbird.", sign=True, encrypt=True)
        house.stack.arrive(HUBER.address, [BOB.address], written)
        subject = str(parsed(written)["Subject"])
        line = line_of(visitor.page, subject)
        expect(line.get_by_text(short(MessageState.CONFIDENTIAL, language))).to_be_visible()

        line.get_by_role("link", name=subject).click()
        expect(visitor.page.get_by_text("Aus Thunderbird.").first).to_be_visible()
        visitor.page.get_by_role("link", name=words("Answer"), exact=True).click()
        visitor.page.get_by_label(words("Message"), exact=True).fill("Im Siegel geschrieben.")
        visitor.page.get_by_role("button", name=words("Into the outbox")).click()

        left = house.stack.outside.wait_for(
            lambda one: subject.encode() in one.content and HUBER.address in one.recipients,
            patience=PATIENCE,
        )
        shown = thunderbird.show(left.content)
        assert (shown.signature, shown.encryption) == ("SUCCESS", "SUCCESS")
        assert "Im Siegel geschrieben." in shown.text


@pytest.mark.requirement("A47")
def test_what_is_thrown_away_here_lies_in_the_trash_of_the_server(
    house: House, browser: Browser, openssl: OpenSSL
) -> None:
    words, subject = Words("en"), "Weg damit"
    with Clerk(browser, house, ALICE, "en") as visitor:
        connect_the_mailbox(visitor, house, ALICE, words)
        _arrives(house, openssl.sign(text_entity("Werbung"), HUBER), subject, ALICE)
        line = line_of(visitor.page, subject)
        line.get_by_role("checkbox").check()
        visitor.page.get_by_role("button", name=words("Delete"), exact=True).click()
        expect(visitor.page.get_by_role("link", name=subject)).to_have_count(0)
        until(lambda: not _on_the_server(house, "INBOX", subject))
        with _imap(house, ALICE) as client:
            folders = [_name(bytes(line)) for line in client.list()[1] if isinstance(line, bytes)]
        found = [name for name in folders if _on_the_server(house, name, subject)]
        assert len(found) == 1
        assert found[0] != "INBOX"


def _arrives(house: House, smime: bytes, subject: str, to: Person) -> None:
    top = (
        f"From: Petra Huber <{HUBER.address}>\r\nTo: <{to.address}>\r\nSubject: {subject}\r\n"
        f"Date: Sat, 28 Nov 2026 06:00:00 +0100\r\nMessage-ID: <{hash(smime):x}@test.example>\r\n"
    )
    raw = top.encode() + smime.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    house.stack.arrive(HUBER.address, [to.address], raw)


def _kept_protected(house: House, openssl: OpenSSL, subject: str, secret: str) -> None:
    """The copy in the folder of sent mail is closed for the server and open for its writer."""

    def sent() -> list[bytes]:
        return _on_the_server(house, "Sent", f"{subject}")

    until(lambda: bool(sent()))
    (copy,) = sent()
    assert secret.encode() not in copy
    opened = openssl.verify(openssl.decrypt(copy, ALICE), WORLD.root)
    assert secret in text_of(opened.content)


def _server_says(house: House, folder: str, subject: str, *flags: bytes) -> None:
    def all_set() -> bool:
        with _imap(house, ALICE) as client:
            client.select(folder, readonly=True)
            numbers = client.search(None, "HEADER", "Subject", f'"{subject}"')[1][0].split()
            said = [client.fetch(each.decode(), "(FLAGS)")[1][0] for each in numbers]
        return bool(said) and all(flag in str(said[0]).encode() for flag in flags)

    until(all_set)


def _on_the_server(house: House, folder: str, subject: str) -> list[bytes]:
    with _imap(house, ALICE) as client:
        if client.select(f'"{folder}"', readonly=True)[0] != "OK":
            return []
        numbers = client.search(None, "HEADER", "Subject", f'"{subject}"')[1][0].split()
        found = [client.fetch(each.decode(), "(BODY.PEEK[])")[1][0] for each in numbers]
        return [bytes(one[1]) for one in found if isinstance(one, tuple)]


def _imap(house: House, person: Person) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", house.stack.ports.imap, timeout=PATIENCE)
    client.login(person.address, house.stack.users[person.address])
    return client


def _name(listed: bytes) -> str:
    return listed.decode().rpartition(" ")[2].strip('"')
