"""A partner who knows nothing gets from the public page to encrypted mail, and an encrypted answer.

The partner has Thunderbird and a browser that nobody signed in; what is put into Thunderbird is
what the page handed out, octet for octet. Between the two stand Postfix, Dovecot and the gateway.
Thunderbird and OpenSSL say whether it is good. Told once in English; made in both languages.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Browser, Page, expect, sync_playwright

from siegel.policy.message_state import MessageState
from tests.browser.catalogs import Words
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.visitor import Language, visiting
from tests.interop.clerk import (
    MILLISECONDS,
    PATIENCE,
    Clerk,
    connect_the_mailbox,
    line_of,
    short,
    text_of,
)
from tests.interop.webmail import ALICE, HUBER, House, open_house
from tests.peers.openssl import OpenSSL
from tests.peers.thunderbird import Thunderbird
from tests.world import WORLD

pytestmark = [pytest.mark.interop, pytest.mark.slow]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house"), published=(ALICE,)) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.requirement("A31", "B14", "B18", "B20", "B23", "B25", "B29", "B32", "C4")
def test_from_the_public_page_to_encrypted_mail_in_both_directions(
    house: House, browser: Browser, openssl: OpenSSL, tmp_path: Path, language: Language
) -> None:
    words, secret, subject = Words(language), f"Ganz geheim, {language}", f"Erste {language}"
    with visiting(browser, house, language=language) as partner:  # type: ignore[arg-type]
        partner.visit("/partner/")
        certificate, chain = _fetched_by_a_person(partner.page, words)

    with Thunderbird(tmp_path) as thunderbird:
        thunderbird.take_in(certificate, *chain, trusted=chain[0])
        thunderbird.import_key(HUBER)
        written = thunderbird.send(HUBER, [ALICE], secret, sign=True, encrypt=True, subject=subject)
        assert secret.encode() not in written
        house.stack.arrive(HUBER.address, [ALICE.address], written)

        with Clerk(browser, house, ALICE, language) as visitor:
            connect_the_mailbox(visitor, house, ALICE, words)
            page = visitor.page
            line = line_of(page, subject)
            expect(line.get_by_text(short(MessageState.CONFIDENTIAL, language))).to_be_visible()
            line.get_by_role("link", name=subject).click()
            expect(page.get_by_text(secret).first).to_be_visible()
            page.get_by_role("link", name=words("Answer"), exact=True).click()
            page.get_by_label(words("Message"), exact=True).fill(f"Antwort, {secret}")
            page.get_by_role("button", name=words("Into the outbox")).click()
            expect(page.get_by_role("button", name=words("Undo")).first).to_be_visible(
                timeout=MILLISECONDS
            )

        left = house.stack.outside.wait_for(
            lambda one: subject.encode() in one.content and HUBER.address in one.recipients,
            patience=PATIENCE,
        )
        assert secret.encode() not in left.content
        shown = thunderbird.show(left.content)
        assert (shown.signature, shown.encryption) == ("SUCCESS", "SUCCESS")
        assert f"Antwort, {secret}" in shown.text
    opened = openssl.verify(openssl.decrypt(left.content, HUBER), WORLD.root)
    assert opened.signers == (ALICE.certificate,)
    assert f"Antwort, {secret}" in text_of(opened.content)


def _fetched_by_a_person(page: Page, words: Words) -> tuple[bytes, list[bytes]]:
    """Searched by address, compared with the letter, loaded: the certificate and its chain (DER),
    the root first."""
    page.locator("#address").fill(ALICE.address)
    page.get_by_role("button", name=words("Search for the certificate")).click()
    expect(page.get_by_role("heading", name=words("Fingerprint to compare"))).to_be_visible()
    on_the_letter = ALICE.certificate.fingerprint(SHA256()).hex()
    shown = page.get_by_role("group").filter(has_text=on_the_letter[:4]).first.inner_text()
    assert "".join(shown.split()).lower() == on_the_letter
    certificate = _loaded(page, ".cer")

    page.get_by_role("link", name=words("Check the whole chain")).click()
    pem = _loaded(page, ".pem")
    chain = [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem)]
    return certificate, chain


def _loaded(page: Page, kind: str) -> bytes:
    with page.expect_download() as download:
        page.locator(f'a[download][href*="{kind}"]').first.click()
    return Path(download.value.path()).read_bytes()
