"""How CMS names a certificate (RFC 5652 §5.3, §6.2.1, §10.2.4): by issuer and serial number, or
by subjectKeyIdentifier. Which certificate is meant is not known here.
"""

from siegel.base import ber, der
from siegel.base.errors import MalformedMessage, UnsupportedAlgorithm
from siegel.base.keys import CertifiedKey, IssuerAndSerial, KeyId


def read_identifier(element: ber.Element) -> KeyId:
    """SignerIdentifier and RecipientIdentifier."""
    if element.tag == der.SEQUENCE:
        return read_issuer_and_serial(element)
    if element.tag & ~der.CONSTRUCTED == der.CONTEXT:
        return element.joined()
    raise MalformedMessage("a key named in no known way")


def read_issuer_and_serial(element: ber.Element) -> IssuerAndSerial:
    """IssuerAndSerialNumber, the issuer as the octets it came in."""
    fields = element.children()
    if len(fields) != 2:
        raise MalformedMessage("no IssuerAndSerialNumber")
    issuer = fields[0].expect(der.SEQUENCE).raw
    return IssuerAndSerial(bytes(issuer), fields[1].expect(der.INTEGER).integer())


def written_identifier(certificate: CertifiedKey, *, by_ski: bool) -> bytes:
    """SignerIdentifier; ``UnsupportedAlgorithm`` where there is no subjectKeyIdentifier."""
    if not by_ski:
        named = certificate.issuer_and_serial
        return der.sequence(named.issuer, der.integer(named.serial))
    if certificate.subject_key_identifier is None:
        raise UnsupportedAlgorithm("a certificate without subjectKeyIdentifier")
    return der.context(0, certificate.subject_key_identifier, constructed=False)
