"""Every function works without JavaScript: the same journeys with scripts switched off."""

import pytest
from playwright.sync_api import Browser, expect

from siegel.policy.roles import Role
from tests.browser.installation import Installation
from tests.browser.scenery import COLLEAGUES, PASSWORD
from tests.browser.visitor import PHONE, visiting


@pytest.mark.requirement("A54")
def test_signing_in_and_out(installation: Installation, browser: Browser) -> None:
    with visiting(browser, installation, script=False) as visitor:
        page = visitor.page
        visitor.visit("/me/")
        page.get_by_label("E-Mail-Adresse").fill(COLLEAGUES[Role.MEMBER][0])
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Meine Anmeldung")
        page.get_by_role("button", name="Abmelden").click()
        expect(page.get_by_role("button", name="Anmelden", exact=True)).to_be_visible()


def test_the_language_changes_by_a_button(installation: Installation, browser: Browser) -> None:
    with visiting(browser, installation, who=Role.MEMBER, script=False) as visitor:
        visitor.visit("/me/")
        visitor.page.get_by_role("button", name="English").click()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("My sign-in")
        visitor.page.get_by_role("button", name="Deutsch").click()
        expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Meine Anmeldung")


def test_a_phone_reaches_every_page_by_the_menu(
    installation: Installation, browser: Browser
) -> None:
    with visiting(
        browser, installation, who=Role.ADMINISTRATOR, width=PHONE, script=False
    ) as visitor:
        visitor.visit("/")
        visitor.page.get_by_role("link", name="Mehr").click()
        links = visitor.page.get_by_role("main").get_by_role("link").all()
        addresses = [link.get_attribute("href") or "" for link in links]
        assert addresses
        for address in addresses:
            assert visitor.visit(address) == 200


def test_mail_is_chosen_moved_read_and_answered(
    own_installation: Installation, browser: Browser
) -> None:
    with visiting(browser, own_installation, who=Role.MEMBER, width=PHONE, script=False) as visitor:
        page = visitor.page
        visitor.visit("/mail/")
        page.get_by_role("checkbox", name="Elternbrief").check()
        page.get_by_role("button", name="Archivieren").click()
        expect(page.get_by_role("link", name="Elternbrief")).to_have_count(0)
        page.get_by_role("link", name="Räume ab Montag").click()
        page.get_by_role("link", name="Antworten", exact=True).click()
        page.get_by_role("textbox", name="Nachricht", exact=True).fill("Guten Tag, vielen Dank.")
        page.get_by_role("button", name="In den Postausgang").click()
        expect(page.get_by_role("button", name="Rückgängig").first).to_be_visible()
