"""The two colours of a partner site: readable on every surface they meet, or refused (WCAG 2.2,
1.4.3: 4.5 to 1). What else the pages need is derived from the two.

An organisation names one colour for light pages and one for dark pages. The surfaces are those of
``static/siegel.css``; a test compares them.
"""

import re
from dataclasses import dataclass

from siegel.base.errors import ConfigurationError

LIGHT_SURFACES = ("#ffffff", "#eff1ef", "#f6f7f5")
DARK_SURFACES = ("#12161b", "#1b2027", "#222932")
PRESET = ("#1f5a4c", "#8fd0ba")  # a calm green; dark for light pages, light for dark pages
LEAST = 4.5
_HEX = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_WHITE, _INK = "#ffffff", "#0d1117"


class NotReadable(ConfigurationError):
    """Text in this colour would be hard to read. ``contrast``: the worst it comes to."""

    code = "colour_not_readable"

    def __init__(self, colour: str, contrast: float) -> None:
        super().__init__(f"{colour} has a contrast of {contrast:.1f} to 1, {LEAST} is needed")
        self.contrast = contrast


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Each value is ``#rrggbb`` and nothing else, so that it may stand in a stylesheet."""

    colour: str
    hover: str
    tint: str
    on: str


def read(text: str) -> str:
    """``#1f5a4c`` from any spelling of it. Raises ``ConfigurationError``."""
    found = text.strip().lower()
    found = found if found.startswith("#") else f"#{found}"
    if _HEX.fullmatch(found) is None:
        raise ConfigurationError("a colour is written as # and six digits or letters a to f")
    return found


def light(colour: str) -> Palette:
    """For light pages. Raises ``NotReadable`` and ``ConfigurationError``."""
    return _palette(read(colour), LIGHT_SURFACES, darker="#000000")


def dark(colour: str) -> Palette:
    """For dark pages."""
    return _palette(read(colour), DARK_SURFACES, darker="#ffffff")


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (L1 + 0.05) / (L2 + 0.05), from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def stylesheet(light_colour: str, dark_colour: str) -> str:
    """The only rule in which an organisation's colours stand."""
    one, two = light(light_colour), dark(dark_colour)
    pairs = {
        "--org": (one.colour, two.colour),
        "--org-dark": (one.hover, two.hover),
        "--org-tint": (one.tint, two.tint),
        "--on-org": (one.on, two.on),
    }
    rules = (f"{name}:light-dark({a},{b})" for name, (a, b) in pairs.items())
    return f".public{{{';'.join(rules)}}}\n"


def _palette(colour: str, surfaces: tuple[str, ...], *, darker: str) -> Palette:
    worst = min(contrast(colour, surface) for surface in surfaces)
    if worst < LEAST:
        raise NotReadable(colour, worst)
    return Palette(
        colour=colour,
        hover=_mixed(colour, darker, 0.25),
        tint=_tint(colour, surfaces[0]),
        on=max(_WHITE, _INK, key=lambda text: contrast(text, colour)),
    )


def _tint(colour: str, surface: str) -> str:
    """As much of the colour as its own text can still be read on."""
    for share in (0.14, 0.1, 0.06, 0.03):
        mixed = _mixed(surface, colour, share)
        if contrast(colour, mixed) >= LEAST:
            return mixed
    return surface


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
