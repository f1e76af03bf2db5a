"""Drawings of things: files, fingerprints, keys, envelopes."""

from collections.abc import Callable, Mapping

from siegel.wording.guides.drawn_parts import (
    EDGE,
    SHEET,
    arrow,
    box,
    lock,
    ring,
    sheet_of_certificate,
    soft,
    text,
    tick,
)


def files(name: str, folder: str) -> str:
    file = sheet_of_certificate(64, 78) + text(84, 162, name, "p-text-2", "middle")
    place = (
        '<path class="p-tint" d="M222 76h34l10 12h62v72H222z"/>'
        + text(275, 56, folder, "p-text", "middle")
        + sheet_of_certificate(256, 98)
        + ring(212, 66, 126, 104, 1)
    )
    return "".join((SHEET, file, arrow(138, 106, 54), place, EDGE))


def compare(left: str, right: str) -> str:
    parts = [SHEET]
    for x, words in ((30, left), (200, right)):
        parts.append(box(x, 56, 130, 96, "p-paper") + text(x + 65, 44, words, "p-text", "middle"))
        parts += [
            text(x + 36 + 58 * (n % 2), 82 + 28 * (n // 2), group, "p-text-2", "middle")
            for n, group in enumerate(("30E6", "B87A", "DD83", "4F02", "96B4", "1A5D"))
        ]
    equal = '<path class="p-go" d="M171 98h18M171 108h18"/>'
    good = box(136, 168, 88, 32, "p-good") + tick(172, 185)
    return "".join((*parts, equal, good, EDGE))


def key(first: str, then: str) -> str:
    ring_and_bit = (
        '<circle class="p-go" cx="74" cy="98" r="18"/>'
        '<path class="p-go" d="M92 98h54M128 98v14M146 98v18"/>'
    )
    place = box(222, 68, 108, 72, "p-tint") + '<path class="p-go" d="M234 82l42 30 42-30"/>'
    words = text(96, 162, first, "p-text", "middle") + text(276, 162, then, "p-text", "middle")
    return "".join((SHEET, ring_and_bit, arrow(164, 104, 40), place, words, EDGE))


def renewal(old: str, new: str) -> str:
    first = box(28, 62, 176, 34, "p-paper") + text(40, 84, old, "p-text-2")
    second = box(150, 124, 182, 34, "p-good") + text(162, 146, new)
    line = '<path class="p-line" d="M28 186h300m-8-6 8 6-8 6M150 104v88M204 100v92"/>'
    return "".join((SHEET, first, second, line, EDGE))


def envelope(sender: str, to: str) -> str:
    body = (
        '<path class="p-paper" d="M116 66h128v84H116z"/>'
        '<path class="p-line" d="M116 66h128v84H116zM116 66l64 48 64-48"/>'
    )
    seal = '<circle class="p-blue" cx="180" cy="122" r="20"/>' + lock(172, 108, "p-onblue")
    words = text(28, 190, sender, "p-text") + text(332, 190, to, "p-text", "end")
    ways = arrow(40, 108, 58) + arrow(264, 108, 58)
    return "".join((SHEET, body, seal, ways, words, soft(), EDGE))


THINGS: Mapping[str, Callable[..., str]] = {
    "files": files,
    "compare": compare,
    "key": key,
    "renewal": renewal,
    "envelope": envelope,
}
