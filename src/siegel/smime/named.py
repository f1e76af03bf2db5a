"""Which certificates a signer may mean (RFC 5652 §5.3): several can share a name or a key."""

from collections.abc import Iterable

from siegel.base.keys import IssuerAndSerial, KeyId
from siegel.pki.certificate import Certificate

MAX_CANDIDATES = 8  # certificates tried for one signer; only forgers give many the same name


def named_by(
    identifier: KeyId, certificates: Iterable[Certificate]
) -> list[Certificate] | list[None]:
    """The first few that fit; one None where there is none, so that there is always one to try."""
    if isinstance(identifier, IssuerAndSerial):
        found = [c for c in certificates if c.issuer_and_serial == identifier]
    else:
        found = [c for c in certificates if c.subject_key_identifier == identifier]
    return found[:MAX_CANDIDATES] or [None]
