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


WITHOUT_PICTURE = {
    "language": "answers a form",
    "theme": "answers a form",
    "healthz": "for programs",
    "metrics": "for programs",
    "accounts:withdraw": "answers a form",
    "accounts:switch": "answers a form",
    "people:roles": "answers a form",
    "people:link": "answers a form with the link, once",
    "people:active": "answers a form",
    "people:second_factor": "answers a form",
    "journal:export": "a file",
}
"""Addresses that show nothing, each with the reason."""
