"""vCards (RFC 6350; 3.0 of RFC 2426 and 2.1 are read, too): name, addresses and certificates.

Everything else in a card – pictures, telephone numbers, birthdays – is passed over. A card comes
from anywhere: its size, the number of cards and of values in one are limited.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, MalformedAddress, MalformedMessage
from siegel.pki.certificate import Certificate, parse_certificate

MAX_SIZE = 8 * 1024 * 1024  # octets of one file; address books carry pictures
MAX_CARDS = 5000  # of one file; a whole office's address book
MAX_VALUES = 20  # addresses, and certificates, of one card
MAX_TEXT = 500  # characters of a name
MAX_NOTE = 2000

_LINE = 75  # octets, RFC 6350 §3.2
_FOLD = re.compile(r"\r?\n[ \t]")
# a value in quoted-printable, as vCard 2.1 has them, goes on behind "=" at the end of a line
_SOFT = re.compile(r"=\r?\n")
_IN_QUOTED_PRINTABLE = re.compile(
    r"^[^:\r\n]*QUOTED-PRINTABLE[^:\r\n]*:(?:[^\r\n]*=\r?\n)*", re.IGNORECASE | re.MULTILINE
)
_LINE_END = re.compile(r"\r\n?|\n")
_DATA = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,(?P<body>.*)\Z", re.IGNORECASE | re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One person or office."""

    name: str
    organisation: str = ""
    note: str = ""
    addresses: tuple[EmailAddress, ...] = ()
    certificates: tuple[Certificate, ...] = field(default=(), repr=False)


def read_cards(data: bytes) -> tuple[Card, ...]:
    """Every card of a file that has a name or an address.

    Raises ``MalformedMessage`` if there is none, ``LimitExceeded`` above the limits.
    """
    if len(data) > MAX_SIZE:
        raise LimitExceeded(f"vCard file longer than {MAX_SIZE} octets", limit="file_size")
    found: list[Card] = []
    for lines in _cards(_text(data)):
        if len(found) >= MAX_CARDS:
            raise LimitExceeded(f"more than {MAX_CARDS} vCards", limit="cards")
        card = _card(lines)
        if card.name:
            found.append(card)
    if not found:
        raise MalformedMessage("no vCard in this file")
    return tuple(found)


def write_card(card: Card) -> bytes:
    """vCard 4.0 (RFC 6350); certificates as data (§6.8.1)."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(card.name)}"]
    if card.organisation:
        lines.append(f"ORG:{_escaped(card.organisation)}")
    lines += [f"EMAIL:{_escaped(str(address))}" for address in card.addresses]
    if card.note:
        lines.append(f"NOTE:{_escaped(card.note)}")
    for certificate in card.certificates:
        key = base64.b64encode(certificate.der).decode("ascii")
        lines.append(f"KEY:data:application/pkix-cert;base64,{key}")
    lines.append("END:VCARD")
    return b"".join(map(_folded, lines))


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: frozenset[str]
    value: str

    def text(self) -> str:
        value = self.value
        if self.is_quoted_printable:
            charset = next((p[8:] for p in self.parameters if p.startswith("CHARSET=")), "utf-8")
            value = _decoded(quopri.decodestring(value.encode("utf-8", "replace")), charset)
        return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value).strip()

    @property
    def is_quoted_printable(self) -> bool:
        wanted = ("QUOTED-PRINTABLE", "ENCODING=QUOTED-PRINTABLE")
        return any(one in self.parameters for one in wanted)


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    return _decoded(data.removeprefix(b"\xef\xbb\xbf"), "utf-8")


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return data.decode("cp1252", "replace")


def _cards(text: str) -> Iterator[list[_Property]]:
    lines: list[_Property] | None = None
    whole = _IN_QUOTED_PRINTABLE.sub(lambda m: _SOFT.sub("", m[0]), _FOLD.sub("", text))
    for line in _LINE_END.split(whole):
        found = _property(line)
        if found is None:
            continue
        boundary = (found.name, found.value.strip().upper())
        if boundary == ("BEGIN", "VCARD"):
            lines = []
        elif boundary == ("END", "VCARD") and lines is not None:
            yield lines
            lines = None
        elif lines is not None:
            lines.append(found)


def _property(line: str) -> _Property | None:
    head, colon, value = line.partition(":")
    name, *parameters = head.split(";")
    if not colon:
        return None
    short = name.rpartition(".")[2].strip().upper()  # "item1.EMAIL": a group before it
    return _Property(short, frozenset(p.strip().upper() for p in parameters), value)


def _card(lines: list[_Property]) -> Card:
    def first(name: str, most: int = MAX_TEXT) -> str:
        return next((p.text()[:most] for p in lines if p.name == name and p.text()), "")

    addresses = tuple(dict.fromkeys(_addresses(lines)))[:MAX_VALUES]
    organisation = first("ORG").replace(";", ", ").strip(", ")
    parts = [part.strip() for part in first("N").split(";")[:2]]
    name = first("FN") or " ".join(part for part in reversed(parts) if part) or organisation
    return Card(
        name=" ".join(name.split()) or (str(addresses[0]) if addresses else ""),
        organisation=" ".join(organisation.split()),
        note=first("NOTE", MAX_NOTE),
        addresses=addresses,
        certificates=tuple(dict.fromkeys(_certificates(lines)))[:MAX_VALUES],
    )


def _addresses(lines: list[_Property]) -> Iterator[EmailAddress]:
    for one in lines:
        if one.name == "EMAIL":
            try:
                yield EmailAddress.parse(one.text().removeprefix("mailto:"))
            except MalformedAddress:
                continue


def _certificates(lines: list[_Property]) -> Iterator[Certificate]:
    for one in lines:
        if one.name != "KEY":
            continue
        data = _DATA.match(one.value.strip().replace("\\,", ","))
        body = data["body"] if data else one.value
        try:
            yield parse_certificate(base64.b64decode("".join(body.split()), validate=True))
        except (binascii.Error, ValueError, MalformedMessage):
            continue  # an OpenPGP key, or the address of one


def _escaped(value: str) -> str:
    """RFC 6350 §3.4."""
    for special in "\\,;":
        value = value.replace(special, f"\\{special}")
    return "\\n".join(_LINE_END.split(value))


def _folded(line: str) -> bytes:
    """Folded between characters; a continuation begins with a space (RFC 6350 §3.2)."""
    pieces: list[bytes] = [b""]
    for character in line:
        octets = character.encode("utf-8", "replace")
        if len(pieces[-1]) + len(octets) > _LINE:
            pieces.append(b" ")
        pieces[-1] += octets
    return b"\r\n".join(pieces) + b"\r\n"
