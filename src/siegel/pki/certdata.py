"""Mozilla's list of roots as its source file spells it (``certdata.txt`` of NSS).

The file is a text of PKCS #11 objects: an attribute a line (name, type, value), octets in octal
between ``MULTILINE_OCTAL`` and ``END``. Two kinds of objects count here: certificates, and trust
objects that say by issuer, serial number and SHA-1 for what a certificate is trusted. Read is what
concerns mail: ``CKA_TRUST_EMAIL_PROTECTION`` and ``CKA_NSS_EMAIL_DISTRUST_AFTER``. There is no
standard for the format and no signature on the file: a person compares what changes and confirms.
A file that is damaged, cut off, or says what is not known here is refused whole; half a list would
look like roots that were removed.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from siegel.base import ber, der
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.pki.anchors import AnchorSource, RootList, TrustAnchor
from siegel.pki.certificate import Certificate, parse_certificate

MAX_SIZE = 16 * 1024 * 1024  # octets; the list of 2026 has 1.2 million
MAX_OBJECTS = 5000  # certificates and trust objects; the list has about 350
MAX_VALUE = 64 * 1024  # octets of one value; the largest root takes 2,000

_BEGIN = "BEGINDATA"
_OCTAL = "MULTILINE_OCTAL"
_OCTETS = re.compile(r"(?:\\[0-3][0-7]{2}){1,64}")
_LINE = re.compile(r"([A-Z][A-Z0-9_]{1,60}) ([A-Z][A-Z0-9_]{1,30})(?: (.{1,1000}))?")
_FALSE = b"CK_FALSE"
_UTC_TIME = 0x17

_EMAIL = "CKA_TRUST_EMAIL_PROTECTION"
_ANCHOR = b"CKT_NSS_TRUSTED_DELEGATOR"
_DISTRUSTED = b"CKT_NSS_NOT_TRUSTED"
_NOT_FOR_MAIL = {b"CKT_NSS_MUST_VERIFY_TRUST", b"CKT_NSS_TRUST_UNKNOWN"}

Attributes = Mapping[str, bytes]


def parse_certdata(data: bytes, *, source: str, published_at: datetime) -> RootList:
    """The file says neither where it came from nor when: the caller does.

    Raises ``MalformedMessage`` for anything that is not such a list, ``LimitExceeded``.
    """
    if len(data) > MAX_SIZE:
        raise LimitExceeded(f"list of roots longer than {MAX_SIZE} octets", limit="file_size")
    certificates: dict[tuple[bytes, bytes], Attributes] = {}
    trust: dict[tuple[bytes, bytes], Attributes] = {}
    for entry in _objects(_lines(data)):
        match entry.get("CKA_CLASS"):
            case b"CKO_CERTIFICATE":
                _place(certificates, entry)
            case b"CKO_NSS_TRUST":
                _place(trust, entry)
            case b"CKO_NSS_BUILTIN_ROOT_LIST":
                pass
            case _:
                raise MalformedMessage("an object of a class that is not known here")
    if missing := certificates.keys() - trust.keys():
        raise MalformedMessage(f"{len(missing)} certificates without their trust; is it whole?")
    anchors, distrusted = _judged(certificates, trust)
    if not anchors:
        raise MalformedMessage("no root in this list is trusted for mail")
    return RootList(
        anchors=anchors, distrusted=distrusted, source=source, published_at=published_at
    )


def _judged(
    certificates: Mapping[tuple[bytes, bytes], Attributes],
    trust: Mapping[tuple[bytes, bytes], Attributes],
) -> tuple[tuple[TrustAnchor, ...], tuple[Certificate, ...]]:
    anchors: list[TrustAnchor] = []
    distrusted: list[Certificate] = []
    for name, about in trust.items():
        match _needed(about, _EMAIL):
            case value if value == _ANCHOR:
                anchors.append(_anchor(certificates.get(name), about))
            case value if value == _DISTRUSTED:
                # those without a certificate are known by number alone: nothing of theirs is here
                distrusted += [_certificate(entry, about) for entry in _given(certificates, name)]
            case value if value not in _NOT_FOR_MAIL:
                raise MalformedMessage("a kind of trust that is not known here")
    named = [*(anchor.certificate for anchor in anchors), *distrusted]
    if len({certificate.fingerprint for certificate in named}) != len(named):
        raise MalformedMessage("the same certificate twice in the list")
    return tuple(anchors), tuple(distrusted)


def _given(
    certificates: Mapping[tuple[bytes, bytes], Attributes], name: tuple[bytes, bytes]
) -> Iterable[Attributes]:
    return (certificates[name],) if name in certificates else ()


def _anchor(entry: Attributes | None, trust: Attributes) -> TrustAnchor:
    if entry is None:
        raise MalformedMessage("trust in a certificate that is not in the list")
    return TrustAnchor(
        certificate=_certificate(entry, trust),
        source=AnchorSource.PUBLIC,
        distrust_after=_moment(entry.get("CKA_NSS_EMAIL_DISTRUST_AFTER", _FALSE)),
    )


def _certificate(entry: Attributes, trust: Attributes) -> Certificate:
    """Only the very certificate that the trust object names; the digest is a mark, no proof."""
    value = _needed(entry, "CKA_VALUE")
    digest = hashlib.sha1(value, usedforsecurity=False).digest()
    if trust.get("CKA_CERT_SHA1_HASH") != digest:
        raise MalformedMessage("trust in another certificate than the one that is in the list")
    return parse_certificate(value)


def _moment(value: bytes) -> datetime | None:
    if value == _FALSE:
        return None
    try:
        return ber.read(der.tlv(_UTC_TIME, value)).time()
    except MalformedMessage as error:
        raise MalformedMessage("CKA_NSS_EMAIL_DISTRUST_AFTER is no time") from error


def _place(table: dict[tuple[bytes, bytes], Attributes], entry: Attributes) -> None:
    name = (_needed(entry, "CKA_ISSUER"), _needed(entry, "CKA_SERIAL_NUMBER"))
    if name in table:
        raise MalformedMessage("two objects of one kind about the same certificate")
    table[name] = entry


def _needed(entry: Attributes, name: str) -> bytes:
    try:
        return entry[name]
    except KeyError:
        raise MalformedMessage(f"an object without {name}") from None


def _objects(lines: Iterator[str]) -> Iterator[Attributes]:
    """Each begins with its CKA_CLASS."""
    current: dict[str, bytes] = {}
    count = 0
    for name, value in _attributes(lines):
        if name == "CKA_CLASS":
            if current:
                yield current
            current, count = {}, count + 1
        if count > MAX_OBJECTS:
            raise LimitExceeded(f"more than {MAX_OBJECTS} objects in the list", limit="objects")
        if name in current:
            raise MalformedMessage(f"an object with two {name}")
        current[name] = value
    yield current


def _attributes(lines: Iterator[str]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            raise MalformedMessage("a line that is no attribute")
        name, kind, value = found.groups()
        if (kind == _OCTAL) == (value is not None):
            raise MalformedMessage(f"{name} without its value")
        yield name, _octal(lines) if value is None else value.encode()


def _octal(lines: Iterator[str]) -> bytes:
    found = bytearray()
    for line in lines:
        if line == "END":
            return bytes(found)
        if _OCTETS.fullmatch(line) is None:
            raise MalformedMessage("a line that is no octets")
        found += bytes(int(line[at : at + 3], 8) for at in range(1, len(line), 4))
        if len(found) > MAX_VALUE:
            raise LimitExceeded(f"a value longer than {MAX_VALUE} octets", limit="value_size")
    raise MalformedMessage("the list ends in the middle of a value")


def _lines(data: bytes) -> Iterator[str]:
    """The lines that say something, after BEGINDATA."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedMessage("not a text") from error
    said = (line.rstrip(" \t\r") for line in text.split("\n"))
    lines = (line for line in said if line and not line.startswith("#"))
    if not any(line == _BEGIN for line in lines):
        raise MalformedMessage(f"no list of Mozilla's: {_BEGIN} is missing")
    return lines
