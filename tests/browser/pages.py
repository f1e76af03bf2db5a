"""Every page there is, by the name of its URL: who looks at it, and with which arguments.

Pictures and accessibility checks are made from this list; a test demands that no address is left
out. ``pages()`` gets the demo office, so that arguments can name real objects.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from siegel.policy.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """``role`` None: nobody is signed in. ``query`` begins with "?"."""

    view: str
    role: Role | None = Role.ADMINISTRATOR
    arguments: dict[str, object] = field(default_factory=dict)
    query: str = ""


def pages() -> Iterator[Page]:
    yield Page(view="start")
    yield Page(view="menu")
    yield Page(view="preferences")
    yield Page(view="account_login", role=None)
    yield Page(view="help:overview")
    yield Page(view="help:overview", role=None, query="?open=all")
    yield Page(view="help:chapter", arguments={"slug": "set-up"})
    yield Page(view="help:chapter", role=None, arguments={"slug": "trouble"})
    yield Page(view="help:search", query="?q=passphrase")
    yield Page(view="help:lists")
    yield Page(view="help:add", arguments={"kind": "link"})
    yield Page(view="help:change", arguments={"kind": "ca", "key": "harica"})


WITHOUT_PICTURE = {
    "language": "answers a form",
    "theme": "answers a form",
    "health": "for programs",
    "help:move": "answers a form",
    "help:remove": "answers a form",
    "help:restore": "answers a form",
    "tour:go": "answers a form",
    "tour:file": "a file",
}
"""Addresses that show nothing, each with the reason."""
