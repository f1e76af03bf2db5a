"""Trust: a partner's certificate nobody knows, its root compared and decided, a changed key."""

import pytest
from playwright.sync_api import Browser, Page, expect

from siegel.pki.certificate import parse_certificate
from siegel.policy.roles import Role
from tests.browser.catalogs import Words
from tests.browser.dropping import drop_files
from tests.browser.installation import Installation
from tests.browser.visitor import Language, visiting
from tests.flows.office import HUBER
from tests.world import WORLD

pytestmark = pytest.mark.slow

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])
URSULA = WORLD.person("ursula")
ROOT = parse_certificate(WORLD.unknown_root.der)


@LANGUAGES
@pytest.mark.requirement("A26", "A38", "A40", "A41")
def test_a_root_is_compared_over_the_telephone_and_then_trusted(
    own_installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(
        browser, own_installation, who=Role.CERTIFICATE_MANAGER, language=language
    ) as visitor:
        page = visitor.page
        visitor.visit("/certificates/")
        chain = b"".join(one.pem for one in (*URSULA.intermediates, WORLD.unknown_root))
        drop_files(page, "#drop", {"Unger.pem": URSULA.certificate_pem + chain})
        visitor.visit("/certificates/?q=ursula")
        expect(page.get_by_text(NOT_TRUSTED[language], exact=True)).to_be_visible()

        visitor.visit("/trust/")
        page.get_by_role("link", name="Bundesamt Test Root").first.click()
        page.get_by_role("link", name=words("Compare fingerprint")).click()
        decide = page.get_by_role("button", name=words("Verify (trust) this root"))
        expect(decide).to_be_disabled()
        wrong = ("0" if ROOT.fingerprint[0] != "0" else "1") + ROOT.fingerprint[1:]
        read_out(page, words, wrong)
        expect(page.get_by_text(words("1 group differs")).first).to_be_visible()
        expect(page.locator(".fp .no").first).to_be_visible()
        expect(decide).to_be_disabled()
        read_out(page, words, ROOT.fingerprint.upper())
        expect(page.get_by_text(words("All groups are the same")).first).to_be_visible()
        expect(decide).to_be_enabled()

        page.get_by_label(words("all addresses")).check()
        page.get_by_label(words("How was it compared?")).fill("Telefon, Frau Brandt")
        page.get_by_label(words("Why is it trusted?")).fill("Bescheide kommen von dort.")
        decide.click()
        said = words("%(name)s is verified (trusted) now.", name="Bundesamt Test Root")
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_text("Telefon, Frau Brandt").first).to_be_visible()

        visitor.visit("/certificates/?q=ursula")
        expect(page.get_by_text(NOT_TRUSTED[language], exact=True)).to_have_count(0)
        visitor.visit("/trust/questions/")
        expect(page.get_by_role("main").get_by_text(URSULA.address)).to_have_count(0)


@LANGUAGES
@pytest.mark.requirement("A43", "B28")
def test_a_changed_key_is_looked_at_and_refused(
    own_installation: Installation, browser: Browser, language: Language
) -> None:
    words = Words(language)
    with visiting(
        browser, own_installation, who=Role.CERTIFICATE_MANAGER, language=language
    ) as visitor:
        page = visitor.page
        visitor.visit("/trust/questions/")
        page.get_by_role("link", name=words("Compare and answer")).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(HUBER.address)
        expect(page.get_by_text(words("In use until now"))).to_be_visible()
        page.get_by_role("button", name=words("Refuse the new key")).click()
        said = words(
            "The new key of %(address)s is refused and no longer used.", address=HUBER.address
        )
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_role("link", name=words("Compare and answer"))).to_have_count(0)


def read_out(page: Page, words: Words, fingerprint: str) -> None:
    """Typed as it is heard, in groups of four."""
    groups = [fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4)]
    page.get_by_label(words("Fingerprint from a second source")).fill(" ".join(groups))


NOT_TRUSTED = {"de": "nicht vertraut", "en": "not trusted"}
