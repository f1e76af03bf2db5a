"""Drawings of windows on a desk."""

from collections.abc import Callable, Mapping

from siegel.wording.guides.drawn_parts import (
    box,
    button,
    lock,
    ring,
    sheet_of_certificate,
    soft,
    text,
    tick,
    width_of,
    window,
)


def settings(section: str, press: str) -> str:
    menu = soft((22, 54, 56), (22, 80, 56), (22, 106, 56), (22, 132, 56), (22, 158, 56))
    edge = '<path class="p-line" d="M100 28v191"/>'
    head = text(120, 58, section) + soft((122, 82, 150), (122, 102, 200))
    return window(menu, edge, head, button(122, 132, press, number=1), soft((122, 194, 120)))


def tabs(before: str, chosen: str, press: str) -> str:
    x = 22 + width_of(before) + 18
    wide = width_of(chosen)
    head = text(22, 58, before, "p-text-2") + text(x, 58, chosen)
    mark = ring(x - 8, 40, wide + 16, 28, 1)
    lines = soft((24, 98, 240), (24, 120, 200), (24, 142, 220))
    return window(head, mark, lines, button(22, 168, press, number=2))


def listed(tab: str, entry: str) -> str:
    line = f'<path class="p-go" d="M22 66h{width_of(tab):g}"/>'
    row = box(20, 84, 320, 36, "p-good") + tick(30, 101) + text(58, 107, entry)
    lines = soft((24, 144, 200), (24, 168, 240), (24, 192, 160))
    return window(text(22, 58, tab), line, row, lines)


def compose(press: str, to: str) -> str:
    wide = width_of(press) + 52
    knob = box(20, 44, wide, 34, "p-blue") + lock(30, 48, "p-onblue")
    words = text(56, 66, press, "p-text-on") + ring(14, 38, wide + 12, 46, 1)
    line = text(20, 112, to) + '<path class="p-line" d="M16 124h328"/>'
    return window(knob, words, line, soft((22, 148, 290), (22, 170, 250), (22, 192, 180)))


def ribbon(tab: str, press: str, below: str) -> str:
    wide = width_of(below) + 28
    head = soft((22, 54, 40)) + text(80, 58, tab) + ring(72, 40, width_of(tab) + 16, 28, 1)
    first = button(24, 86, press, number=2)
    menu = box(24, 134, wide, 34, "p-good") + text(38, 156, below) + ring(18, 128, wide + 12, 46, 3)
    return window(head, first, menu, soft((22, 200, 290)))


def store(chosen: str, press: str) -> str:
    rows = soft((40, 58, 180), (40, 84, 150))
    wide = width_of(chosen) + 36
    row = box(28, 98, wide, 32, "p-good") + text(46, 119, chosen) + ring(22, 92, wide + 12, 44, 1)
    return window(rows, row, soft((40, 150, 170)), button(28, 172, press, number=2))


def card(who: str, press: str) -> str:
    head = (
        '<circle class="p-tint" cx="54" cy="74" r="26"/>'
        '<path class="p-go" d="M54 58a8 8 0 1 1 0 16 8 8 0 0 1 0-16M38 92c4-14 28-14 32 0"/>'
    )
    name = text(98, 68, who) + soft((100, 88, 150))
    return window(head, name, sheet_of_certificate(34, 128), button(110, 142, press, number=1))


def signed(sender: str, entry: str) -> str:
    head = text(22, 58, sender) + soft((24, 82, 180))
    seal = '<circle class="p-good" cx="320" cy="58" r="16"/>' + tick(312, 59)
    wide = width_of(entry) + 40
    menu = box(36, 98, wide, 88, "p-paper") + soft((52, 120, 110), (52, 168, 90))
    row = box(40, 130, wide - 8, 28, "p-tint") + text(52, 149, entry)
    return window(head, seal, menu, row, ring(34, 126, wide + 4, 36, 1))


def warning(words: str, press: str) -> str:
    sign = '<path class="p-warn" d="M54 62 88 122H20z"/>' + text(54, 114, "!", "p-text", "middle")
    said = text(104, 90, words) + soft((106, 112, 180))
    return window(sign, said, button(104, 148, press, number=1))


def terminal(line: str, other: str = "") -> str:
    first = text(22, 66, f"$ {line}") + soft((24, 90, 190))
    second = text(22, 126, f"$ {other}") if other else ""
    return window(first, second, soft((24, 150, 240), (24, 172, 120)), tick(300, 90))


WINDOWS: Mapping[str, Callable[..., str]] = {
    "settings": settings,
    "tabs": tabs,
    "listed": listed,
    "compose": compose,
    "ribbon": ribbon,
    "store": store,
    "card": card,
    "signed": signed,
    "warning": warning,
    "terminal": terminal,
}
