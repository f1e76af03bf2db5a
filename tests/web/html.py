"""A page as a browser would read it: what is markup, and what only looks like it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from tests.browser.hostile import CANARY

LEADING = ("href", "src", "action", "formaction", "data", "poster", "srcdoc")


@dataclass(slots=True)
class Read:
    """``problems``: markup that a page of ours never has. ``links``: where one can go by GET."""

    problems: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = base
        self._inside_script = False
        self.read = Read()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        # JSON in a script element is data for a script of ours; nothing of it runs
        self._inside_script = tag == "script" and given.get("type") != "application/json"
        self.read.problems += [
            f"<{tag}> {what}"
            for what, found in (
                ("a stranger's tag", CANARY in tag),
                ("a stranger's attribute", any(CANARY in name for name in given)),
                ("a handler inside the page", any(name.startswith("on") for name in given)),
                ("a style inside the page", tag == "style" or "style" in given),
                ("a frame", tag in ("frame", "object", "embed", "base")),
                ("an open frame", tag == "iframe" and not _is_closed(given)),
                ("an address that runs", any(_runs(given.get(name, "")) for name in LEADING)),
            )
            if found
        ]
        if tag == "a" and "href" in given:
            self.read.links.add(urlsplit(urljoin(self._base, given["href"]))._replace(
                fragment="", scheme="", netloc=urlsplit(given["href"]).netloc
            ).geturl())  # fmt: skip
        if tag in ("input", "select", "textarea") and given.get("name"):
            self.read.fields.add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        self._inside_script = False

    def handle_data(self, data: str) -> None:
        if self._inside_script and data.strip():
            self.read.problems.append(f"a script inside the page: {data[:60]!r}")
        self.read.text += data


def read_html(html: str, base: str = "/") -> Read:
    reader = _Reader(base)
    reader.feed(html)
    reader.close()
    return reader.read


def _is_closed(frame: dict[str, str]) -> bool:
    """A sandbox without scripts and without our origin, filled from an address of ours."""
    allowed = frame.get("sandbox", "allow-scripts").split()
    ours = frame.get("src", "").startswith("/") and not frame.get("src", "").startswith("//")
    return (
        ours and "srcdoc" not in frame and not {"allow-scripts", "allow-same-origin"} & {*allowed}
    )


def _runs(address: str) -> bool:
    plain = "".join(address.split()).lower()
    return plain.startswith(("javascript:", "vbscript:", "data:text"))
