"""Where certificates say that more is found: revocation lists, OCSP, the issuer's certificate.

RFC 5280 §4.2.1.13 and §4.2.2.1. Addresses as strangers wrote them: nothing is judged or asked here.
Places of indirect lists (cRLIssuer) are left out, such lists are not evaluated.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from siegel.pki.certificate import Certificate

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)

MAX_PLACES = 4  # of one kind in one certificate; authorities name one or two


def list_places(certificate: Certificate) -> tuple[str, ...]:
    """URLs of revocation lists that may name this certificate."""
    return _some(_list_places(certificate))


def responder_places(certificate: Certificate) -> tuple[str, ...]:
    """URLs of OCSP responders (id-ad-ocsp)."""
    return _some(_accesses(certificate, AuthorityInformationAccessOID.OCSP))


def issuer_places(certificate: Certificate) -> tuple[str, ...]:
    """URLs of the issuer's certificate (id-ad-caIssuers)."""
    return _some(_accesses(certificate, AuthorityInformationAccessOID.CA_ISSUERS))


def _some(urls: Iterator[str]) -> tuple[str, ...]:
    try:
        return tuple(islice(dict.fromkeys(urls), MAX_PLACES))
    except Exception:  # extensions that cryptography cannot read name no place
        return ()


def _list_places(certificate: Certificate) -> Iterator[str]:
    found = _extension(certificate, x509.CRLDistributionPoints)
    for point in found or ():
        if point.crl_issuer is None:
            yield from _urls(point.full_name or ())


def _accesses(certificate: Certificate, method: x509.ObjectIdentifier) -> Iterator[str]:
    found = _extension(certificate, x509.AuthorityInformationAccess)
    for access in found or ():
        if access.access_method == method:
            yield from _urls((access.access_location,))


def _urls(names: Iterable[x509.GeneralName]) -> Iterator[str]:
    return (name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))


def _extension(certificate: Certificate, kind: type[_Extension]) -> _Extension | None:
    try:
        return certificate.parsed.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
