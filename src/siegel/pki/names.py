"""Names in certificates: distinguished names for people (RFC 4514) and mail addresses.

Mail addresses follow RFC 8550 §3, RFC 5280 §4.2.1.6 and RFC 9598. A name that is no exact address
never becomes one; it is kept apart as it was written. Comparing names and name constraints is the
work of path validation, not of this file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from siegel.base import ber, der
from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage, SiegelError

SMTP_UTF8_MAILBOX = ObjectIdentifier("1.3.6.1.5.5.7.8.9")  # RFC 9598 §3
MAX_NAMES = 1000  # mail names of one certificate; a shared mailbox has dozens of aliases at most
CACHED = 256  # names kept as read: a few authorities issue most certificates

_COMMON_NAME = "2.5.4.3"
_SURNAME = "2.5.4.4"
_ORGANISATION = "2.5.4.10"
_GIVEN_NAME = "2.5.4.42"
_PSEUDONYM = "2.5.4.65"
_EMAIL_ADDRESS = "1.2.840.113549.1.9.1"
_SPELLED = {
    _COMMON_NAME: "CN",
    _SURNAME: "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "STREET",
    _ORGANISATION: "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    _GIVEN_NAME: "givenName",
    _PSEUDONYM: "pseudonym",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    _EMAIL_ADDRESS: "emailAddress",
}
_CHARSETS = {
    0x0C: "utf-8",
    0x12: "ascii",  # NumericString
    0x13: "latin-1",  # PrintableString; some authorities put umlauts in
    0x14: "latin-1",  # TeletexString, as everybody uses it
    0x16: "latin-1",  # IA5String; some authorities put umlauts in
    0x1A: "ascii",  # VisibleString
    0x1C: "utf-32-be",  # UniversalString
    0x1E: "utf-16-be",  # BMPString
}
_BYTE_ORDER_MARK = "\ufeff"  # RFC 9598 §3: MUST NOT be there
_SPECIAL = frozenset('"+,;<>\\')  # RFC 4514 §2.4


@dataclass(frozen=True, slots=True)
class Attribute:
    """One part of a name; ``text`` is None where the value is no string, ``raw`` its TLV."""

    oid: str
    text: str | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class Name:
    """A distinguished name: its parts in the order of the certificate, the most general first."""

    parts: tuple[tuple[Attribute, ...], ...]

    def __str__(self) -> str:
        """RFC 4514, the most specific part first; what cannot be printed is escaped.

        Escaping keeps line breaks and direction marks of a hostile name out of a person's sight.
        """
        return ",".join("+".join(map(_shown, part)) for part in reversed(self.parts))

    def values(self, oid: str) -> Iterator[str]:
        for part in self.parts:
            for attribute in part:
                if attribute.oid == oid and attribute.text is not None:
                    yield attribute.text

    @property
    def common_name(self) -> str | None:
        return self._first(_COMMON_NAME)

    @property
    def organisation(self) -> str | None:
        return self._first(_ORGANISATION)

    @property
    def person(self) -> str | None:
        """Given name and surname, else the pseudonym; a common name alone proves no person."""
        parts = (self._first(_GIVEN_NAME), self._first(_SURNAME))
        return " ".join(part for part in parts if part) or self._first(_PSEUDONYM)

    def _first(self, oid: str) -> str | None:
        value = next(self.values(oid), "")
        shown = value if value.isprintable() else "".join(map(_printable, value))
        return shown.strip() or None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailNames:
    """The addresses a certificate stands for, and the mail names in it that are no address."""

    addresses: tuple[EmailAddress, ...] = ()
    malformed: tuple[str, ...] = ()


@lru_cache(CACHED)
def short_name(encoded: bytes) -> str:
    """What people call it: the common name, else the organisation, else the whole name."""
    name = parse_name(encoded)
    return name.common_name or name.organisation or str(name)


def parse_name(encoded: bytes) -> Name:
    """A DER Name (RFC 5280 §4.1.2.4); raises ``MalformedMessage``.

    Read here, because names of old certificates break rules that other parsers insist on.
    """
    return Name(
        tuple(
            tuple(_attribute(each) for each in part.expect(der.SET).children())
            for part in ber.read(encoded).expect(der.SEQUENCE).children()
        )
    )


def display_name(encoded: bytes) -> str:
    """A DER Name for people, whatever it is; what is no name shows as hexadecimal digits."""
    try:
        return str(parse_name(encoded))
    except SiegelError:
        return f"#{encoded.hex()}"


def mail_names(alternative: x509.SubjectAlternativeName | None, subject: Name) -> MailNames:
    """RFC 5280 §4.2.1.10: emailAddress of the subject counts only if no alternative is a mail name.

    A malformed alternative name is a mail name too: it never brings the subject back in.
    """
    named = _split(_alternatives(alternative or ()))
    if named.addresses or named.malformed:
        return named
    return _split((value, False) for value in subject.values(_EMAIL_ADDRESS))


def _attribute(element: ber.Element) -> Attribute:
    fields = element.expect(der.SEQUENCE).children()
    if len(fields) != 2:
        raise MalformedMessage("name attribute without value")
    kind, value = fields
    return Attribute(kind.oid(), _string(value), bytes(value.raw))


def _string(value: ber.Element) -> str | None:
    charset = _CHARSETS.get(value.tag)
    try:
        return str(value.content, charset) if charset else None
    except UnicodeDecodeError:
        return None


def _shown(attribute: Attribute) -> str:
    name = _SPELLED.get(attribute.oid, attribute.oid)
    if attribute.text is None:
        return f"{name}=#{attribute.raw.hex()}"
    text = attribute.text
    if not text.isprintable() or not _SPECIAL.isdisjoint(text):
        text = "".join(f"\\{c}" if c in _SPECIAL else _printable(c) for c in text)
    if text[:1] in ("#", " "):
        text = f"\\{text}"
    return f"{name}={text[:-1]}\\ " if text[1:].endswith(" ") else f"{name}={text}"


def _alternatives(names: x509.SubjectAlternativeName | tuple[()]) -> Iterator[tuple[str, bool]]:
    """Every mail name, and whether it came as SmtpUTF8Mailbox."""
    for name in names:
        if isinstance(name, x509.RFC822Name):
            yield name.value, False
        elif isinstance(name, x509.OtherName) and name.type_id == SMTP_UTF8_MAILBOX:
            yield _smtp_utf8_mailbox(name.value), True


def _smtp_utf8_mailbox(value: bytes) -> str:
    try:
        return ber.read(value).expect(der.UTF8_STRING).joined().decode("utf-8")
    except (SiegelError, UnicodeDecodeError):
        return value.decode("latin-1")


def _split(names: Iterator[tuple[str, bool]]) -> MailNames:
    addresses: dict[EmailAddress, None] = {}
    malformed: dict[str, None] = {}
    for count, (text, international) in enumerate(names):
        if count == MAX_NAMES:
            break
        address = _address(text, international)
        if address is None:
            malformed[text] = None
        else:
            addresses[address] = None
    return MailNames(addresses=tuple(addresses), malformed=tuple(malformed))


def _address(text: str, international: bool) -> EmailAddress | None:
    """RFC 9598 §3: SmtpUTF8Mailbox exactly for local parts outside ASCII; always one ``@``."""
    if text.count("@") != 1 or text.startswith(_BYTE_ORDER_MARK):
        return None
    try:
        address = EmailAddress.parse(text)
    except SiegelError:
        return None
    return address if address.ascii_only is not international else None


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    return "".join(f"\\{octet:02X}" for octet in character.encode("utf-8", "surrogatepass"))
