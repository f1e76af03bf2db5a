"""Passkeys and codes in a real browser: set up, signed in with, confirmed with."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
)
from playwright.sync_api import Browser, CDPSession, Page, expect

from siegel.policy.roles import Role
from tests.browser.installation import Installation, installed
from tests.browser.scenery import COLLEAGUES, PASSWORD
from tests.browser.visitor import visiting

pytestmark = pytest.mark.slow


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Installation]:
    """An office that asks for a second factor."""
    with installed(tmp_path, second_factor=True) as running:
        yield running


class Device:
    """What answers for passkeys in this browser, as a phone or a security key would."""

    def __init__(self, page: Page) -> None:
        self._wire: CDPSession = page.context.new_cdp_session(page)
        self._wire.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = self._wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = made["authenticatorId"]

    def recognises(self, owner: bool) -> None:
        """Whether fingerprint or PIN are those of the owner."""
        said = {"authenticatorId": self._id, "isUserVerified": owner}
        self._wire.send("WebAuthn.setUserVerified", said)

    def loses_everything(self) -> None:
        self._wire.send("WebAuthn.clearCredentials", {"authenticatorId": self._id})


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def came_in(page: Page) -> None:
    """People with mail of their own land in the inbox, everybody else on the overview."""
    page.wait_for_url(lambda url: urlsplit(url).path in ("/", "/mail/"))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def give_password(page: Page, role: Role) -> None:
    page.goto("/sign/in/")
    page.get_by_label("E-Mail-Adresse").fill(COLLEAGUES[role][0])
    page.get_by_label("Passwort").fill(PASSWORD)
    press(page, "Anmelden")


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_a_passkey_is_set_up_first_then_opens_and_confirms(
    strict: Installation, browser: Browser
) -> None:
    with visiting(browser, strict) as visitor:
        page = visitor.page
        device = Device(page)
        give_password(page, Role.CERTIFICATE_MANAGER)
        heading(page, "Zweiter Schritt und Passkeys")
        expect(page.get_by_text("Bitte richten Sie das zuerst ein")).to_be_visible()
        page.goto("/menu/")
        heading(page, "Zweiter Schritt und Passkeys")

        page.get_by_role("main").get_by_role("link", name="Passkey hinzufügen").click()
        page.get_by_label("Name").fill("Diensthandy")
        press(page, "Passkey erstellen")
        heading(page, "Ersatzcodes")
        expect(page.locator(".codes li")).to_have_count(10)
        page.goto("/sign/second/webauthn/")
        expect(page.get_by_text("Anmeldung ohne Passwort")).to_be_visible()

        page.goto("/sign/out/")
        page.get_by_role("main").get_by_role("button", name="Abmelden").click()
        press(page, "Mit Passkey anmelden")
        came_in(page)
        page.goto("/sign/second/webauthn/reauthenticate/?next=/me/")
        press(page, "Mit dem Passkey bestätigen")
        heading(page, "Meine Anmeldung")

        page.goto("/sign/out/")
        page.get_by_role("main").get_by_role("button", name="Abmelden").click()
        device.recognises(owner=False)
        press(page, "Mit Passkey anmelden")
        expect(page.get_by_text("Der Passkey wurde nicht benutzt.")).to_be_visible()
        heading(page, "Anmelden")


def test_a_passkey_is_a_second_step_renamed_and_removed(
    own_installation: Installation, browser: Browser
) -> None:
    with visiting(browser, own_installation) as visitor:
        page = visitor.page
        Device(page)
        give_password(page, Role.MEMBER)
        page.goto("/sign/second/webauthn/add/")
        page.get_by_label("Damit ohne Passwort anmelden").uncheck()
        page.get_by_label("Name").press("Enter")
        heading(page, "Ersatzcodes")

        page.goto("/sign/out/")
        page.get_by_role("main").get_by_role("button", name="Abmelden").click()
        give_password(page, Role.MEMBER)
        heading(page, "Zweiter Schritt")
        press(page, "Passkey benutzen")
        came_in(page)

        page.goto("/sign/second/webauthn/")
        page.get_by_role("link", name="Umbenennen").click()
        page.get_by_label("Name").fill("Schlüsselbund")
        press(page, "Diesen Namen nehmen")
        page.get_by_role("link", name="Entfernen Schlüsselbund").click()
        press(page, "Passkey entfernen")
        heading(page, "Passkeys und Sicherheitsschlüssel")
        expect(page.get_by_text("Noch kein Passkey")).to_be_visible()


def test_an_app_is_set_up_and_its_code_opens(
    own_installation: Installation, browser: Browser
) -> None:
    with visiting(browser, own_installation) as visitor:
        page = visitor.page
        give_password(page, Role.ADMINISTRATOR)
        page.goto("/sign/second/totp/activate/")
        page.get_by_text("Stattdessen abtippen").click()
        secret = re.sub(r"\s", "", page.locator(".secret").inner_text())
        page.get_by_label("Code aus der App").fill("000000")
        press(page, "App einschalten")
        expect(page.get_by_text("Das hat nicht gepasst.")).to_be_visible()
        page.get_by_label("Code aus der App").fill(code(secret))
        press(page, "App einschalten")
        heading(page, "Ersatzcodes")
        spare = page.locator(".codes code").first.inner_text()
        with page.expect_download() as saving:
            page.get_by_role("link", name="Als Textdatei speichern").click()
        assert spare in saving.value.path().read_text()

        for given in (code(secret), spare):
            page.goto("/sign/out/")
            page.get_by_role("main").get_by_role("button", name="Abmelden").click()
            give_password(page, Role.ADMINISTRATOR)
            heading(page, "Zweiter Schritt")
            page.get_by_label("Code").fill(given)
            press(page, "Mit dem Code anmelden")
            came_in(page)


def test_other_sessions_are_ended_by_one_button(
    own_installation: Installation, browser: Browser
) -> None:
    with (
        visiting(browser, own_installation) as here,
        visiting(browser, own_installation) as there,
    ):
        for visitor in (here, there):
            give_password(visitor.page, Role.MEMBER)
        here.page.goto("/sign/sessions/")
        expect(here.page.get_by_role("row")).to_have_count(3)
        press(here.page, "Alle anderen Sitzungen beenden")
        expect(here.page.get_by_role("row")).to_have_count(2)
        there.page.goto("/me/")
        heading(there.page, "Anmelden")
