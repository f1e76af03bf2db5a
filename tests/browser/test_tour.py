"""The tour as somebody walks it after ``make run``: in the real demo, by mouse and keyboard."""

import json
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from siegel.store import tour_files
from tests.browser.installation import Installation
from tests.browser.visitor import PHONE, WIDE, Language, Visitor, visiting
from tests.peers.process import Child

pytestmark = pytest.mark.slow

HELGA = "helga@office.example"
SECONDS = 600  # of a loaded machine until the first exchange is over; alone it takes fifteen


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("demo") / "office"
    log = folder.parent / "demo.log"
    with Child.siegel("demo", "--dir", str(folder), log=log) as child:
        until = time.monotonic() + SECONDS
        while not (folder / "exchange.json").exists():
            assert child.running, child.said
            assert time.monotonic() < until, child.said
            time.sleep(0.5)
        origin = tomllib.loads((folder / "siegel.toml").read_text("utf-8"))["web"]["url"]
        yield Installation(origin=origin, names={}, sessions={}, folder=folder, child=child)
        assert child.terminate() == 0, child.said  # killed, it would leave its servers behind


def sign_in(visitor: Visitor) -> None:
    password = visitor.installation.folder / "office" / "password.txt"
    visitor.visit("/sign/in/")
    visitor.page.locator("#id_login").fill(HELGA)
    visitor.page.locator("#id_password").fill(password.read_text("utf-8").strip())
    visitor.page.locator("form button[type=submit].btn-primary").click()
    expect(visitor.page.locator("h1")).to_be_visible()


def step(visitor: Visitor, number: int, *, done: bool = False) -> None:
    """The bar shows this step, and whether it is done."""
    bar = visitor.page.locator("aside.tour")
    expect(bar.locator(".tour-no")).to_contain_text(str(number))
    expect(bar.locator("button.btn-primary")).to_have_count(int(done))


def go_on(visitor: Visitor) -> None:
    visitor.page.locator("aside.tour button[value=next]").click()


@pytest.mark.parametrize(
    ("language", "width", "script"),
    [
        pytest.param("de", WIDE, True, id="ok/German, wide"),
        pytest.param("en", PHONE, False, id="ok/English, phone, without scripts"),
    ],
)
@pytest.mark.requirement("A40", "A41", "A71", "A90", "A92")
def test_somebody_walks_the_tour(
    browser: Browser, demo: Installation, language: Language, width: int, script: bool
) -> None:
    shown = tour_files.read(demo.folder / "data")
    assert shown is not None
    file = tour_files.folder(demo.folder / "data") / shown.file
    with visiting(browser, demo, language=language, width=width, script=script) as visitor:
        page = visitor.page
        sign_in(visitor)
        visitor.visit("/help/")
        page.locator("button[value=begin]").click()
        visitor.visit("/")
        with page.expect_download() as saved:
            page.locator("aside.tour a[href='/tour/file/']").click()
        assert saved.value.suggested_filename == shown.file
        page.locator("aside.tour .tour-do a[href='/certificates/']").click()
        if page.get_by_text("Carla Conrad").count():  # somebody walked here before
            step(visitor, 1, done=True)
            go_on(visitor)
        else:
            step(visitor, 1)
            bring(visitor, file, shown.passphrase)
        step(visitor, 2, done=True)
        go_on(visitor)
        if page.locator("aside.tour button.btn-primary").count() == 0:
            step(visitor, 3)
            decide(visitor, shown.root)
        step(visitor, 3, done=True)
        go_on(visitor)
        read(visitor)
        assert page.url.endswith("/journal/")
        expect(page.locator("main")).to_contain_text(HELGA)
        go_on(visitor)
        step(visitor, 6)
        assert "/rules/explain/" in page.url
        expect(page.locator("main")).to_contain_text(shown.recipient)
        go_on(visitor)
        expect(page.locator("aside.tour .tour-no")).to_have_count(0)
        page.locator("aside.tour button[value=close]").click()
        expect(page.locator("aside.tour")).to_have_count(0)


def read(visitor: Visitor) -> None:
    """Step 4: the letter that the key has opened, of all mail the one to Carla."""
    page = visitor.page
    page.get_by_role("link", name="Gutachten").first.click()
    expect(page.locator("main")).to_contain_text("nur für Dich")
    expect(page.locator("aside.tour .tour-no")).to_contain_text("4")
    go_on(visitor)


def bring(visitor: Visitor, file: Path, passphrase: str) -> None:
    """Steps 1 and 2, the first passphrase a wrong one."""
    page = visitor.page
    page.locator("form.drop input[type=file]").set_input_files(file)
    page.locator("form.drop button[type=submit]").click()
    step(visitor, 1, done=True)
    go_on(visitor)
    for given in ("falsch", passphrase):
        step(visitor, 2)
        visitor.visit("/certificates/?kind=locked")
        page.locator("input[name=passphrase]").first.fill(given)
        page.locator("form.pass button[type=submit]").first.click()
    visitor.visit("/certificates/")


def decide(visitor: Visitor, fingerprint: str) -> None:
    """Step 3, with the fingerprint that the bar shows."""
    page = visitor.page
    printed = page.locator(".tour-print").inner_text()
    assert "".join(printed.split()).lower() == fingerprint
    visitor.visit(f"/trust/roots/{fingerprint}/decide/")
    if page.locator("input[type=password]").count():  # too long ago since the sign-in
        password = visitor.installation.folder / "office" / "password.txt"
        page.locator("input[type=password]").fill(password.read_text("utf-8").strip())
        page.locator("main button[type=submit]").first.click()
    page.locator("#id_read").fill(printed)
    page.locator("input[name=scope][value=all]").check()
    page.locator("#id_channel").fill("Telefon")
    page.locator("button[value=compare]").click()
    page.locator("button[value=trust]").click()
    expect(page.locator("h1")).to_be_visible()


def test_the_demo_says_on_every_page_that_it_is_one(browser: Browser, demo: Installation) -> None:
    assert json.loads((demo.folder / "exchange.json").read_text("utf-8"))
    with visiting(browser, demo) as visitor:
        sign_in(visitor)
        for path in ("/", "/help/", "/certificates/", "/journal/"):
            visitor.visit(path)
            expect(visitor.page.locator(".demo")).to_contain_text("erfunden")
