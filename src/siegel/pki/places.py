"""Where certificates say that more is found: revocation lists, OCSP, the issuer's certificate.

RFC 5280 §4.2.1.13, §4.2.1.15, §4.2.2.1 and §5.2.6. Addresses as strangers wrote them: nothing is
judged or asked here. Places of indirect lists (cRLIssuer) are left out, such lists are not
evaluated.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeAlias, TypeVar

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

from siegel.pki.certificate import Certificate

Extended: TypeAlias = x509.Certificate | x509.CertificateRevocationList

_Extension = TypeVar("_Extension", bound=x509.ExtensionType)

MAX_PLACES = 4  # of one kind in one certificate; authorities name one or two


def list_places(certificate: Certificate) -> tuple[str, ...]:
    """URLs of revocation lists that may name this certificate."""
    return _some(_points(certificate.parsed, x509.CRLDistributionPoints))


def delta_places(parsed: Extended) -> tuple[str, ...]:
    """URLs of delta lists (FreshestCRL), which a certificate or a complete list may name."""
    return _some(_points(parsed, x509.FreshestCRL))


def names_indirect_list(certificate: Certificate) -> bool:
    """Is there a list of another issuer for it (RFC 5280 §4.2.1.13, cRLIssuer)?"""
    try:
        points = _extension(certificate.parsed, x509.CRLDistributionPoints) or ()
        return any(point.crl_issuer is not None for point in points)
    except Exception:  # extensions that cryptography cannot read
        return False


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


def _points(
    parsed: Extended, kind: type[x509.CRLDistributionPoints] | type[x509.FreshestCRL]
) -> Iterator[str]:
    for point in _extension(parsed, kind) or ():
        if point.crl_issuer is None:
            yield from _urls(point.full_name or ())


def _accesses(certificate: Certificate, method: x509.ObjectIdentifier) -> Iterator[str]:
    found = _extension(certificate.parsed, x509.AuthorityInformationAccess)
    for access in found or ():
        if access.access_method == method:
            yield from _urls((access.access_location,))


def _urls(names: Iterable[x509.GeneralName]) -> Iterator[str]:
    return (name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))


def _extension(parsed: Extended, kind: type[_Extension]) -> _Extension | None:
    try:
        return parsed.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
