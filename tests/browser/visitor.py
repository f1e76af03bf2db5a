"""Somebody in front of a browser, and everything that must never happen while a page is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    Response,
)

from tests.browser.installation import Installation

Language = Literal["de", "en"]
Scheme = Literal["light", "dark"]
WIDE: Final = 1280
PHONE: Final = 360
NARROWEST: Final = 320  # WCAG 2.2, 1.4.10: no page scrolls sideways at this width
HEIGHTS: Final = {WIDE: 900, PHONE: 760, NARROWEST: 640}

_WATCH: Final = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.__violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


class Visitor:
    """One browser context and one page in it.

    ``complaints`` collects errors of the console, scripts that failed, violations of the
    Content-Security-Policy, requests that failed or went to another origin, and dialogs.
    """

    def __init__(self, browser: Browser, installation: Installation, **options: Any) -> None:
        self.installation = installation
        self.complaints: list[str] = []
        self._expected = ""
        self.agrees = False  # to questions of the page; else they are complaints
        self.context: BrowserContext = browser.new_context(
            base_url=installation.origin, reduced_motion="reduce", **options
        )
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        if options.get("java_script_enabled", True):
            self.page.add_init_script(_WATCH)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)
        self.page.on("dialog", self._dialog)

    def sign_in_as(self, who: str) -> None:
        """With a session made beforehand; the form itself has a test of its own."""
        self.context.add_cookies(
            [
                {
                    "name": "siegel_session",
                    "value": self.installation.sessions[who],
                    "url": self.installation.origin,
                }
            ]
        )

    def visit(self, path: str, *, status: int = 200) -> int:
        """The status of the answer; another than ``status`` is a complaint of the browser, too."""
        self._expected = f"status of {status} "
        answer = self.page.goto(path)
        assert answer is not None, path
        return answer.status

    def violations(self) -> list[str]:
        """Of the Content-Security-Policy, since this page was loaded or this was asked."""
        found: list[str] = self.page.evaluate("(window.__violations ?? []).splice(0)")
        return found

    def assert_nothing_happened(self) -> None:
        """No complaint until now."""
        found = self.complaints + self.violations()
        self.complaints.clear()
        assert not found, f"{self.page.url}\n" + "\n".join(found)

    def _console(self, message: ConsoleMessage) -> None:
        meant = self._expected in message.text
        if message.type in ("error", "warning") and not meant:
            self.complaints.append(f"console: {message.text} {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        own = request.url.startswith((self.installation.origin + "/", "data:", "blob:"))
        if not own:
            self.complaints.append(f"another origin: {request.url}")

    def _failed(self, request: Request) -> None:
        # a download is an aborted navigation for the browser, and not a failure
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            self.complaints.append(f"{response.status}: {response.url}")

    def _dialog(self, dialog: Dialog) -> None:
        if self.agrees:
            dialog.accept()
            return
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def visiting(
    browser: Browser,
    installation: Installation,
    *,
    who: str | None = None,
    language: Language = "de",
    width: int = WIDE,
    scheme: Scheme = "light",
    script: bool = True,
) -> Iterator[Visitor]:
    """A visitor whose context is closed afterwards, and who must have seen nothing bad.

    ``who``: a role, or another name of ``scenery.sessions``; None is nobody.
    """
    visitor = Visitor(
        browser,
        installation,
        locale=language,
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme=scheme,
        java_script_enabled=script,
        accept_downloads=True,
    )
    try:
        if who is not None:
            visitor.sign_in_as(who)
        yield visitor
        if script:
            visitor.assert_nothing_happened()
    finally:
        visitor.context.close()
