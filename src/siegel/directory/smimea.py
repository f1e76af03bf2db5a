"""The record with which a domain names a certificate in DNS (SMIMEA, RFC 8162), as text for a zone.

The owner name is made of a hash of the local part exactly as people write it: RFC 8162 §3 forbids
to fold its case. So there is a record for every spelling that partners use. The whole certificate
stands in the record (usage 3, selector 0, matching type 0), because only that can be encrypted to.
"""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate

TYPE = 53  # of the resource record, RFC 8162 §8
OCTETS = 28  # of the digest that the name is made of, RFC 8162 §3
FIELDS = (3, 0, 0)  # DANE-EE, the full certificate, as it is (RFC 6698 §2.1)
_WIDTH = 64  # digits in a line of a zone file


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record. ``local``: the spelling of the local part that it is for."""

    local: str
    owner: str
    certificate: Certificate

    def text(self, *, ttl: int) -> str:
        """As name servers that know SMIMEA read it."""
        usage, selector, matching = FIELDS
        head = f"{self.owner} {ttl} IN SMIMEA {usage} {selector} {matching} ("
        return _block(head, self.certificate.der.hex())

    def generic(self, *, ttl: int) -> str:
        """The same for name servers that do not know the type (RFC 3597 §5)."""
        octets = bytes(FIELDS) + self.certificate.der
        return _block(f"{self.owner} {ttl} IN TYPE{TYPE} \\# {len(octets)} (", octets.hex())


def records(address: EmailAddress, certificate: Certificate) -> tuple[Record, ...]:
    """One for every spelling of the local part that the certificate has, and one in small letters,
    which is what most people type."""
    names = [each.spelling for each in certificate.addresses if each == address]
    return tuple(
        Record(local=local, owner=owner(local, address.domain), certificate=certificate)
        for local in _spellings(address, names)
    )


def owner(local: str, domain: str) -> str:
    """RFC 8162 §3: the local part in NFC without quotes, in UTF-8, with no other mapping."""
    octets = unicodedata.normalize("NFC", local).encode("utf-8")
    return f"{hashlib.sha256(octets).digest()[:OCTETS].hex()}._smimecert.{domain}."


def _spellings(address: EmailAddress, names: Iterable[str]) -> tuple[str, ...]:
    as_named = (_unquoted(name.rpartition("@")[0]) for name in names)
    return tuple(dict.fromkeys((address.local, *as_named)))


def _unquoted(local: str) -> str:
    if not local.startswith('"'):
        return local
    return local[1:-1].replace('\\"', '"').replace("\\\\", "\\")


def _block(head: str, digits: str) -> str:
    lines = (digits[start : start + _WIDTH] for start in range(0, len(digits), _WIDTH))
    return "\n".join((head, *(f"  {line}" for line in lines), ")"))
