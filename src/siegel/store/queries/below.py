"""What lies below an authority, found by the names of issuers: for asking what a decision changes.

Names are compared by their octets here, as intermediates are found for paths. Whether a certificate
really hangs below the authority is judged elsewhere.
"""

import hashlib
from collections.abc import Iterable

from siegel.pki.certificate import Certificate, parse_certificate
from siegel.store import models
from siegel.store.models.certificate import LinkState
from siegel.store.queries.evidence import LONGEST_PATH

MOST_NAMES = 300  # authorities below one root; public ones have some dozens


def names_below(authorities: Iterable[Certificate]) -> frozenset[str]:
    """Digests of the names of the authorities and of those below them, pending ones included.

    At most two queries a level, whatever the store holds.
    """
    found = {hashlib.sha256(one.subject_der).hexdigest() for one in authorities}
    fresh = set(found)
    for _ in range(LONGEST_PATH):
        if not fresh or len(found) >= MOST_NAMES:
            break
        known = models.Certificate.objects.filter(issuer_sha256__in=list(fresh), is_ca=True)
        waiting = models.UnknownIntermediate.objects.filter(issuer_sha256__in=list(fresh))
        names = (
            *known.values_list("subject_sha256", flat=True)[:MOST_NAMES],
            *waiting.values_list("subject_sha256", flat=True)[:MOST_NAMES],
        )
        fresh = set(names) - found
        found |= fresh
    return frozenset(found)


def certificates(names: Iterable[str], *, limit: int) -> tuple[Certificate, ...]:
    """People's certificates whose issuer has one of the names, the newest first."""
    asked = models.Certificate.objects.filter(issuer_sha256__in=list(names), is_ca=False)
    return tuple(
        parse_certificate(bytes(der))
        for der in asked.order_by("-not_before", "fingerprint").values_list("der", flat=True)[
            :limit
        ]
    )


def links(fingerprints: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The addresses that each certificate is used for."""
    rows = models.CertificateAddress.objects.filter(certificate__in=list(fingerprints)).exclude(
        state=LinkState.REJECTED
    )
    found: dict[str, list[str]] = {}
    for fingerprint, address in rows.order_by("address").values_list("certificate_id", "address"):
        found.setdefault(fingerprint, []).append(address)
    return {fingerprint: tuple(addresses) for fingerprint, addresses in found.items()}
