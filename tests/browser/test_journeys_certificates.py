"""What a clerk does with certificates: bring one, open it, give its public part away, keep it safe.

Told once in English; made in German and in English.
"""

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from playwright.sync_api import Browser, Page, expect

from siegel.policy.roles import Role
from tests.browser.catalogs import Words
from tests.browser.dropping import drop_files
from tests.browser.installation import Installation
from tests.browser.scenery import PASSPHRASE, PASSWORD, newcomer
from tests.browser.visitor import Language, visiting
from tests.world import WORLD

pytestmark = pytest.mark.slow

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])
MANAGER = Role.CERTIFICATE_MANAGER


@LANGUAGES
@pytest.mark.requirement("A23", "A24", "A25", "A54")
def test_a_dropped_file_waits_for_its_passphrase_and_then_for_an_account(
    own_installation: Installation, browser: Browser, language: Language
) -> None:
    words, person = Words(language), newcomer()
    with visiting(browser, own_installation, who=Role.ADMINISTRATOR, language=language) as visitor:
        page = visitor.page
        visitor.visit("/certificates/")
        drop_files(page, "#drop", {"Jana Jung ä.p12": person.p12(PASSPHRASE)})
        expect(page.get_by_text("Jana Jung ä.p12").first).to_be_visible()
        page.get_by_role("link", name=words("Enter the passphrase")).click()

        page.get_by_label(words("Passphrase")).fill("Gruesse aus Koeln")
        page.get_by_role("button", name=words("Unlock")).click()
        expect(page.get_by_text(words(WRONG))).to_be_visible()
        page.get_by_label(words("Passphrase")).fill(PASSPHRASE)
        page.get_by_role("button", name=words("Unlock")).click()

        said = words(NO_ACCOUNT, name="Jana Jung ä.p12", address=person.address)
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("Jana Jung")
        page.get_by_role("link", name=words("Create account")).first.click()
        expect(page.get_by_label(words("E-mail address"))).to_have_value(person.address)
        page.get_by_role("main").get_by_role("button").first.click()

        visitor.visit("/certificates/?q=jana")
        row = page.get_by_role("listitem").filter(has_text=person.address)
        expect(row.get_by_text(USABLE[language], exact=True)).to_be_visible()


@LANGUAGES
@pytest.mark.requirement("A30", "A31")
def test_the_public_part_is_saved_in_one_click_and_holds_no_key(
    installation: Installation, browser: Browser, language: Language, tmp_path: Path
) -> None:
    words = Words(language)
    with visiting(browser, installation, who=Role.MEMBER, language=language) as visitor:
        page = visitor.page
        visitor.visit(f"/certificates/{installation.names['own_certificate']}/")
        saved = download(page, words("Export certificate"), tmp_path)
        expected = WORLD.person("alice").certificate_der
        assert saved.read_bytes() == expected
        for link in (words("As text (.pem)"), words("With its chain (.p7c)")):
            octets = download(page, link, tmp_path).read_bytes()
            assert b"PRIVATE" not in octets
        pem = download(page, words("As text (.pem)"), tmp_path).read_bytes()
        assert x509.load_pem_x509_certificate(pem).subject.rfc4514_string().startswith("CN=Alice")


@LANGUAGES
@pytest.mark.requirement("A32")
def test_the_private_key_leaves_only_with_the_password_given_again(
    own_installation: Installation, browser: Browser, language: Language, tmp_path: Path
) -> None:
    words = Words(language)
    with visiting(browser, own_installation, who="late", language=language) as visitor:
        page = visitor.page
        visitor.visit(f"/certificates/{own_installation.names['own_certificate']}/")
        page.get_by_role("link", name=words("Make a backup (.p12)")).click()
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("main").locator("button.btn-primary").click()

        page.get_by_label(words("Passphrase for the file")).fill("vier ganz lange Wörter")
        page.get_by_label(words("Once more")).fill("vier ganz lange Wörter")
        with page.expect_download() as downloading:
            page.get_by_role("button", name=words("Save the file (.p12)")).click()
        saved = tmp_path / "saved.p12"
        downloading.value.save_as(saved)
        assert "Alice" in downloading.value.suggested_filename or saved.exists()
        opened = subprocess.run(
            ["openssl", "pkcs12", "-in", saved, "-nodes", "-passin", "stdin"],
            input="vier ganz lange Wörter\n".encode(),
            capture_output=True,
            check=True,
        ).stdout
        key = load_pem_private_key(opened[opened.index(b"-----BEGIN PRIVATE") :], None)
        assert key.public_key() == WORLD.person("alice").certificate.public_key()


def download(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as downloading:
        page.get_by_role("link", name=link).first.click()
    place = folder / downloading.value.suggested_filename
    downloading.value.save_as(place)
    return place


WRONG = "This passphrase does not fit. Capital letters count, and so does every sign."
NO_ACCOUNT = "“%(name)s” is open. There is no mail account for %(address)s yet."
USABLE = {"de": "Verwendbar", "en": "Usable"}
