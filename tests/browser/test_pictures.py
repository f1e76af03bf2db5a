"""Every page as a picture, in both languages, both colours, on a desk and on a phone.

The pictures lie in ``var/pictures`` with an index for people. While they are made, each page must
keep what all pages promise: no complaint of the browser, nothing to scroll sideways, one heading,
the right language, nothing that axe-core finds, and a visible focus wherever the keyboard goes.
"""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from playwright.sync_api import Page as Shown

from tests.browser.catalogs import english_among
from tests.browser.installation import Installation
from tests.browser.pages import WITHOUT_PICTURE, Page, pages
from tests.browser.visitor import (
    HEIGHTS,
    NARROWEST,
    PHONE,
    WIDE,
    Language,
    Scheme,
    Visitor,
    visiting,
)
from tests.web.addresses import addresses

PICTURES: Final = Path(__file__).parent.parent.parent / "var" / "pictures"
AXE: Final = Axe()
_OF_COLOURS: Final = {"runOnly": ["color-contrast", "link-in-text-block"]}
"""What a scheme of colours decides; everything else is the same in light and dark."""
_KINDS: Final[dict[Language, tuple[tuple[int, Scheme], ...]]] = {
    "de": ((WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (PHONE, "dark")),
    "en": ((WIDE, "light"), (PHONE, "dark")),
}
"""German has the longer words and the whole set; English shows each width and each colour once."""


pytestmark = pytest.mark.slow

_TEXTS: Final = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (parent.closest("[lang]") !== document.documentElement) continue;
    const text = walk.currentNode.data.trim();
    if (text && !parent.closest("script, style, template, textarea")) found.push(text);
  }
  for (const name of ["title", "aria-label", "placeholder", "alt"])
    for (const one of document.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
  return found;
}"""

_FACTS: Final = """() => ({
  title: document.title,
  language: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  ending: document.body.classList.contains("public") ? "– Amt am Markt" : "– Siegel",
  sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""

_WIDER: Final = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))"""


def test_every_address_has_a_picture_or_a_reason(installation: Installation) -> None:
    shown = {page.view for page in pages(installation.names)}
    known = {address.view for address in addresses()}
    assert known - shown - set(WITHOUT_PICTURE) == set(), "add them to tests/browser/pages.py"
    assert (shown | set(WITHOUT_PICTURE)) - known == set(), "gone; take them out of pages.py"
    assert shown & set(WITHOUT_PICTURE) == set()


def test_pictures_have_names_of_their_own(installation: Installation) -> None:
    names = [page.name for page in pages(installation.names)]
    assert len(set(names)) == len(names), "give one of them a state"


@pytest.mark.requirement("C14")
@pytest.mark.parametrize("language", get_args(Language))
def test_every_page_keeps_its_promises_in_each_picture(
    installation: Installation, browser: Browser, language: Language
) -> None:
    """All pages are looked at before the test fails: one run names everything."""
    problems: list[str] = []
    for who, wanted in _by_visitor(installation):
        with visiting(browser, installation, who=who, language=language) as visitor:
            for page in wanted:
                problems += [f"{page.name} {language} {p}" for p in _looked_at(visitor, page)]
    _write_index(installation)
    assert not problems, "\n".join(dict.fromkeys(problems))


@pytest.mark.requirement("C14")
def test_the_keyboard_reaches_everything_and_the_focus_is_seen(
    installation: Installation, browser: Browser
) -> None:
    problems: list[str] = []
    for who, wanted in _by_visitor(installation):
        with visiting(browser, installation, who=who) as visitor:
            for page in wanted:
                visitor.visit(page.path, status=page.status)
                problems += [f"{page.name}: {problem}" for problem in _by_keyboard(visitor.page)]
    assert not problems, "\n".join(problems)


def _by_visitor(installation: Installation) -> Iterator[tuple[str | None, list[Page]]]:
    every = list(pages(installation.names))
    for who in dict.fromkeys(page.who for page in every):
        yield who, [page for page in every if page.who == who]


def _looked_at(visitor: Visitor, page: Page) -> Iterator[str]:
    """One load; the pictures of it differ only in what a browser can change by itself."""
    shown = visitor.page
    status = visitor.visit(page.path, status=page.status)
    if status != page.status or not shown.url.endswith(page.path):
        yield f"answers {status} at {shown.url}"
    language: Language = shown.evaluate("navigator.language")
    yield from _as_document(shown, language)
    shown.evaluate(AXE.axe_script)
    for width in (WIDE, PHONE, NARROWEST):
        shown.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        yield from _sideways(shown, width)
        if width is not NARROWEST:
            yield from _pictured(shown, page, language, width)
    shown.set_viewport_size({"width": WIDE, "height": HEIGHTS[WIDE]})
    yield from (f"browser: {one}" for one in visitor.complaints + visitor.violations())
    visitor.complaints.clear()


def _as_document(shown: Shown, language: Language) -> Iterator[str]:
    facts = shown.evaluate(_FACTS)
    if facts["language"] != language:
        yield f"lang is {facts['language']}"
    if facts["headings"] != 1:
        yield f"has {facts['headings']} first headings"
    ending = facts["ending"]  # the partner site is the office's own
    if not facts["title"].endswith(ending) or len(facts["title"]) < len(ending) + 3:
        yield f"title {facts['title']!r}"
    if language == "de":
        yield from (f"English: {text!r}" for text in english_among(shown.evaluate(_TEXTS)))


def _pictured(shown: Shown, page: Page, language: Language, width: int) -> Iterator[str]:
    for scheme in (each for at, each in _KINDS[language] if at == width):
        shown.emulate_media(color_scheme=scheme)
        name = f"{page.name}.{language}.{scheme}.{width}.png"
        shown.screenshot(path=PICTURES / name, full_page=True, caret="initial")
        if language == "de" or (width, scheme) == (WIDE, "light"):
            options = _OF_COLOURS if scheme == "dark" else {}
            yield from (f"{scheme} {width}: {found}" for found in _axe(shown, options))


def _sideways(shown: Shown, width: int) -> Iterator[str]:
    wider = shown.evaluate(_FACTS)["sideways"]
    if wider > 0:
        yield f"{width}: {wider} px too wide: {shown.evaluate(_WIDER)}"


def _axe(shown: Shown, options: dict[str, Any]) -> Iterator[str]:
    """What axe-core says, by rule, with the first places."""
    found: dict[str, Any] = shown.evaluate(
        "(options) => axe.run({resultTypes: ['violations'], ...options})", options
    )
    for violation in found["violations"]:
        places = [node["html"][:160] for node in violation["nodes"][:3]]
        yield f"axe {violation['id']} ({violation['help']}): {places}"


_FOCUS: Final = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  window.__visited ??= new Set();
  // a date has several stops within one control: only coming back to an earlier one is the end
  const again = window.__visited.has(one) && window.__last !== one;
  window.__visited.add(one);
  window.__last = one;
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {
    again,
    what: one.outerHTML.slice(0, 120),
    // of a message with its own layout the browser marks the link inside, which is another document
    visible: outlined || style.boxShadow !== "none" || one.tagName === "IFRAME",
    covered: box.width === 0 || box.height === 0,
  };
}"""

_MISSED: Final = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0)
  .filter((one) => one.type !== "radio" && !window.__visited?.has(one))
  .map((one) => one.outerHTML.slice(0, 120))"""


def _by_keyboard(shown: Shown) -> Iterator[str]:
    """Tab from the top to the end, as people without a mouse go."""
    for _ in range(400):
        shown.keyboard.press("Tab")
        at = shown.evaluate(_FOCUS)
        if at is None or at["again"]:
            break
        if not at["visible"]:
            yield f"no visible focus: {at['what']}"
        if at["covered"]:
            yield f"focus on nothing: {at['what']}"
    yield from (f"not reached: {one}" for one in shown.evaluate(_MISSED))


def _write_index(installation: Installation) -> None:
    """``var/pictures/index.html``: one row for each page, each picture opens in full."""
    rows = []
    for page in pages(installation.names):
        cells = "".join(
            f'<td><a href="{name}"><img loading="lazy" src="{name}" alt=""></a></td>'
            for language in get_args(Language)
            for width, scheme in _KINDS[language]
            for name in (f"{page.name}.{language}.{scheme}.{width}.png",)
        )
        rows.append(f"<tr><th>{escape(page.name)}<br>{escape(page.path)}</th>{cells}</tr>")
    (PICTURES / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Pictures</title>"
        "<style>img{height:180px;border:1px solid}th{text-align:left;font:14px sans-serif}</style>"
        f"<table>{''.join(rows)}</table>"
    )
