"""Authentication-Results (RFC 8601) for S/MIME (RFC 7281): ours written, forged ones recognised.

The values come from certificates, that is, from strangers: they can neither end the quoted string
nor the line. Results of other methods (DKIM, SPF, DMARC) are other servers' business.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import idna

from siegel.transport.header_fields import folded, without_comments

MAX_VALUE = 900  # characters; a quoted string cannot be folded safely, a line ends at 998

_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]+\Z")
_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+\Z")
_AUTHSERV_ID = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))')


class SmimeResult(StrEnum):
    """RFC 7281 §3.1."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - a result, no secret
    FAIL = "fail"
    POLICY = "policy"
    NEUTRAL = "neutral"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


@dataclass(frozen=True, slots=True, kw_only=True)
class SmimeMark:
    """One judged signature. ``part`` is an IMAP section; serial and issuer go together or not."""

    result: SmimeResult
    reason: str = ""
    identifier: str = ""
    part: str = ""
    serial: str = ""
    issuer: str = ""


def authentication_results(authserv_id: str, marks: Sequence[SmimeMark]) -> bytes:
    """The field to prepend; without marks it says ``none`` (RFC 8601 §2.2)."""
    results = [_resinfo(mark) for mark in marks] or [["none"]]
    pieces = [f"{authserv_id};"]
    for result in results[:-1]:
        pieces += [*result[:-1], f"{result[-1]};"]
    return folded("Authentication-Results", [*pieces, *results[-1]])


def claims_our_name(value: str, authserv_id: str) -> bool:
    """Whether the field speaks in our name; an unreadable one that names us counts as ours."""
    plain = without_comments(value)
    found = _AUTHSERV_ID.match(plain)
    if found is None:
        return authserv_id.lower() in value.lower()
    claimed = re.sub(r"\\(.)", r"\1", found[1]) if found[1] is not None else found[2]
    return _a_label(claimed.partition("/")[0]) == _a_label(authserv_id)


def _resinfo(mark: SmimeMark) -> list[str]:
    properties = [
        ("reason", mark.reason),
        ("body.smime-identifier", mark.identifier),
        ("body.smime-part", mark.part),
    ]
    serial, issuer = _value(mark.serial), _value(mark.issuer)
    if mark.serial and mark.issuer and len(serial) + len(issuer) <= MAX_VALUE:
        properties += [("body.smime-serial", mark.serial), ("body.smime-issuer", mark.issuer)]
    pieces = [(name, _value(text)) for name, text in properties if text]
    return [
        f"smime={mark.result}",
        *(f"{name}={text}" for name, text in pieces if len(text) <= MAX_VALUE),
    ]


def _value(text: str) -> str:
    """RFC 8601 §2.2: a token, a mailbox or a quoted string, ASCII only."""
    plain = _ascii(text)
    if _TOKEN.match(plain) or _MAILBOX.match(plain):
        return plain
    return '"' + re.sub(r'(["\\])', r"\\\1", plain) + '"'


def _ascii(text: str) -> str:
    """Other characters as hex pairs of their UTF-8, as RFC 4514 §2.4 writes them in names."""
    return "".join(
        character if " " <= character <= "~" else _hex_pairs(character) for character in text
    )


def _hex_pairs(character: str) -> str:
    return "".join(f"\\{octet:02X}" for octet in character.encode("utf-8", "replace"))


def _a_label(name: str) -> str:
    plain = name.strip().rstrip(".").lower()
    try:
        return plain if plain.isascii() else idna.encode(plain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return plain
