"""Parts of drawings: windows, buttons, rings, lines. Texts come escaped."""

SHEET = '<rect class="p-sheet" x="1" y="1" width="358" height="218" rx="10"/>'
EDGE = '<rect class="p-line" x="1" y="1" width="358" height="218" rx="10"/>'
_TOP = '<path class="p-rail" d="M1 11A10 10 0 0 1 11 1h338a10 10 0 0 1 10 10v17H1z"/>'
_DOTS = "".join(f'<circle class="p-dot" cx="{x}" cy="15" r="4"/>' for x in (18, 32, 46))
WIDE = 7.4  # of a letter of a label, about


def window(*inside: str) -> str:
    return "".join((SHEET, _TOP, _DOTS, *inside, EDGE))


def text(x: float, y: float, words: str, name: str = "p-text", anchor: str = "start") -> str:
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{name}" x="{x:g}" y="{y:g}"{place}>{words}</text>'


def soft(*lines: tuple[float, float, float]) -> str:
    """Lines of text that nobody needs to read: x, y, length."""
    return "".join(f'<path class="p-soft" d="M{x:g} {y:g}h{long:g}"/>' for x, y, long in lines)


def box(x: float, y: float, wide: float, high: float, name: str = "p-tint") -> str:
    return f'<rect class="{name}" x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="6"/>'


def button(x: float, y: float, words: str, *, number: int = 0, pressed: bool = False) -> str:
    """A button as wide as its words; with a number it is ringed as the thing to press."""
    wide = width_of(words) + 28
    parts = [box(x, y, wide, 32, "p-blue" if pressed else "p-tint")]
    style = "p-text-on" if pressed else "p-text"
    parts.append(text(x + wide / 2, y + 21, words, style, "middle"))
    if number:
        parts.append(ring(x - 6, y - 6, wide + 12, 44, number))
    return "".join(parts)


def ring(x: float, y: float, wide: float, high: float, number: int) -> str:
    right = x + wide
    return (
        f'<rect class="p-ring" x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="8"/>'
        f'<circle class="p-num" cx="{right:g}" cy="{y:g}" r="11"/>'
        + text(right, y + 4.5, str(number), "p-text-on", "middle")
    )


def tick(x: float, y: float) -> str:
    return f'<path class="p-check" d="m{x:g} {y:g} 5 5 10-11"/>'


def lock(x: float, y: float, name: str = "p-go") -> str:
    return (
        f'<path class="{name}" d="M{x:g} {y + 9:g}h16v12h-16zM{x + 4:g} {y + 9:g}v-3'
        f'a4 4 0 0 1 8 0v3"/>'
    )


def sheet_of_certificate(x: float, y: float) -> str:
    """A certificate: a page with lines and a seal."""
    return (
        f'<path class="p-go" d="M{x:g} {y:g}h40v52h-40zM{x + 9:g} {y + 12:g}h22'
        f'M{x + 9:g} {y + 22:g}h14"/><circle class="p-go" cx="{x + 27:g}" cy="{y + 37:g}" r="7"/>'
    )


def arrow(x: float, y: float, long: float) -> str:
    return f'<path class="p-go" d="M{x:g} {y:g}h{long:g}m-10-9 10 9-10 9"/>'


def width_of(words: str) -> float:
    """About; entities of the escaped text count as one letter."""
    for entity in ("&amp;", "&lt;", "&gt;", "&quot;"):
        words = words.replace(entity, "x")
    return len(words) * WIDE
