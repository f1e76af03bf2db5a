"""Delta lists (RFC 5280 §5.2.4): where the one is found that belongs to lists at hand.

A complete list, or the certificate, names the place (FreshestCRL, RFC 5280 §4.2.1.15 and §5.2.6).
Which delta fits which list, and what both say together, is judged by OpenSSL.
"""

from collections.abc import Iterable
from datetime import datetime

from siegel.pki.certificate import Certificate
from siegel.pki.crl import ListMemory, read_lists
from siegel.pki.link import link
from siegel.pki.places import delta_places


def missing_delta_places(
    certificate: Certificate, issuer: Certificate, crls: Iterable[bytes], at: datetime
) -> tuple[str, ...]:
    """URLs; none without a current complete list of the issuer, or with a current delta."""
    name = link(issuer).subject
    read = read_lists(crls, ListMemory())
    lists = [one for one in read if one.issuer == name and one.is_current(at)]
    if not lists or any(one.is_delta for one in lists):
        return ()
    named = (delta_places(one.head) for one in lists)
    return tuple(dict.fromkeys(sum(named, delta_places(certificate.parsed))))
