"""The HTTP certificate store (RFC 4387): what is asked, what is found by it, how it is answered.

One attribute with one value, compared exactly. Search keys are SHA-1 in base64 because the RFC
says so; they find certificates and prove nothing. A query is never repeated in an answer.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from siegel.base import der
from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, MalformedMessage
from siegel.pki.certificate import Certificate

MAX_QUERY = 1024  # octets; an address has at most 320, each of which may be written with three
MAX_ANSWERS = 20  # certificates in one answer; who needs more wants a list, not a search

CERTIFICATE = "application/pkix-cert"
CRL = "application/pkix-crl"
_KEY = re.compile(r"[A-Za-z0-9+/]{27}", re.ASCII)  # RFC 4387 §2.1: nothing else, and no padding
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


class Attribute(StrEnum):
    """RFC 4387 §2.2; ``email`` is what clients say for ``uri``."""

    CERT_HASH = "certHash"
    URI = "uri"
    EMAIL = "email"
    ISSUER = "iHash"
    ISSUER_AND_SERIAL = "iAndSHash"
    NAME = "name"
    SUBJECT = "sHash"
    KEY_IDENTIFIER = "sKIDHash"


ADDRESSES = frozenset({Attribute.URI, Attribute.EMAIL})
FINDS_MANY = frozenset({Attribute.ISSUER, Attribute.NAME})
"""Attributes by which people could be listed without knowing their addresses."""
Index = Mapping[str, frozenset[str]]
"""From ``attribute=value`` to fingerprints."""


@dataclass(frozen=True, slots=True)
class Query:
    attribute: Attribute
    value: str

    @property
    def key(self) -> str:
        return f"{self.attribute}={self.value}"

    def address(self) -> EmailAddress | None:
        """None: what is asked for is no address, so that nothing is found by it."""
        try:
            return EmailAddress.parse(self.value)
        except MalformedAddress:
            return None


def read_query(text: str) -> Query:
    """The part of the address behind the question mark. Raises ``MalformedMessage``."""
    name, equals, value = text.partition("=")
    if not equals or len(text) > MAX_QUERY or "&" in value or name not in set(Attribute):
        raise MalformedMessage("one attribute and its value are expected")
    attribute = Attribute(name)
    decoded = _decoded(value.replace("+", " ") if attribute is Attribute.NAME else value)
    if attribute in ADDRESSES:
        return Query(attribute, decoded.removeprefix("mailto:"))
    if attribute is Attribute.NAME:
        return Query(attribute, decoded)
    if _KEY.fullmatch(decoded) is None:
        raise MalformedMessage("a search key has 27 characters of base64")
    return Query(attribute, decoded)


def keys_of(certificate: Certificate) -> tuple[str, ...]:
    """Everything this certificate is found by, but its addresses."""
    serial = der.sequence(certificate.issuer_der, der.integer(certificate.serial))
    found = {
        Attribute.CERT_HASH: certificate.der,
        Attribute.ISSUER: certificate.issuer_der,
        Attribute.ISSUER_AND_SERIAL: serial,
        Attribute.SUBJECT: certificate.subject_der,
        Attribute.KEY_IDENTIFIER: certificate.subject_key_identifier,
    }
    keys = [f"{name}={search_key(octets)}" for name, octets in found.items() if octets is not None]
    if certificate.common_name:
        keys.append(f"{Attribute.NAME}={certificate.common_name}")
    return tuple(keys)


def list_keys_of(authority: Certificate) -> tuple[str, ...]:
    """What the revocation list of this authority is found by: its name is the issuer's there."""
    found = {
        Attribute.ISSUER: authority.subject_der,
        Attribute.KEY_IDENTIFIER: authority.subject_key_identifier,
    }
    return tuple(f"{name}={search_key(each)}" for name, each in found.items() if each is not None)


def index(certificates: Iterable[Certificate]) -> Index:
    """Everything to be found, by what it is found by."""
    found: dict[str, set[str]] = {}
    for certificate in certificates:
        for key in keys_of(certificate):
            found.setdefault(key, set()).add(certificate.fingerprint)
    return {key: frozenset(fingerprints) for key, fingerprints in found.items()}


def search_key(octets: bytes) -> str:
    """RFC 4387 §2.1: the SHA-1 of it, in base64 without the sign of equality at its end."""
    digest = hashlib.sha1(octets, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode("ascii").rstrip("=")


def answer(parts: tuple[bytes, ...], media_type: str) -> tuple[str, bytes]:
    """Content type and body for one or several (RFC 4387 §2.3)."""
    if len(parts) == 1:
        return media_type, parts[0]
    boundary = hashlib.sha256(b"".join(parts)).hexdigest()
    head = f"\r\n--{boundary}\r\nContent-Type: {media_type}\r\n\r\n".encode("ascii")
    body = b"".join(head + part for part in parts) + f"\r\n--{boundary}--\r\n".encode("ascii")
    return f"multipart/mixed; boundary={boundary}", body.removeprefix(b"\r\n")


def _decoded(value: str) -> str:
    """``%40`` is an at sign. A plus is a plus: addresses and search keys have it and no space; in a
    name it would be a space, and is one."""
    octets = _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), value.encode("utf-8", "replace"))
    try:
        text = octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedMessage("the value is not UTF-8") from error
    if not text.isprintable():
        raise MalformedMessage("the value has characters that nobody can see")
    return text
