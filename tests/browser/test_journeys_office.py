"""An administrator's day: rules, a question about a mail, people and their deputies, the help."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from siegel.policy.roles import Role
from tests.browser.catalogs import Words
from tests.browser.installation import Installation
from tests.browser.scenery import PASSWORD
from tests.browser.visitor import PHONE, Language, visiting
from tests.flows.office import ALICE, DANA
from tests.world import WORLD, WORLD_NOW

pytestmark = pytest.mark.slow

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])
ADMINISTRATOR = Role.ADMINISTRATOR
EMIL = WORLD.person("emil")


@LANGUAGES
@pytest.mark.requirement("A73", "A75")
def test_a_changed_rule_is_told_at_once_by_the_explanation(
    own_installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(browser, own_installation, who=ADMINISTRATOR, language=language) as visitor:
        page = visitor.page
        visitor.visit("/rules/")
        ask(page, words, ALICE.address, DANA.address)
        expect(page.get_by_text(words("The mail is signed and encrypted."))).to_be_visible()

        page.get_by_label(words("Only on wish")).check()
        page.get_by_role("button", name=words("Save the rules")).click()
        expect(page.get_by_label(words("Only on wish"))).to_be_checked()
        ask(page, words, ALICE.address, DANA.address)
        signed = words("The mail is signed. It stays readable on its way.")
        expect(page.get_by_text(signed)).to_be_visible()
        wish = page.get_by_label(words("What does the writer ask for?"))
        wish.select_option(label=words("that it is encrypted"))
        expect(page.get_by_text(words("The mail is signed and encrypted."))).to_be_visible()


@LANGUAGES
@pytest.mark.requirement("A76")
def test_the_journal_says_why_a_mail_was_not_encrypted(
    installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(browser, installation, who=ADMINISTRATOR, language=language) as visitor:
        page = visitor.page
        visitor.visit("/journal/")
        page.get_by_role("link", name=words("Why was this not encrypted?"), exact=True).click()
        page.get_by_label(words("Message-ID")).fill("Nachfrage@test.example")
        page.get_by_role("button", name=words("Explain it")).click()
        expect(page.get_by_text(words("The mail was not sent.")).first).to_be_visible()
        recipient = page.get_by_role("listitem").filter(has_text=EMIL.address)
        expect(recipient.first).to_be_visible()
        page.get_by_role("link", name=words("The mail was not sent.")).first.click()
        expect(page).to_have_url(re.compile(r"/journal/\d+/$"))


@LANGUAGES
@pytest.mark.requirement("A84", "A85")
def test_somebody_is_invited_works_here_and_is_let_go(
    own_installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(browser, own_installation, who=ADMINISTRATOR, language=language) as visitor:
        page = visitor.page
        visitor.visit("/people/invite/")
        page.get_by_label(words("E-mail address")).fill("tina@office.example")
        page.get_by_label(words("Name"), exact=False).last.fill("Tina Tran")
        page.get_by_label(words("Member: works with the accounts given to them")).check()
        page.get_by_role("button", name=words("Send the invitation")).click()
        link = page.get_by_label(words("Link to choose a password")).input_value()

        with visiting(browser, own_installation, language=language) as guest:
            guest.visit(link.removeprefix(own_installation.origin))
            guest.page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
            guest.page.get_by_label(words("The password again")).fill(PASSWORD)
            guest.page.get_by_role("button", name=words("Set the password")).click()
            sign_in(guest.page, words, "tina@office.example")
            expect(guest.page.get_by_text("Tina Tran").first).to_be_visible()

            visitor.visit("/people/tina@office.example/")
            visitor.agrees = True
            page.get_by_role("button", name=words("Deactivate")).click()
            said = words("The person cannot sign in any more. Nothing was deleted.")
            expect(page.get_by_text(said)).to_be_visible()
            guest.visit("/")
            expect(guest.page).to_have_url(re.compile("/sign/in/"))


@LANGUAGES
@pytest.mark.requirement("A86")
def test_a_deputy_is_appointed_for_some_days(
    own_installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    first, last = WORLD_NOW + timedelta(days=2), WORLD_NOW + timedelta(days=9)
    with visiting(browser, own_installation, who=Role.MEMBER, language=language) as visitor:
        page = visitor.page
        visitor.visit(f"/accounts/{own_installation.names['shared_account']}/")
        page.get_by_role("link", name=words("Appoint a deputy")).click()
        page.get_by_label(words("Person"), exact=True).fill("claus@office.example")
        page.get_by_label(words("Deputy: reads and writes for a time")).check()
        page.get_by_label(words("From the day")).fill(f"{first:%Y-%m-%d}")
        save = page.get_by_role("button", name=words("Put on the account"))
        save.click()
        without_end = words("A deputy’s time has to end. Choose a day.")
        expect(page.get_by_text(without_end)).to_be_visible()
        page.get_by_label(words("Until and including")).fill(f"{last:%Y-%m-%d}")
        save.click()
        said = words("Saved. It counts from the chosen day on.")
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_text("Claus Zander").first).to_be_visible()


@LANGUAGES
@pytest.mark.requirement("A51")
def test_the_help_is_searched_and_read(
    installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(browser, installation, who=Role.MEMBER, language=language) as visitor:
        page = visitor.page
        visitor.visit("/")
        page.get_by_role("link", name=words("Help"), exact=True).first.click()
        page.get_by_role("searchbox").first.fill("Passphrase")
        page.get_by_role("button", name=words("Search")).click()
        hits = page.locator(".hits a")
        expect(hits.first).to_be_visible()
        hits.first.click()
        expect(page).to_have_url(re.compile("/help/[a-z-]+/"))


@LANGUAGES
@pytest.mark.requirement("A54")
def test_on_a_phone_everything_is_two_taps_away(
    installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(
        browser, installation, who=ADMINISTRATOR, language=language, width=PHONE
    ) as visitor:
        page = visitor.page
        visitor.visit("/")
        bar = page.get_by_role("navigation", name=words("Quick navigation"))
        expect(page.get_by_role("navigation", name=words("Main navigation"))).to_be_hidden()
        for link in bar.get_by_role("link").all():
            box = link.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44
        bar.get_by_role("link", name=words("More")).click()
        page.get_by_role("main").get_by_role("link", name=words("Journal")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(words("Journal"))


@LANGUAGES
def test_escape_and_the_skip_link_help_those_without_a_mouse(
    installation: Installation, browser: Browser, language: Language
) -> None:
    with visiting(browser, installation, who=ADMINISTRATOR, language=language) as visitor:
        page = visitor.page
        visitor.visit("/certificates/")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name=Words(language)("Skip to content"))
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def ask(page: Page, words: Words, sender: str, recipient: str) -> None:
    """The live explanation; nothing is pressed."""
    form = page.locator("form[data-explain]")
    form.get_by_label(words("Sender"), exact=True).fill(sender)
    form.get_by_label(words("To whom"), exact=True).fill(recipient)


def sign_in(page: Page, words: Words, email: str) -> None:
    page.get_by_label(words("E-mail address")).fill(email)
    page.get_by_label(words("Password"), exact=True).fill(PASSWORD)
    page.locator("form button[type=submit].btn-primary").click()
