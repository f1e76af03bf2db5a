"""The originator's own certificates in an encrypted message (OriginatorInfo, RFC 5652 §6.1).

Read for static-static key agreement (RFC 6278), where the sender's public key is named and not
shown. Whose key it is does not matter here: it opens the message or it does not.
"""

from collections.abc import Mapping

from siegel.base import ber, der, oids
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.keys import IssuerAndSerial, KeyId
from siegel.base.limits import Limits

_CERTIFICATES = 0xA0
_VERSION = 0xA0
_EXTENSIONS = 0xA3
_SPKI = 5  # fields behind the version: serial, algorithm, issuer, validity, subject, key


def read_originators(element: ber.Element, limits: Limits) -> Mapping[KeyId, bytes]:
    """The octets of every public key by the names that its certificate answers to."""
    sets = [child for child in element.children() if child.tag == _CERTIFICATES]
    shown = [certificate for found in sets for certificate in found.children()]
    if len(shown) > limits.certificates:
        raise LimitExceeded(f"{len(shown)} certificates", limit="certificates")
    points: dict[KeyId, bytes] = {}
    for certificate in shown:
        try:
            points |= _named(certificate)
        except MalformedMessage:
            continue  # one that nobody can read names nobody
    return points


def _named(certificate: ber.Element) -> dict[KeyId, bytes]:
    fields = _fields(certificate, 3)[0].expect(der.SEQUENCE).children()
    fields = fields[fields[0].tag == _VERSION if fields else 0 :]
    if len(fields) <= _SPKI:
        raise MalformedMessage("no TBSCertificate")
    issuer, serial = fields[2].expect(der.SEQUENCE).raw, fields[0].expect(der.INTEGER).integer()
    point = read_point(_fields(fields[_SPKI], 2)[1])
    names: list[KeyId] = [IssuerAndSerial(bytes(issuer), serial)]
    for extensions in fields[_SPKI + 1 :]:
        if extensions.tag == _EXTENSIONS:
            names += _key_identifiers(_fields(extensions, 1)[0])
    return dict.fromkeys(names, point)


def _key_identifiers(extensions: ber.Element) -> list[bytes]:
    found = [extension.children() for extension in extensions.children()]
    return [
        ber.read(fields[-1].joined()).octet_string()
        for fields in found
        if fields and fields[0].expect(der.OID).oid() == oids.SUBJECT_KEY_IDENTIFIER
    ]


def _fields(element: ber.Element, number: int) -> list[ber.Element]:
    fields = element.children()
    if len(fields) != number:
        raise MalformedMessage("no certificate")
    return fields


def read_point(element: ber.Element) -> bytes:
    """The octets of a public key in its BIT STRING."""
    key = element.expect(der.BIT_STRING).content
    if not key or key[0]:
        raise MalformedMessage("a public key of broken octets")
    return bytes(key[1:])
