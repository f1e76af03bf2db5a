"""Drawings of a phone."""

from collections.abc import Callable, Mapping

from siegel.wording.guides.drawn_parts import EDGE, SHEET, box, lock, ring, soft, text, width_of

_CASE = (
    '<rect class="p-paper" x="56" y="16" width="248" height="204" rx="22"/>'
    '<path class="p-line" d="M56 220V38a22 22 0 0 1 22-22h204a22 22 0 0 1 22 22v182"/>'
    '<path class="p-soft" d="M158 28h44"/>'
)


def switches(head: str, switch: str) -> str:
    first = box(72, 84, 216, 36, "p-sheet") + soft((86, 102, 90))
    second = box(72, 128, 216, 36, "p-sheet") + text(84, 151, switch)
    knob = '<rect class="p-blue" x="246" y="136" width="34" height="20" rx="10"/>'
    dot = '<circle class="p-sheet" cx="270" cy="146" r="8"/>'
    mark = ring(240, 128, 46, 36, 1)
    return _phone(text(180, 64, head, "p-text", "middle"), first, second, knob, dot, mark)


def phone_lock(to: str) -> str:
    line = text(76, 74, to) + '<path class="p-line" d="M72 86h216"/>'
    button = '<circle class="p-blue" cx="262" cy="112" r="17"/>' + lock(254, 99, "p-onblue")
    mark = ring(239, 90, 46, 44, 1)
    return _phone(line, button, mark, soft((78, 112, 130), (78, 150, 190), (78, 172, 160)))


def phone_list(head: str, entry: str) -> str:
    rows = box(72, 82, 216, 34, "p-sheet") + soft((86, 99, 110))
    chosen = box(72, 122, 216, 34, "p-tint") + text(84, 144, entry)
    mark = ring(66, 117, min(228, max(width_of(entry) + 40, 120)), 44, 1)
    last = box(72, 164, 216, 34, "p-sheet") + soft((86, 181, 80))
    return _phone(text(180, 64, head, "p-text", "middle"), rows, chosen, mark, last)


def _phone(*inside: str) -> str:
    return "".join((SHEET, _CASE, *inside, EDGE))


PHONE: Mapping[str, Callable[..., str]] = {
    "switches": switches,
    "phone-lock": phone_lock,
    "phone-list": phone_list,
}
