"""What scripts add: the fingerprint is compared while it is typed, rules are explained at once."""

import pytest
from playwright.sync_api import Browser, expect

from siegel.policy.roles import Role
from tests.browser.installation import Installation
from tests.browser.visitor import visiting

DECIDE = "/trust/roots/{}/decide/"


def spelled(fingerprint: str) -> str:
    """As a viewer of certificates writes it."""
    return ":".join(fingerprint[i : i + 2] for i in range(0, 64, 2)).upper()


@pytest.mark.requirement("C3", "A71")
@pytest.mark.parametrize(
    ("language", "differs", "same", "button"),
    [
        ("de", "1 Gruppe weicht ab", "Alle Gruppen stimmen überein", "Als verifiziert"),
        ("en", "1 group differs", "All groups are the same", "Verify (trust)"),
    ],
)
def test_groups_are_compared_while_they_are_typed(
    installation: Installation,
    browser: Browser,
    language: str,
    differs: str,
    same: str,
    button: str,
) -> None:
    root = installation.names["waiting_root"]
    with visiting(
        browser, installation, who=Role.ADMINISTRATOR, language="de" if language == "de" else "en"
    ) as visitor:
        page = visitor.page
        visitor.visit(DECIDE.format(root))
        trust = page.get_by_role("button", name=button)
        expect(trust).to_be_disabled()
        read = page.locator("[name=read]")
        last = "0" if root[-1] != "0" else "1"
        read.fill(spelled(root[:-1] + last))
        expect(page.locator("[data-result]")).to_contain_text(differs)
        expect(page.locator("[data-read] .no")).to_have_count(1)
        expect(page.locator("[data-advice]")).to_contain_text("16")
        expect(trust).to_be_disabled()
        read.fill(f"SHA-256: {spelled(root)}")
        expect(page.locator("[data-result]")).to_contain_text(same)
        expect(page.locator("[data-read] .no")).to_have_count(0)
        expect(trust).to_be_enabled()
        read.fill("")
        expect(trust).to_be_disabled()
        assert visitor.complaints + visitor.violations() == []


@pytest.mark.requirement("C3", "A71")
def test_without_scripts_the_button_compares(installation: Installation, browser: Browser) -> None:
    root = installation.names["waiting_root"]
    with visiting(browser, installation, who=Role.ADMINISTRATOR, script=False) as visitor:
        page = visitor.page
        visitor.visit(DECIDE.format(root))
        page.locator("[name=read]").fill(spelled(root))
        page.get_by_role("button", name="Vergleichen", exact=True).click()
        expect(page.locator("[data-result]")).to_contain_text("Alle Gruppen stimmen überein")
        expect(page.get_by_role("button", name="Als verifiziert")).to_be_enabled()
        expect(page.locator("[name=read]")).to_have_value(spelled(root))


@pytest.mark.requirement("C2")
def test_an_explanation_follows_what_is_typed(installation: Installation, browser: Browser) -> None:
    with visiting(browser, installation, who=Role.MEMBER) as visitor:
        page = visitor.page
        visitor.visit("/rules/")
        page.locator("[name=sender]").fill("alice@office.example")
        page.locator("[name=to]").fill("niemand@nirgends.example")
        expect(page.locator("[data-said]")).to_contain_text("Die E-Mail wird signiert.")
        page.locator("[name=wish]").select_option("encrypt")
        expect(page.locator("[data-said]")).to_contain_text("Die E-Mail wird nicht gesendet.")
        assert page.url.endswith("/rules/"), "the page stays"
        assert visitor.complaints + visitor.violations() == []


@pytest.mark.requirement("C2")
def test_without_scripts_the_explanation_is_a_page(
    installation: Installation, browser: Browser
) -> None:
    with visiting(browser, installation, who=Role.MEMBER, script=False) as visitor:
        page = visitor.page
        visitor.visit("/rules/")
        page.locator("[name=sender]").fill("alice@office.example")
        page.locator("[name=to]").fill("niemand@nirgends.example")
        page.get_by_role("button", name="Erklären").click()
        expect(page.locator("[data-said]")).to_contain_text("Die E-Mail wird signiert.")
        expect(page.locator("[name=sender]")).to_have_value("alice@office.example")
