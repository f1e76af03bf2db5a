"""The arguments of SMTP commands (RFC 5321 §4.1.2; RFC 1870, 3461, 6152, 6531; XFORWARD).

Strict about octets and parameters, lenient about a space behind the colon, which real servers
send. Parsing only: what is allowed when is the session's business.
"""

import re
from collections.abc import Mapping
from typing import TypeVar

from siegel.transport.envelope import (
    Body,
    MailOptions,
    Notify,
    RecipientOptions,
    Ret,
    fits_in_a_path,
)
from siegel.transport.replies import Reply

MAX_ENVID = 100  # characters, RFC 3461 §4.4
MAX_ORCPT = 500  # characters, RFC 3461 §4.2

_PATH = re.compile(r'<(?:@[^:<>\s"]+:)?((?:"(?:[^"\\]|\\.)*"|[^<>"])*)>(?:\s+(.*))?\Z', re.DOTALL)
_PARAMETER = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^=\s\x00-\x1f\x7f][^\s\x00-\x1f\x7f]*))?\Z"
)
_XTEXT = re.compile(r"(?:[!-*,-<>-~]|\+[0-9A-F]{2})*\Z")
_XFORWARD_NAMES = frozenset({"NAME", "ADDR", "PORT", "PROTO", "HELO", "IDENT", "SOURCE"})

_Word = TypeVar("_Word", Body, Ret)

_NO_SYNTAX = Reply(501, "5.5.4", "cannot read the command's argument")
_NO_PARAMETER = Reply(555, "5.5.4", "parameter not known")
_BAD_SENDER = Reply(553, "5.1.7", "cannot read the sender's address")
_BAD_RECIPIENT = Reply(553, "5.1.3", "cannot read the recipient's address")
_NEEDS_UTF8 = Reply(553, "5.6.7", "an international address needs SMTPUTF8")


class Refused(Exception):
    """The command is answered with ``reply``."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


def mail(argument: bytes) -> tuple[str, MailOptions]:
    """``FROM:<address> [parameters]``; the null sender is the empty string."""
    address, parameters = _path(argument, b"FROM:")
    options = _mail_options(parameters)
    if address and not fits_in_a_path(address):
        raise Refused(_BAD_SENDER)
    if not (address.isascii() or options.smtputf8):
        raise Refused(_NEEDS_UTF8)
    return address, options


def rcpt(argument: bytes, *, smtputf8: bool) -> tuple[str, RecipientOptions]:
    """``TO:<address> [parameters]``."""
    address, parameters = _path(argument, b"TO:")
    options = _recipient_options(parameters)
    if not fits_in_a_path(address):
        raise Refused(_BAD_RECIPIENT)
    if not smtputf8 and not (address + (options.orcpt or "")).isascii():
        raise Refused(_NEEDS_UTF8)
    return address, options


def xforward(argument: bytes) -> dict[str, str]:
    """Postfix's XFORWARD: name=xtext; ``[UNAVAILABLE]`` is left out."""
    found: dict[str, str] = {}
    for name, value in _parameters(_text(argument)).items():
        if name not in _XFORWARD_NAMES or value is None:
            raise Refused(_NO_SYNTAX)
        if value.upper() not in ("[UNAVAILABLE]", "[TEMPUNAVAIL]"):
            found[name] = from_xtext(value)
    return found


def from_xtext(text: str) -> str:
    """RFC 3461 §4: ``+XX`` is an octet; octets that are no UTF-8 become U+FFFD."""
    parts = re.split(r"\+([0-9A-Fa-f]{2})", text)
    octets = b"".join(
        bytes.fromhex(part) if odd % 2 else part.encode() for odd, part in enumerate(parts)
    )
    return octets.decode("utf-8", "replace")


def _text(argument: bytes) -> str:
    try:
        return argument.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(_NO_SYNTAX) from None


def _path(argument: bytes, keyword: bytes) -> tuple[str, str]:
    if argument[: len(keyword)].upper() != keyword:
        raise Refused(_NO_SYNTAX)
    found = _PATH.match(_text(argument[len(keyword) :]).strip(" "))
    if found is None:
        raise Refused(_NO_SYNTAX)
    return found[1], found[2] or ""


def _parameters(text: str) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for word in text.split():
        parameter = _PARAMETER.match(word)
        if parameter is None or parameter[1].upper() in found:
            raise Refused(_NO_SYNTAX)
        found[parameter[1].upper()] = parameter[2]
    return found


def _mail_options(text: str) -> MailOptions:
    given = _parameters(text)
    if not given.keys() <= {"BODY", "SMTPUTF8", "SIZE", "RET", "ENVID"}:
        raise Refused(_NO_PARAMETER)
    if given.get("SMTPUTF8") is not None:
        raise Refused(_NO_SYNTAX)
    return MailOptions(
        body=_one_of(Body, given, "BODY"),
        smtputf8="SMTPUTF8" in given,
        size=_size(given),
        ret=_one_of(Ret, given, "RET"),
        envid=_xtext(given, "ENVID", MAX_ENVID),
    )


def _recipient_options(text: str) -> RecipientOptions:
    given = _parameters(text)
    if not given.keys() <= {"NOTIFY", "ORCPT"}:
        raise Refused(_NO_PARAMETER)
    return RecipientOptions(notify=_notify(given), orcpt=_orcpt(given))


def _one_of(kind: type[_Word], given: Mapping[str, str | None], name: str) -> _Word | None:
    if name not in given:
        return None
    try:
        return kind((given[name] or "").upper())
    except ValueError:
        raise Refused(_NO_SYNTAX) from None


def _size(given: Mapping[str, str | None]) -> int | None:
    """RFC 1870: up to 20 digits."""
    if "SIZE" not in given:
        return None
    digits = given["SIZE"] or ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 20):
        raise Refused(_NO_SYNTAX)
    return int(digits)


def _notify(given: Mapping[str, str | None]) -> frozenset[Notify]:
    """RFC 3461 §4.1: NEVER stands alone."""
    if "NOTIFY" not in given:
        return frozenset()
    try:
        wishes = frozenset(Notify(word) for word in (given["NOTIFY"] or "").upper().split(","))
    except ValueError:
        raise Refused(_NO_SYNTAX) from None
    if Notify.NEVER in wishes and len(wishes) > 1:
        raise Refused(_NO_SYNTAX)
    return wishes


def _orcpt(given: Mapping[str, str | None]) -> str | None:
    if "ORCPT" not in given:
        return None
    text = given["ORCPT"] or ""
    kind, semicolon, address = text.partition(";")
    well_formed = kind.lower() == "utf-8" or _XTEXT.match(address)
    if not (kind and semicolon and address and well_formed) or len(text) > MAX_ORCPT:
        raise Refused(_NO_SYNTAX)
    return text


def _xtext(given: Mapping[str, str | None], name: str, limit: int) -> str | None:
    if name not in given:
        return None
    text = given[name] or ""
    if not text or len(text) > limit or not _XTEXT.match(text):
        raise Refused(_NO_SYNTAX)
    return text
