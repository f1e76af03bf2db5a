"""A clerk in front of the pages of a whole house: what tests of journeys do more than once."""

import email
import email.policy
import time
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, expect

from siegel.policy.message_state import MessageState
from siegel.wording.message_states import state_words
from siegel.wording.words import Language as Spoken
from tests.browser.catalogs import Words
from tests.browser.visitor import Language, Visitor, visiting
from tests.interop.webmail import PASSWORD, House
from tests.world import Person

PATIENCE = 90.0  # seconds; a message passes two mail servers and Siegel twice
MILLISECONDS = PATIENCE * 1000


class Clerk:
    """``with Clerk(…) as visitor``: signed in by the form, and nothing bad was seen."""

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


def connect_the_mailbox(visitor: Visitor, house: House, person: Person, words: Words) -> None:
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


def line_of(page: Page, subject: str) -> Locator:
    """The line of the inbox, as soon as it is there."""
    page.goto("/mail/")
    line = page.locator("li.mail").filter(has_text=subject)

    def there() -> bool:
        if line.count():
            return True
        page.reload()
        return False

    until(there)
    return line.first


def short(state: MessageState, language: str) -> str:
    return state_words(state, Spoken(language)).short


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.5)


def parsed(raw: bytes) -> email.message.EmailMessage:
    found = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(found, email.message.EmailMessage)
    return found


def text_of(raw: bytes) -> str:
    part = parsed(raw).get_body(("plain",))
    assert part is not None
    return str(part.get_content())
