"""A partner without certificate makes a key in the browser; no one else ever sees it."""

import re
import subprocess
from base64 import b64decode
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.catalogs import Words
from tests.browser.installation import Installation
from tests.browser.partner_scenery import CONTROL, INVITED, PAULA
from tests.browser.visitor import PHONE, Language, Visitor, visiting
from tests.world import WORLD, WORLD_NOW

pytestmark = pytest.mark.slow

PASSPHRASE = "ein langer Satz für Paula"


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def prove(visitor: Visitor, words: Words) -> None:
    visitor.visit(f"/partner/joining/control/{CONTROL}/")
    visitor.page.get_by_role("button", name=words("Yes, this is my address")).click()
    heading(visitor.page, words("Make your key"))


def made_file(visitor: Visitor, words: Words, kind: str, folder: Path) -> Path:
    page = visitor.page
    page.get_by_label(words("Kind of key")).select_option(kind)
    page.get_by_label(words("Passphrase for the file")).fill(PASSPHRASE)
    page.get_by_label(words("The same once more")).fill(PASSPHRASE)
    page.get_by_role("button", name=words("Make key and certificate")).click()
    link = page.locator("#maker_file")
    expect(link).to_be_visible(timeout=120_000)
    with page.expect_download() as download:
        link.click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


@pytest.mark.requirement("B38", "B33", "B12", "A24")
@pytest.mark.parametrize(("language", "kind"), [("de", "rsa"), ("en", "ec")])
def test_a_partner_makes_key_and_certificate_in_the_browser(
    own_installation: Installation,
    browser: Browser,
    tmp_path: Path,
    language: Language,
    kind: str,
) -> None:
    words, sent = Words(language), list[Request]()
    width = PHONE if kind == "ec" else 1280
    with visiting(browser, own_installation, language=language, width=width) as visitor:
        visitor.page.on("request", lambda each: sent.append(each))  # playwright marks it
        prove(visitor, words)
        file = made_file(visitor, words, kind, tmp_path)
    assert file.name == f"{PAULA}.p12"
    key, certificate, chain = pkcs12.load_key_and_certificates(
        file.read_bytes(), PASSPHRASE.encode()
    )
    assert key is not None
    assert certificate is not None
    assert key.public_key() == certificate.public_key()
    assert len(chain) == 2
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    _never_sent(key, sent)
    _openssl_reads(file, tmp_path)
    _nss_imports(file, tmp_path)


@pytest.mark.requirement("A45", "C9")
@pytest.mark.parametrize("language", ["de", "en"])
def test_an_invited_partner_hands_in_a_certificate_and_never_a_key(
    own_installation: Installation, browser: Browser, tmp_path: Path, language: Language
) -> None:
    words = Words(language)
    person = WORLD.person("huber")
    (tmp_path / "key.p12").write_bytes(person.p12("geheim"))
    (tmp_path / "other.cer").write_bytes(person.certificate_der)
    with visiting(browser, own_installation, language=language, script=False) as visitor:
        page = visitor.page
        visitor.visit(f"/partner/joining/invitation/{INVITED}/")
        heading(page, words("Hand in your certificate"))
        for name, said in (
            ("key.p12", "This file contains a private key"),
            ("other.cer", "This certificate is for another address"),
        ):
            page.get_by_label(words("Your certificate")).set_input_files(tmp_path / name)
            page.get_by_role("button", name=words("Hand it in")).click()
            expect(page.get_by_text(words(said))).to_be_visible()


def _never_sent(key: object, sent: list[Request]) -> None:
    """Whatever left the browser holds neither a secret number of the key nor the passphrase."""
    bodies = b"\n".join(unquote_to_bytes(each.post_data_buffer or b"") for each in sent)
    assert b"BEGIN+CERTIFICATE+REQUEST" in bodies, "the request itself was sent"
    assert b"PRIVATE" not in bodies
    assert PASSPHRASE.encode() not in bodies
    assert all("blob:" not in each.url or each.method == "GET" for each in sent)
    unarmoured = b64decode(re.sub(rb"[^A-Za-z0-9+/]", b"", _request_in(bodies)) + b"==")
    for octets in _secrets(key):
        assert octets not in bodies
        assert octets not in unarmoured


def _request_in(bodies: bytes) -> bytes:
    found = re.search(rb"-----BEGIN\+CERTIFICATE\+REQUEST-----(.*?)-----END", bodies, re.DOTALL)
    assert found is not None
    return found[1]


def _secrets(key: object) -> list[bytes]:
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.private_numbers()
        secret = [numbers.d, numbers.p, numbers.q]
    else:
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        secret = [key.private_numbers().private_value]
    return [each.to_bytes((each.bit_length() + 7) // 8, "big") for each in secret]


def _openssl_reads(file: Path, folder: Path) -> None:
    """The key opens, and the certificate verifies up to the root in the file."""
    out, chain = folder / "own.pem", folder / "chain.pem"
    asked = ["openssl", "pkcs12", "-in", str(file), "-passin", f"pass:{PASSPHRASE}", "-nodes"]
    subprocess.run([*asked, "-clcerts", "-out", str(out)], check=True, capture_output=True)
    subprocess.run([*asked, "-cacerts", "-out", str(chain)], check=True, capture_output=True)
    at = str(int(WORLD_NOW.timestamp()) + 60)
    verify = ["openssl", "verify", "-purpose", "smimesign", "-attime", at]
    subprocess.run([*verify, "-CAfile", chain, out], check=True, capture_output=True)


def _nss_imports(file: Path, folder: Path) -> None:
    """What Thunderbird works with."""
    database = folder / "nss"
    database.mkdir()
    place = f"sql:{database}"
    subprocess.run(["certutil", "-N", "-d", place, "--empty-password"], check=True)
    subprocess.run(
        ["pk12util", "-i", file, "-d", place, "-W", PASSPHRASE, "-K", ""],
        check=True,
        capture_output=True,
    )
    keys = subprocess.run(
        ["certutil", "-K", "-d", place], check=True, capture_output=True, text=True
    )
    assert str(PAULA) in keys.stdout
