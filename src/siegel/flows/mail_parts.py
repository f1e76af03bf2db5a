"""What of a message is text to read, and what is a file beside it (RFC 2046, RFC 2387).

Protected parts beside others are blocks of their own, in the order of the message: nothing outside
a signed part ever stands in its block (RFC 9787 §4.5; Johnny, you are fired!).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from siegel.base.buffers import joined
from siegel.base.errors import SiegelError
from siegel.flows.mail_facts import text_of
from siegel.mime.message import CONTENT_DISPOSITION, Part
from siegel.mime.parse import parse_entity
from siegel.smime.layers import OpenedMessage
from siegel.smime.recognise import SIGNATURE_TYPES

MOST_BLOCKS = 20  # shown of one message; the source has everything
MOST_BODIES = 20
MOST_FILES = 200
_TEXTS = frozenset({"text/plain", "text/html"})
_PICTURES = "image/"


class FileKind(StrEnum):
    """What a file beside the text is for its reader."""

    SIGNATURE = "signature"
    MESSAGE = "message"
    CALENDAR = "calendar"
    CARD = "card"
    CERTIFICATE = "certificate"
    KEY = "key"
    TNEF = "tnef"
    PROGRAM = "program"
    PROTECTED = "protected"
    PICTURE = "picture"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """One text; ``number`` names it in addresses. ``html``: it exists in this form, too."""

    number: int
    plain: Part | None
    html: Part | None
    related: Mapping[str, Part] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return text_of(self.plain) if self.plain is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """``part`` None: it stands for a signature that could not be cut out again."""

    number: int
    name: str
    media: str
    size: int
    kind: FileKind
    part: Part | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What stands under one line. ``path``: of the protected part; None for everything else."""

    path: str | None
    bodies: tuple[Body, ...]
    files: tuple[File, ...]


SIGNATURE = -1
"""The number of the signature around everything."""


def blocks(opened: OpenedMessage) -> tuple[Block, ...]:
    """The message cut where the protection changes."""
    walk = _Walk(opened)
    walk.part(opened.payload)
    found = walk.finished()
    signature = _signature(opened)
    if signature is None:
        return tuple(found)
    if found[-1].path is not None:
        # it is around everything, so it never stands in the box of one part
        return (*found, Block(path=None, bodies=(), files=(signature,)))
    return (*found[:-1], replace(found[-1], files=(*found[-1].files, signature)))


def numbered(payload: Part) -> tuple[Part, ...]:
    """Every part by its number; attached messages are one part."""
    return tuple(_in_order(payload))


def part_with(opened: OpenedMessage, number: int) -> Part | None:
    if number == SIGNATURE:
        found = _signature(opened)
        return found.part if found is not None else None
    parts = numbered(opened.payload)
    return parts[number] if 0 <= number < len(parts) else None


def file_of(part: Part, number: int) -> File:
    return File(
        number=number,
        name=part.filename or _usual_name(part),
        media=part.media,
        size=_size(part),
        kind=kind_of(part.filename or "", part.media),
        part=part,
    )


def _in_order(part: Part) -> Iterator[Part]:
    yield part
    if part.is_multipart:
        for child in part.children:
            yield from _in_order(child)


class _Walk:
    """Collects bodies and files; a protected part begins a block, and what follows another."""

    def __init__(self, opened: OpenedMessage) -> None:
        self._numbers = {id(part): n for n, part in enumerate(numbered(opened.payload))}
        self._errant = {one.path for one in opened.errant if not one.attached}
        self._blocks: list[Block] = []
        self._bodies: list[Body] = []
        self._files: list[File] = []

    def finished(self) -> list[Block]:
        self._cut(None)
        return self._blocks[:MOST_BLOCKS] or [Block(path=None, bodies=(), files=())]

    def _cut(self, path: str | None) -> None:
        if self._bodies or self._files:
            self._blocks.append(
                Block(
                    path=path,
                    bodies=tuple(self._bodies[:MOST_BODIES]),
                    files=tuple(self._files[:MOST_FILES]),
                )
            )
        self._bodies, self._files = [], []

    def part(self, part: Part, *, inside_errant: bool = False) -> None:
        if not inside_errant and part.path and part.path in self._errant:
            self._cut(None)
            self.part(part, inside_errant=True)
            self._cut(part.path)
        elif not part.is_multipart:
            self._leaf(part)
        elif part.media == "multipart/alternative" and not self._has_errant(part):
            self._alternative(part, inside_errant)
        elif part.media == "multipart/related" and not self._has_errant(part):
            self._related(part, inside_errant)
        else:
            for child in part.children:
                self.part(child, inside_errant=inside_errant)

    def _has_errant(self, part: Part) -> bool:
        """Then nothing may be hidden in favour of something else."""
        return any(each.path in self._errant for each in _in_order(part) if each.path)

    def _leaf(self, part: Part) -> None:
        number = self._numbers[id(part)]
        if _is_text(part):
            is_html = part.media == "text/html"
            self._bodies.append(
                Body(
                    number=number,
                    plain=None if is_html else part,
                    html=part if is_html else None,
                )
            )
        else:
            self._files.append(file_of(part, number))

    def _alternative(self, part: Part, inside_errant: bool) -> None:
        """One text in two forms; whatever else is offered (calendars) is a file."""
        before = len(self._bodies)
        for child in part.children:
            self.part(child, inside_errant=inside_errant)
        found = self._bodies[before:]
        del self._bodies[before:]
        html = next((each for each in reversed(found) if each.html is not None), None)
        plain = next((each for each in found if each.plain is not None), None)
        if html is not None:
            self._bodies.append(replace(html, plain=plain.plain if plain else html.plain))
        elif plain is not None:
            self._bodies.append(plain)

    def _related(self, part: Part, inside_errant: bool) -> None:
        """The pictures that the text shows belong to it."""
        root = _root(part)
        before = len(self._bodies)
        if root is not None:
            self.part(root, inside_errant=inside_errant)
        named = {_content_id(each): each for each in part.children if each is not root}
        shown: set[int] = set()
        for place, body in enumerate(self._bodies[before:], before):
            if body.html is not None:
                related = _named_in(text_of(body.html), named)
                self._bodies[place] = replace(body, related={**body.related, **related})
                shown |= {id(each) for each in related.values()}
        for child in part.children:
            if child is not root and id(child) not in shown:
                self.part(child, inside_errant=inside_errant)


def _root(related: Part) -> Part | None:
    start = related.content_type.params.get("start", "").strip("<> ")
    named = (each for each in related.children if start and _content_id(each) == start)
    return next(named, next(iter(related.children), None))


def _named_in(html: str, named: Mapping[str, Part]) -> dict[str, Part]:
    return {
        content_id: part
        for content_id, part in named.items()
        if content_id and part.media.startswith(_PICTURES) and f"cid:{content_id}" in html
    }


def _content_id(part: Part) -> str:
    found = part.get("Content-ID")
    return found.value.strip().strip("<>") if found else ""


def _is_text(part: Part) -> bool:
    if part.media not in _TEXTS:
        return False
    disposition = part.get(CONTENT_DISPOSITION)
    apart = disposition is not None and disposition.value.strip().lower().startswith("attachment")
    return not apart and part.filename is None


def _size(part: Part) -> int:
    """Of what a person would save; base64 is a third longer."""
    octets = part.end - part.body_start
    return octets * 3 // 4 if part.transfer_encoding == "base64" else octets


def _usual_name(part: Part) -> str:
    """What people call a part without a name."""
    return _NAMES.get(part.media, "") or f"{part.content_type.type}.{_ending(part)}"


def _ending(part: Part) -> str:
    subtype = part.content_type.subtype.lower()
    plain = "".join(c for c in subtype if c.isascii() and c.isalnum())
    return {"plain": "txt", "jpeg": "jpg"}.get(plain, plain[:12] or "bin")


_NAMES = {
    "message/rfc822": "attached.eml",
    "text/calendar": "invitation.ics",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/ms-tnef": "winmail.dat",
}
_OF_MEDIA = {
    **dict.fromkeys(SIGNATURE_TYPES, FileKind.SIGNATURE),
    "message/rfc822": FileKind.MESSAGE,
    "message/global": FileKind.MESSAGE,
    "text/calendar": FileKind.CALENDAR,
    "text/vcard": FileKind.CARD,
    "text/x-vcard": FileKind.CARD,
    "text/directory": FileKind.CARD,
    "application/ms-tnef": FileKind.TNEF,
    "application/vnd.ms-tnef": FileKind.TNEF,
    "application/pkix-cert": FileKind.CERTIFICATE,
    "application/x-x509-ca-cert": FileKind.CERTIFICATE,
    "application/x-x509-user-cert": FileKind.CERTIFICATE,
    "application/pkcs12": FileKind.KEY,
    "application/x-pkcs12": FileKind.KEY,
    "application/pkcs7-mime": FileKind.PROTECTED,
    "application/x-pkcs7-mime": FileKind.PROTECTED,
}
_OF_ENDING = {
    "p7s": FileKind.SIGNATURE,
    "p7m": FileKind.PROTECTED,
    "eml": FileKind.MESSAGE,
    "ics": FileKind.CALENDAR,
    "vcf": FileKind.CARD,
    **dict.fromkeys(("cer", "crt", "p7b", "p7c"), FileKind.CERTIFICATE),
    **dict.fromkeys(("p12", "pfx", "key"), FileKind.KEY),
    **dict.fromkeys(
        (
            *("exe", "com", "scr", "pif", "bat", "cmd", "msi", "msp", "dll", "cpl", "hta", "lnk"),
            *("js", "jse", "vbs", "vbe", "wsf", "wsh", "ps1", "psm1", "jar", "reg", "iso", "img"),
            *("vhd", "docm", "xlsm", "pptm", "xll", "one", "chm", "url", "scf", "html", "htm"),
            *("xhtml", "svg", "shtml", "mht", "apk", "app", "dmg", "pkg", "sh", "desktop"),
        ),
        FileKind.PROGRAM,
    ),
}


def kind_of(name: str, media: str) -> FileKind:
    """A name counts before a type: it decides which program opens the file."""
    if name.lower() == "winmail.dat":
        return FileKind.TNEF
    by_name = _OF_ENDING.get(name.rpartition(".")[2].lower()) if "." in name else None
    found = by_name or _OF_MEDIA.get(media)
    if found is not None:
        return found
    return FileKind.PICTURE if media.startswith(_PICTURES) else FileKind.OTHER


def _signature(opened: OpenedMessage) -> File | None:
    """The signature that stands beside the text in the innermost multipart/signed."""
    if not any(layer.detached for layer in opened.signed_layers):
        return None
    part = _signature_part(opened)
    return File(
        number=SIGNATURE,
        name="smime.p7s",
        media="application/pkcs7-signature",
        size=_size(part) if part is not None else 0,
        kind=FileKind.SIGNATURE,
        part=part,
    )


def _signature_part(opened: OpenedMessage) -> Part | None:
    """Cut out of the octets that the signed text lies in."""
    root = opened.message.root
    if opened.payload.buffer is not root.buffer:
        try:
            root = parse_entity(joined([memoryview(opened.payload.buffer)]))
        except SiegelError:
            return None
    if root.media != "multipart/signed" or not root.children:
        return None
    last = root.children[-1]
    return last if last.media in SIGNATURE_TYPES else None


def text_bodies(found: Iterable[Block]) -> Sequence[Body]:
    return [body for block in found for body in block.bodies]
