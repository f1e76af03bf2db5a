"""What a clerk does all day, in Chromium, with real mail servers behind and partners outside.

Mail of the clerk lies on Dovecot; Siegel fetches and sends it, and the gateway stands between the
mail servers as well. The partners are OpenSSL and Thunderbird; what they say is the verdict. Told
once in English; made in German and in English.
"""

import email
import email.policy
import imaplib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from siegel.policy.message_state import MessageState
from siegel.wording.message_states import state_words
from siegel.wording.words import Language as Spoken
from tests.browser.catalogs import Words
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.visitor import Language, Visitor, visiting
from tests.interop.webmail import ALICE, BOB, HUBER, PASSWORD, House, open_house
from tests.peers.mime import text_entity
from tests.peers.openssl import OpenSSL
from tests.peers.thunderbird import Thunderbird
from tests.world import WORLD, Person

pytestmark = [pytest.mark.interop, pytest.mark.slow]

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])
PATIENCE = 90.0  # seconds; a message passes two mail servers and Siegel twice
MILLISECONDS = PATIENCE * 1000


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
    with _clerk(browser, house, ALICE, language) as visitor:
        _connect_the_mailbox(visitor, house, ALICE, words)
        _arrives(house, openssl.sign(text_entity("Wann beginnt der Kurs?"), HUBER), subject, ALICE)
        line = _line(visitor.page, subject)
        expect(line.get_by_text(_short(MessageState.VERIFIED, language))).to_be_visible()

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
        assert "ganz geheim" in _text(opened.content)
        _kept_protected(house, openssl, subject, "ganz geheim")
        _server_says(house, "INBOX", subject, b"Seen", b"Answered")


@LANGUAGES
@pytest.mark.requirement("A3", "A4", "A65", "B25")
def test_thunderbird_and_the_clerk_read_each_other(
    house: House, browser: Browser, tmp_path: Path, language: Language
) -> None:
    words = Words(language)
    with Thunderbird(tmp_path) as thunderbird, _clerk(browser, house, BOB, language) as visitor:
        thunderbird.trust(WORLD.root)
        thunderbird.import_key(HUBER)
        thunderbird.import_certificate(BOB)
        _connect_the_mailbox(visitor, house, BOB, words)
        written = thunderbird.send(HUBER, [BOB], "Aus Thunderbird.", sign=True, encrypt=True)
        house.stack.arrive(HUBER.address, [BOB.address], written)
        subject = str(_parsed(written)["Subject"])
        line = _line(visitor.page, subject)
        expect(line.get_by_text(_short(MessageState.CONFIDENTIAL, language))).to_be_visible()

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
    with _clerk(browser, house, ALICE, "en") as visitor:
        _connect_the_mailbox(visitor, house, ALICE, words)
        _arrives(house, openssl.sign(text_entity("Werbung"), HUBER), subject, ALICE)
        line = _line(visitor.page, subject)
        line.get_by_role("checkbox").check()
        visitor.page.get_by_role("button", name=words("Delete"), exact=True).click()
        expect(visitor.page.get_by_role("link", name=subject)).to_have_count(0)
        _until(lambda: not _on_the_server(house, "INBOX", subject))
        with _imap(house, ALICE) as client:
            folders = [_name(bytes(line)) for line in client.list()[1] if isinstance(line, bytes)]
        found = [name for name in folders if _on_the_server(house, name, subject)]
        assert len(found) == 1
        assert found[0] != "INBOX"


def _clerk(browser: Browser, house: House, person: Person, language: Language) -> "_Clerk":
    return _Clerk(browser, house, person, language)


class _Clerk:
    """``with _Clerk(…) as visitor``: signed in by the form, and nothing bad was seen."""

    def __init__(self, browser: Browser, house: House, person: Person, language: Language) -> None:
        self._visit = visiting(browser, house, language=language)  # type: ignore[arg-type]
        self._person, self._words = person, Words(language)

    def __enter__(self) -> Visitor:
        visitor = self._visit.__enter__()
        visitor.visit("/mail/")
        visitor.page.locator("#id_login").fill(self._person.address)
        visitor.page.locator("#id_password").fill(PASSWORD)
        visitor.page.locator("form button[type=submit].btn-primary").click()
        visitor.page.wait_for_url("**/mail/**")
        return visitor

    def __exit__(self, *told: object) -> None:
        self._visit.__exit__(*told)  # type: ignore[arg-type]


def _connect_the_mailbox(visitor: Visitor, house: House, person: Person, words: Words) -> None:
    """Once for the house; the second language finds it connected."""
    page, ports = visitor.page, house.stack.ports
    visitor.visit(f"/mailboxes/{person.address}/")
    if page.get_by_role("button", name=words("Test the connection")).count():
        return
    page.locator("#id_user").fill(person.address)
    page.locator("#id_password").fill(house.stack.users[person.address])
    page.locator("#id_imap_host").fill("127.0.0.1")
    page.locator("#id_imap_port").fill(str(ports.imap))
    page.locator("#id_imap_security").select_option("none")
    page.locator("#id_smtp_host").fill("127.0.0.1")
    page.locator("#id_smtp_port").fill(str(ports.submission))
    page.locator("#id_smtp_security").select_option("none")
    page.get_by_role("button", name=words("Test and save")).click()
    expect(page.get_by_role("button", name=words("Test the connection"))).to_be_visible(
        timeout=MILLISECONDS
    )


def _arrives(house: House, smime: bytes, subject: str, to: Person) -> None:
    top = (
        f"From: Petra Huber <{HUBER.address}>\r\nTo: <{to.address}>\r\nSubject: {subject}\r\n"
        f"Date: Sat, 28 Nov 2026 06:00:00 +0100\r\nMessage-ID: <{hash(smime):x}@test.example>\r\n"
    )
    raw = top.encode() + smime.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    house.stack.arrive(HUBER.address, [to.address], raw)


def _line(page: Page, subject: str) -> Locator:
    """The line of the inbox, as soon as it is there."""
    page.goto("/mail/")
    line = page.locator("li.mail").filter(has_text=subject)

    def there() -> bool:
        if line.count():
            return True
        page.reload()
        return False

    _until(there)
    return line.first


def _short(state: MessageState, language: str) -> str:
    return state_words(state, Spoken(language)).short


def _kept_protected(house: House, openssl: OpenSSL, subject: str, secret: str) -> None:
    """The copy in the folder of sent mail is closed for the server and open for its writer."""

    def sent() -> list[bytes]:
        return _on_the_server(house, "Sent", f"{subject}")

    _until(lambda: bool(sent()))
    (copy,) = sent()
    assert secret.encode() not in copy
    opened = openssl.verify(openssl.decrypt(copy, ALICE), WORLD.root)
    assert secret in _text(opened.content)


def _server_says(house: House, folder: str, subject: str, *flags: bytes) -> None:
    def all_set() -> bool:
        with _imap(house, ALICE) as client:
            client.select(folder, readonly=True)
            numbers = client.search(None, "HEADER", "Subject", f'"{subject}"')[1][0].split()
            said = [client.fetch(each.decode(), "(FLAGS)")[1][0] for each in numbers]
        return bool(said) and all(flag in str(said[0]).encode() for flag in flags)

    _until(all_set)


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


def _until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.5)


def _parsed(raw: bytes) -> email.message.EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def _text(raw: bytes) -> str:
    part = _parsed(raw).get_body(("plain",))
    assert part is not None
    return str(part.get_content())
