"""E-mail addresses: parsed once at the border, equal as the rule says.

„… genau mit der Absenderadresse übereinstimmen (abgesehen von Groß- und Kleinschreibung)“:
ASCII case folding only, the domain as A-label (RFC 5890), no plus or dot tricks.
"""

import re
from dataclasses import dataclass, field

import idna

from siegel.base.errors import MalformedAddress

MAX_LOCAL = 64  # octets, RFC 5321 §4.5.3.1.1
MAX_DOMAIN = 255  # octets, RFC 5321 §4.5.3.1.2

# RFC 5322 §3.2.3 atext and RFC 6531 §3.3, said by what is left out: quicker to compile than a
# range up to U+10FFFF. Surrogates are left out by ``_is_text``.
_ATOM = r"[^\x00-\x20\"(),.:;<>@\[\\\]\x7f]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*\Z")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"\Z')
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\Z")
_FOLD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True, order=True)
class EmailAddress:
    """One address. ``local`` and ``domain`` are folded and compared; ``spelling`` is as it came."""

    local: str
    domain: str
    spelling: str = field(compare=False, default="")

    @classmethod
    def parse(cls, text: str) -> "EmailAddress":
        """Read an addr-spec (RFC 5321 Mailbox, RFC 6531 allowed; no comments, no display name).

        Raises ``MalformedAddress`` for everything else: exactly one ``@`` outside quotes, a
        dot-atom or quoted local part, and a host name as domain (no address literal).
        """
        local, at, domain = text.rpartition("@")
        well_formed = _is_text(local) and (_DOT_ATOM.match(local) or _QUOTED.match(local))
        if not at or not well_formed:
            raise MalformedAddress(f"not an e-mail address: {text[:120]!r}")
        if len(local.encode("utf-8")) > MAX_LOCAL:
            raise MalformedAddress(f"local part longer than {MAX_LOCAL} octets")
        return cls(_unquoted(local).translate(_FOLD), _a_label(domain), text)

    @property
    def exact_local(self) -> str:
        """The local part as it was spelled: names in DNS are made of it (RFC 8162 §3)."""
        return _unquoted(self.spelling.rpartition("@")[0]) if self.spelling else self.local

    @property
    def ascii_only(self) -> bool:
        return self.local.isascii()

    def __str__(self) -> str:
        """The folded form, as used for comparing and storing."""
        local = self.local if _DOT_ATOM.match(self.local) else _quoted(self.local)
        return f"{local}@{self.domain}"


def _is_text(local: str) -> bool:
    """No surrogate without its other half: that is no character, and has no octets."""
    try:
        local.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _unquoted(local: str) -> str:
    if not local.startswith('"'):
        return local
    return re.sub(r"\\(.)", r"\1", local[1:-1])


def _quoted(local: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", local) + '"'


def _a_label(domain: str) -> str:
    try:
        ascii_domain = (
            domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
        )
    except (idna.IDNAError, UnicodeError) as error:
        raise MalformedAddress(f"not a domain: {domain[:120]!r}") from error
    if len(ascii_domain) > MAX_DOMAIN:
        raise MalformedAddress(f"domain longer than {MAX_DOMAIN} octets")
    if not all(_LABEL.match(label) for label in ascii_domain.split(".")):
        raise MalformedAddress(f"not a domain: {domain[:120]!r}")
    return ascii_domain.translate(_FOLD)
