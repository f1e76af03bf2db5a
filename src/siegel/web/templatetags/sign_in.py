"""What the pages of sign-in show in a readable form."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome"}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "Linux": "Linux",
}


@register.filter
def browser(user_agent: str) -> str:
    """As "Firefox on Windows"; the order of the names matters, for browsers name each other."""
    name = _first(BROWSERS, user_agent) or ("Safari" if "Safari/" in user_agent else "")
    system = _first(SYSTEMS, user_agent)
    if not name:
        return _("An unknown program")
    if not system:
        return name
    return _("{browser} on {system}").format(browser=name, system=system)


@register.filter
def in_fours(secret: str) -> str:
    """Groups of four, as people type them."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _first(known: dict[str, str], text: str) -> str:
    return next((name for sign, name in known.items() if sign in text), "")
