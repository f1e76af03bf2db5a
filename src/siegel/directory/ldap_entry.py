"""What a directory answers: entries with attributes, and the certificates in them.

``userSMIMECertificate`` (RFC 2798 §2.8) is a SignedData that carries certificates; it goes before
``userCertificate`` (RFC 4523 §4.1), which is one certificate a value. Active Directory answers
without ``;binary``. What cannot be read is passed over: directories hold old and broken values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from siegel.base.errors import SiegelError
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate

ASKED = (
    "userSMIMECertificate;binary",
    "userSMIMECertificate",  # OpenLDAP has it without the option
    "userCertificate;binary",
    "userCertificate",
    "mail",
)
MAX_ENTRIES = 20  # of one answer; an address has one entry, several only where people moved
MAX_VALUES = 20  # of one attribute; people with several cards and old certificates have fewer
MAX_VALUE = 256 * 1024  # octets; a SignedData with a chain has about 10,000
MAX_CERTIFICATES = 40  # of the whole answer
_HOLDING = ("usersmimecertificate", "usercertificate")  # in this order

Entry = Mapping[str, Sequence[bytes]]
"""Attribute descriptions with their values, as the directory spelled them."""


def certificates_of(entries: Iterable[Entry]) -> tuple[Certificate, ...]:
    """Every certificate once, those of ``userSMIMECertificate`` first."""
    found: dict[Certificate, None] = {}
    some = [entry for entry, _ in zip(entries, range(MAX_ENTRIES), strict=False)]
    for holding in _HOLDING:
        for entry in some:
            for certificate in _from_attribute(entry, holding):
                found[certificate] = None
    return tuple(found)[:MAX_CERTIFICATES]


def _from_attribute(entry: Entry, holding: str) -> Iterator[Certificate]:
    for description, values in entry.items():
        if description.partition(";")[0].lower() != holding:
            continue
        for value in list(values)[:MAX_VALUES]:
            yield from _from_value(value)


def _from_value(value: bytes) -> tuple[Certificate, ...]:
    if len(value) > MAX_VALUE:
        return ()
    try:
        return parse_certificates(value)
    except SiegelError:
        return ()
