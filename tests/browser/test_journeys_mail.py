"""A clerk's errand: open what came, answer it, send the answer. By keyboard alone, and by touch."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from siegel.policy.roles import Role
from tests.browser.catalogs import Words
from tests.browser.installation import Installation
from tests.browser.visitor import HEIGHTS, PHONE, Language, Visitor, visiting

pytestmark = pytest.mark.slow

SUBJECT: Final = "Räume ab Montag"
FARTHEST: Final = 150  # stops of the Tab key on one page


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.requirement("C14")
def test_an_answer_goes_out_by_keyboard_alone(
    own_installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(browser, own_installation, who=Role.MEMBER, language=language) as visitor:
        page = visitor.page
        visitor.visit("/mail/")
        _go_to(page, SUBJECT)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(SUBJECT)
        _go_to(page, words("Answer"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("huber@school.example").first).to_be_visible()
        _go_to(page, "", "textarea")
        page.keyboard.type("Guten Tag, vielen Dank.")
        _go_to(page, words("Into the outbox"))
        page.keyboard.press("Enter")
        _is_in_the_outbox(visitor, words)


@pytest.mark.requirement("C14")
def test_an_answer_goes_out_by_touch(own_installation: Installation, browser: Browser) -> None:
    words = Words("de")
    visitor = Visitor(
        browser,
        own_installation,
        locale="de",
        viewport={"width": PHONE, "height": HEIGHTS[PHONE]},
        has_touch=True,
        is_mobile=True,
    )
    try:
        visitor.sign_in_as(Role.MEMBER)
        page = visitor.page
        visitor.visit("/")
        page.get_by_role("link", name=words("Inbox"), exact=True).tap()
        page.get_by_role("link", name=SUBJECT).tap()
        page.get_by_role("link", name=words("Answer"), exact=True).tap()
        text = page.get_by_role("textbox", name=words("Message"), exact=True)
        text.tap()
        page.keyboard.type("Guten Tag, vielen Dank.")
        page.get_by_role("button", name=words("Into the outbox")).tap()
        _is_in_the_outbox(visitor, words)
        visitor.assert_nothing_happened()
    finally:
        visitor.context.close()


def _go_to(page: Page, words: str, kind: str = "a, button") -> None:
    """With the Tab key, as far as it takes."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        at = page.locator(f"main :is({kind}):focus")
        if at.count() and words in (at.text_content() or ""):
            return
    raise AssertionError(f"the keyboard does not come to {words!r} on {page.url}")


def _is_in_the_outbox(visitor: Visitor, words: Words) -> None:
    expect(visitor.page.get_by_role("button", name=words("Undo")).first).to_be_visible()
    visitor.visit("/outbox/")
    sent = visitor.page.get_by_role("main").get_by_role("listitem").filter(has_text=SUBJECT)
    expect(sent).to_contain_text("huber@school.example")
