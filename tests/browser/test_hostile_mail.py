"""Efail and Johnny on screen: every forgery opened in a real browser.

Whatever a message does, the page shows no good state for the wrong sender, its content stays below
the line that tells how the message stands, nothing runs, and the browser asks nobody but us. The
pictures lie in ``var/pictures/forged``.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Route

from siegel.policy.roles import Role
from tests.browser.forgeries import FORGERIES, SHAPES
from tests.browser.installation import Installation
from tests.browser.visitor import NARROWEST, PHONE, WIDE, Visitor, visiting
from tests.spoof.case import Case

PICTURES: Final = Path(__file__).parent.parent.parent / "var" / "pictures" / "forged"
pytestmark = pytest.mark.slow

_LATE: Final = {case.name for case in FORGERIES[-2 * len(SHAPES) :]}
"""Where content may try to load something after the page is there: everything else asks, if at all,
before the browser calls the page loaded."""

_GOOD: Final = """(article) => [...article.querySelectorAll(
    ".status.is-good, .status.is-full, .mark.is-good, .mark.is-full, .tag.is-good, .tag.is-full")]
  .map((one) => one.outerHTML.slice(0, 160))"""

_ACTIVE: Final = "script, link, iframe, object, embed, form, base, meta[http-equiv]"

_COVERED: Final = """(article) => {
  const problems = [];
  for (const line of article.querySelectorAll(".status, .msg-head")) {
    const box = line.getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) continue;  // only what is on the screen
    const top = document.elementFromPoint(box.left + 12, box.top + box.height / 2);
    if (!top || !(line.contains(top) || top.contains(line)))
      problems.push(`covered by ${top && top.outerHTML.slice(0, 80)}`);
  }
  const line = article.querySelector(".status").getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  for (const frame of article.querySelectorAll("iframe")) {
    const box = frame.getBoundingClientRect();
    if (box.top < line.bottom || box.left < 0 || box.right > width + 1)
      problems.push(`frame at ${box.top} beside the line at ${line.bottom}`);
    if (getComputedStyle(frame).position !== "static") problems.push("frame is positioned");
    const allowed = frame.getAttribute("sandbox");
    if (allowed === null || /scripts|same-origin|top-navigation|forms|modals/.test(allowed))
      problems.push(`sandbox: ${allowed}`);
  }
  return problems;
}"""


@pytest.fixture(scope="module")
def pictures() -> Path:
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES


@pytest.mark.requirement("A4", "A65")
def test_no_forgery_looks_good_gets_out_of_its_frame_or_asks_anybody(
    browser: Browser, forged_installation: Installation, pictures: Path
) -> None:
    """All are looked at before the test fails: one run names everything."""
    places = json.loads(forged_installation.names["forgeries"])
    assert len(places) == len(FORGERIES) > 150
    problems: list[str] = []
    with visiting(browser, forged_installation, who=Role.MEMBER) as visitor:
        asked = _closed_to_the_outside(visitor)
        for case, (conversation, item) in zip(FORGERIES, places, strict=True):
            found = [*_looked_at(visitor, case, conversation, item), *asked, *visitor.complaints]
            problems += [f"{case.family.name} {case.name}: {one}" for one in found]
            asked.clear()
            visitor.complaints.clear()
            _pictured(visitor, case, pictures)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("width", [PHONE, NARROWEST])
def test_content_stays_below_its_line_on_a_phone(
    browser: Browser, forged_installation: Installation, width: int
) -> None:
    places = json.loads(forged_installation.names["forgeries"])
    shaped = list(zip(FORGERIES, places, strict=True))[-2 * len(SHAPES) :]
    with visiting(browser, forged_installation, who=Role.MEMBER, width=width) as visitor:
        asked = _closed_to_the_outside(visitor)
        for case, (conversation, item) in shaped:
            assert list(_looked_at(visitor, case, conversation, item)) == [], case.name
        assert asked == []


def test_without_script_of_our_own_it_is_the_same(
    browser: Browser, forged_installation: Installation
) -> None:
    places = json.loads(forged_installation.names["forgeries"])
    with visiting(browser, forged_installation, who=Role.MEMBER, script=False) as visitor:
        asked = _closed_to_the_outside(visitor)
        for conversation, _ in places[-2 * len(SHAPES) :]:
            visitor.visit(f"/mail/c/{conversation}/")
            visitor.page.wait_for_load_state("networkidle")
        assert asked == []
        assert visitor.complaints == []


def test_the_browser_would_notice(browser: Browser, forged_installation: Installation) -> None:
    """The checks above can fail: a page that asks somebody else is seen."""
    with visiting(browser, forged_installation, who=Role.MEMBER, script=False) as visitor:
        asked = _closed_to_the_outside(visitor)
        visitor.page.set_content("<img src=https://evil.example/a.png>")
        visitor.page.wait_for_load_state("networkidle")
        assert asked == ["https://evil.example/a.png"]


def _closed_to_the_outside(visitor: Visitor) -> list[str]:
    """Every request to another origin, which is noted and goes nowhere."""
    asked: list[str] = []
    own = re.escape(visitor.installation.origin + "/")

    def judge(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    visitor.context.route(re.compile(f"^(?!{own}|data:)"), judge)
    return asked


def _looked_at(visitor: Visitor, case: Case, conversation: int, item: int) -> Iterator[str]:
    page = visitor.page
    status = visitor.visit(f"/mail/c/{conversation}/")
    if case.name in _LATE:
        page.wait_for_load_state("networkidle")
    if status != 200:
        yield f"answers {status}"
        return
    article = page.locator(f"#m{item}")
    looks_good = article.evaluate(_GOOD)
    if looks_good and not case.good:
        yield f"looks good: {looks_good[0]}"
    if case.good and str(case.about) not in str(article.locator(".msg-head").text_content()):
        yield "is good for somebody who is not named"
    yield from article.evaluate(_COVERED)
    yield from _frames(visitor)
    if page.evaluate("window.__xss") is not None:
        yield "a script ran"
    shown = _everything(visitor)
    yield from (f"shows {each!r}" for each in case.hidden if each.decode() in shown)


def _frames(visitor: Visitor) -> Iterator[str]:
    """Each frame stands under its own policy, and that had nothing to forbid."""
    for frame in visitor.page.frames[1:]:
        answer = visitor.context.request.get(frame.url)
        policy = answer.headers.get("content-security-policy", "")
        if not re.search(r"default-src 'none'", policy) or "sandbox" not in policy:
            yield f"policy of the frame: {policy}"
        if re.search(r"script-src|img-src[^;]*https?:", policy):
            yield f"policy allows too much: {policy}"
        if frame.locator(
            "script, link, iframe, object, embed, form, base, meta[http-equiv]"
        ).count():
            yield "something active is in the frame"
    yield from visitor.violations()


def _everything(visitor: Visitor) -> str:
    """What can be read on the page and in its frames, the address of every link included."""
    found = []
    for frame in visitor.page.frames:
        found.append(frame.locator("body").inner_text())
        found += [str(one.get_attribute("href")) for one in frame.locator("a[href^='http']").all()]
    return "\n".join(found)


def _pictured(visitor: Visitor, case: Case, pictures: Path) -> None:
    name = re.sub(r"[^a-z0-9]+", "-", f"{case.family.name} {case.name}".lower()).strip("-")
    visitor.page.screenshot(path=pictures / f"{name}.{WIDE}.png", full_page=True)
