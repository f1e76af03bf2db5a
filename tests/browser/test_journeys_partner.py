"""A partner who knows nothing: from the public page to a certificate, compared and loaded."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from siegel.pki.certificate import parse_certificate
from siegel.policy.roles import Role
from tests.browser.catalogs import Words
from tests.browser.installation import Installation
from tests.browser.visitor import PHONE, Language, visiting
from tests.flows.office import ALICE

pytestmark = pytest.mark.slow

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])


@LANGUAGES
@pytest.mark.requirement("B2", "B5", "B9", "B18", "B37", "C4")
def test_a_partner_searches_compares_and_loads(
    installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(browser, installation, language=language, width=PHONE) as visitor:
        page = visitor.page
        visitor.visit("/partner/")
        expect(page.get_by_role("heading", name=words("Postcard or envelope?"))).to_be_visible()
        visitor.visit("/partner/search/?address=niemand@office.example", status=404)
        expect(page.get_by_text(words("Nothing found for this address"))).to_be_visible()
        search(page, words, ALICE.address)
        expect(page.get_by_text(words("Current certificate"))).to_be_visible()

        with page.expect_download() as loading:
            page.get_by_role("link", name=words("Certificate (.cer)")).click()
        loaded = parse_certificate(Path(loading.value.path()).read_bytes())
        shown = page.get_by_role("group", name=words("Fingerprint (SHA-256)"))
        groups = "".join(shown.locator("span").all_inner_texts())
        assert groups.lower() == loaded.fingerprint

        page.get_by_role("link", name=words("Check the whole chain")).click()
        heading = page.get_by_role("heading", name=words("Who vouches for our certificates"))
        expect(heading).to_be_visible()
        assert not page.context.cookies()


@LANGUAGES
@pytest.mark.requirement("A55", "B23")
def test_what_a_manager_publishes_is_found_and_what_is_withdrawn_is_not(
    own_installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with (
        visiting(
            browser, own_installation, who=Role.CERTIFICATE_MANAGER, language=language
        ) as manager,
        visiting(browser, own_installation, language=language) as partner,
    ):
        manager.visit("/publishing/")
        row = manager.page.get_by_role("checkbox", name=ALICE.address)
        row.check()
        manager.page.get_by_role("button", name=words("No longer publish")).click()
        expect(manager.page.get_by_text(words("Not published")).first).to_be_visible()

        partner.visit(f"/partner/search/?address={ALICE.address}", status=404)
        nothing = partner.page.get_by_text(words("Nothing found for this address"))
        expect(nothing).to_be_visible()

        manager.page.get_by_role("checkbox", name=ALICE.address).check()
        manager.page.get_by_role("button", name=words("Publish what is chosen")).click()
        search(partner.page, words, ALICE.address)
        expect(partner.page.get_by_text(words("Current certificate"))).to_be_visible()


def search(page: Page, words: Words, address: str) -> None:
    page.get_by_label(words("Which address do you want to write to?")).fill(address)
    page.get_by_role("button", name=words("Search for the certificate")).click()
