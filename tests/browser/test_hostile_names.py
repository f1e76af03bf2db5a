"""Nothing that strangers wrote runs in a browser, on any page, with script or without."""

import pytest
from playwright.sync_api import Browser

from tests.browser.hostile import CANARY
from tests.browser.installation import Installation
from tests.browser.pages import pages
from tests.browser.visitor import visiting

pytestmark = pytest.mark.slow

_AS_MARKUP = f"""() => {{
  const found = [...document.querySelectorAll("{CANARY}, [{CANARY}], [onload], [onerror]")];
  for (const one of document.querySelectorAll("[href], [src], [action], [formaction]"))
    for (const name of ["href", "src", "action", "formaction"])
      if (/^\\s*javascript:/i.test(one.getAttribute(name) ?? "")) found.push(one);
  return found.map((one) => one.outerHTML.slice(0, 160));
}}"""


def test_no_page_runs_what_strangers_wrote(
    hostile_installation: Installation, browser: Browser
) -> None:
    every = list(pages(hostile_installation.names))
    for who in dict.fromkeys(page.who for page in every):
        with visiting(browser, hostile_installation, who=who) as visitor:
            for page in every:
                if page.who != who:
                    continue
                assert visitor.visit(page.path, status=page.status) == page.status, page.path
                assert visitor.page.evaluate("window.__xss") is None, page.path
                assert visitor.page.evaluate(_AS_MARKUP) == [], page.path
                visitor.assert_nothing_happened()
