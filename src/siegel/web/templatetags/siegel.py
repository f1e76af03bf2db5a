"""``{% icon %}``, ``{% mark %}``, ``{% tag %}``, and names from outside made harmless to read."""

import re
import unicodedata
from datetime import datetime

from django import template
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from siegel.web.forms import is_choices, is_file, is_tick

register = template.Library()

SHOWN_AT_MOST = 60  # characters of a name from outside; nobody reads more, imitations need more
_LOOKS_LIKE_OURS = re.compile("[\u2713\u2714\U0001f50f-\U0001f513\U0001f510\u2705\u2611\U0001f5f9]")


@register.simple_tag
def icon(name: str, *classes: str) -> SafeString:
    """A sign of the sprite; decoration, words stand beside it."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>',
        " ".join(("icon", *classes)),
        name,
    )


@register.simple_tag
def mark(state: str, name: str, *classes: str) -> SafeString:
    """The round mark in front of a thing. ``state`` as in the stylesheet: is-good, is-warn …"""
    return format_html(
        '<span class="{}">{}</span>', " ".join(("mark", state, *classes)), icon(name)
    )


@register.simple_tag
def tag(state: str, name: str, words: str) -> SafeString:
    """A state of a thing as mark and word, never colour alone."""
    return format_html('<span class="tag {}">{} {}</span>', state, icon(name), words)


@register.filter
def name(value: object) -> SafeString:
    """A name from outside: isolated, cut, without control, bidi and seal-like characters."""
    return format_html("<bdi>{}</bdi>", plain(value))


@register.filter
def plain(value: object, most: int = SHOWN_AT_MOST) -> str:
    kept = "".join(c for c in str(value) if unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cn"))
    clean = " ".join(_LOOKS_LIKE_OURS.sub("", kept).split())
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


@register.filter
def address(value: object) -> SafeString:
    """An e-mail address that may break before the @ on a narrow screen."""
    local, at, domain = plain(value, 320).rpartition("@")
    if not at:
        return format_html("<bdi>{}</bdi>", domain)
    return format_html("<bdi>{}<wbr>@{}</bdi>", local, domain)


@register.filter
def day(value: datetime | None) -> str:
    """„4. Mai 2028“, “4 May 2028”."""
    if value is None:
        return ""
    pattern = "j. F Y" if (get_language() or "").startswith("de") else "j F Y"
    return date_format(localtime(value), pattern)


@register.filter
def moment(value: datetime | None) -> SafeString:
    """The day and the time of day, in UTC as it is stored, readable for programs, too."""
    if value is None:
        return mark_safe("")
    clock = f"{localtime(value):%H:%M}"
    words = gettext("%(day)s, %(clock)s") % {"day": day(value), "clock": clock}
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def groups(fingerprint: str) -> tuple[str, ...]:
    """A fingerprint in groups of four, as people compare it."""
    plain_hex = fingerprint.replace(":", "").replace(" ", "").upper()
    return tuple(plain_hex[i : i + 4] for i in range(0, len(plain_hex), 4))


@register.filter
def kind(field: BoundField) -> str:
    """How the field template draws it: tick, choices, file or line."""
    if is_tick(field.field.widget):
        return "tick"
    if is_choices(field.field.widget):
        return "choices"
    return "file" if is_file(field.field.widget) else "line"


@register.filter
def control(field: BoundField) -> SafeString:
    """The control with our class, connected with its hint and its errors."""
    described = []
    if field.help_text:
        described.append(f"{field.auto_id}_hint")
    if field.errors:
        described.append(f"{field.auto_id}_error")
    attributes: dict[str, str] = {} if kind(field) == "tick" else {"class": "input"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs={**field.field.widget.attrs, **attributes})
