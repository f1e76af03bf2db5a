"""Certificates and contacts with scripts switched off: files are chosen, forms do the rest."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from siegel.policy.roles import Role
from tests.browser.catalogs import Words
from tests.browser.installation import Installation
from tests.browser.scenery import PASSPHRASE, newcomer
from tests.browser.visitor import PHONE, Language, visiting
from tests.world import WORLD

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.requirement("A39", "A40", "A41")
def test_files_are_chosen_and_unlocked_in_their_row_without_script(
    own_installation: Installation, browser: Browser, language: Language, tmp_path: Path
) -> None:
    words, person = Words(language), newcomer()
    (tmp_path / "jana.p12").write_bytes(person.p12(PASSPHRASE))
    (tmp_path / "petra.cer").write_bytes(WORLD.person("petra").certificate_der)
    with visiting(
        browser, own_installation, who=Role.MEMBER, language=language, width=PHONE, script=False
    ) as visitor:
        page = visitor.page
        visitor.visit("/certificates/")
        files = [tmp_path / "jana.p12", tmp_path / "petra.cer"]
        page.locator("input[type=file]").set_input_files(files)
        page.get_by_role("button", name=words("Import"), exact=True).click()
        expect(page.get_by_text(words("What the files brought"))).to_be_visible()
        expect(page.get_by_role("link", name="Petra Paul").first).to_be_visible()

        row = page.locator("li.cert").filter(has_text="jana.p12")
        row.get_by_label(words("Passphrase")).fill(PASSPHRASE)
        row.get_by_role("button", name=words("Unlock")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Jana Jung")


@pytest.mark.requirement("B24")
def test_a_contact_is_kept_and_found_without_script(
    own_installation: Installation, browser: Browser
) -> None:
    with visiting(browser, own_installation, who=Role.MEMBER, script=False) as visitor:
        page = visitor.page
        visitor.visit("/contacts/new/")
        page.get_by_label("Name", exact=True).fill("Zoë Zeisig")
        page.get_by_label("E-Mail-Adressen").fill("zoe@school.example")
        page.get_by_role("button", name="Kontakt speichern").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Zoë Zeisig")
        visitor.visit("/contacts/?q=zei")
        expect(page.get_by_role("link", name="Zoë Zeisig")).to_be_visible()
