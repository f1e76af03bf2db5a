"""The record with which a domain names a certificate in DNS (SMIMEA, RFC 8162), as text for a zone.

There is a record for every spelling that partners use, because the owner name is made of a hash of
the local part exactly as people write it (``smimea_name``). The whole certificate stands in the
record (usage 3, selector 0, matching type 0): only that can be encrypted to.
"""

from dataclasses import dataclass

from siegel.base.address import EmailAddress
from siegel.directory.smimea_name import RECORD_TYPE, owner_name
from siegel.pki.certificate import Certificate

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
        return _block(f"{self.owner} {ttl} IN TYPE{RECORD_TYPE} \\# {len(octets)} (", octets.hex())


def records(address: EmailAddress, certificate: Certificate) -> tuple[Record, ...]:
    """One in small letters, which is what most people type, and one for every other spelling of the
    local part that the certificate has."""
    small = EmailAddress.parse(str(address))
    spelled = (small, *(each for each in certificate.addresses if each == address))
    once = {each.exact_local: each for each in reversed(spelled)}
    return tuple(
        Record(local=local, owner=f"{owner_name(each)}.", certificate=certificate)
        for local, each in reversed(once.items())
    )


def _block(head: str, digits: str) -> str:
    lines = (digits[start : start + _WIDTH] for start in range(0, len(digits), _WIDTH))
    return "\n".join((head, *(f"  {line}" for line in lines), ")"))
