"""Hand out the public part of a certificate, and notice when a private key is about to leave.

„Versenden Sie niemals den privaten Schlüssel!“ – ``public_part`` is built from certificates alone,
so that there is nothing private to leave out. The formats are those portals and programs accept:
DER, PEM, .p7c (RFC 8551 §3.8) and vCard 4 (RFC 6350 §6.8.1).
"""

import base64
from collections.abc import Sequence
from enum import StrEnum

from siegel.base import der, oids
from siegel.pki.certificate import Certificate
from siegel.pki.keyguard import contains_private_key
from siegel.pki.vcard import Card, write_card

__all__ = ["ExportFormat", "contains_private_key", "public_part"]


class ExportFormat(StrEnum):
    """The forms in which a certificate is handed out."""

    DER = "der"
    PEM = "pem"
    P7C = "p7c"
    VCARD = "vcard"


def public_part(
    certificate: Certificate, chain: Sequence[Certificate], *, format: str = ExportFormat.DER
) -> bytes:
    """The certificate; PEM and .p7c carry the chain behind it, DER and vCard hold one only."""
    match ExportFormat(format):
        case ExportFormat.DER:
            return certificate.der
        case ExportFormat.PEM:
            return b"".join(_pem(each.der) for each in (certificate, *chain))
        case ExportFormat.P7C:
            return _certs_only([each.der for each in (certificate, *chain)])
        case ExportFormat.VCARD:
            return _vcard(certificate)


def _pem(blob: bytes) -> bytes:
    text = base64.b64encode(blob)
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return b"\n".join((b"-----BEGIN CERTIFICATE-----", *lines, b"-----END CERTIFICATE-----\n"))


def _certs_only(certificates: Sequence[bytes]) -> bytes:
    """SignedData without content and without signers, as DER (the SET in its order)."""
    signed_data = der.sequence(
        der.integer(1),
        der.set_of(),
        der.sequence(der.oid(oids.DATA)),
        der.context(0, *sorted(certificates)),
        der.set_of(),
    )
    return der.sequence(der.oid(oids.SIGNED_DATA), der.context(0, signed_data))


def _vcard(certificate: Certificate) -> bytes:
    name = certificate.person or certificate.common_name
    card = Card(
        name=name or next(map(str, certificate.addresses), "") or certificate.subject,
        organisation=certificate.organisation or "",
        addresses=certificate.addresses,
        certificates=(certificate,),
    )
    return write_card(card)
