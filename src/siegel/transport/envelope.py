"""The envelope of one SMTP transaction (RFC 5321), with the parameters of DSN (RFC 3461).

What the client said in MAIL, RCPT, EHLO and XFORWARD, as it said it: addresses are not folded or
normalised here. It knows nothing of the message's header.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MAX_ADDRESS = 320  # octets: 64 and 255 of RFC 5321 §4.5.3.1 with the sign between them

# Wider than the grammar where real mail is (dots anywhere), and nothing that could end the path.
_LOCAL = r'(?:"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])*"|[^\s<>"(),:;@\[\]\\\x00-\x1f\x7f]+)'
_DOMAIN = r"(?:[^\s<>\"(),:;@\[\]\\\x00-\x1f\x7f]+|\[[0-9A-Za-z.:-]+\])"
_ADDRESS = re.compile(rf"{_LOCAL}@{_DOMAIN}|postmaster", re.IGNORECASE)


def fits_in_a_path(address: str) -> bool:
    """Whether the address can stand between ``<`` and ``>`` of MAIL and RCPT."""
    try:
        octets = len(address.encode())
    except UnicodeEncodeError:
        return False
    return octets <= MAX_ADDRESS and _ADDRESS.fullmatch(address) is not None


class Role(StrEnum):
    """The direction of a listener: a property of its port, never of addresses or headers."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"


class Body(StrEnum):
    """RFC 6152. BINARYMIME is never offered."""

    SEVEN_BIT = "7BIT"
    EIGHT_BIT = "8BITMIME"


class Ret(StrEnum):
    """How much of the message a delivery status notification returns (RFC 3461 §4.3)."""

    FULL = "FULL"
    HEADERS = "HDRS"


class Notify(StrEnum):
    """When the sender wishes a delivery status notification (RFC 3461 §4.1)."""

    NEVER = "NEVER"
    SUCCESS = "SUCCESS"
    FAILURE = "FAILURE"
    DELAY = "DELAY"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOptions:
    """The parameters of MAIL. ``envid`` stays xtext, as it travels."""

    body: Body | None = None
    smtputf8: bool = False
    size: int | None = None
    ret: Ret | None = None
    envid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientOptions:
    """The parameters of RCPT. ``orcpt`` is ``addr-type;xtext``, as it travels."""

    notify: frozenset[Notify] = frozenset()
    orcpt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One transaction. ``sender`` is empty for the null sender; ``client`` is an IP address."""

    role: Role
    sender: str
    recipients: tuple[str, ...]
    options: MailOptions = MailOptions()
    recipient_options: Mapping[str, RecipientOptions] = field(default_factory=dict)
    client: str = ""
    helo: str = ""
    extended: bool = True
    tls: bool = False
    xforward: Mapping[str, str] = field(default_factory=dict)

    @property
    def protocol(self) -> str:
        """The keyword for Received (RFC 3848, RFC 6531 §4.3)."""
        if not self.extended:
            return "SMTP"
        return ("UTF8SMTP" if self.options.smtputf8 else "ESMTP") + ("S" if self.tls else "")
