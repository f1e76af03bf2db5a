"""Which certificate of an account partners should have today."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows.certificates import judged
from siegel.store.queries import certificates
from siegel.store.rows import CertificateRow


def to_give(
    addresses: Iterable[EmailAddress], at: datetime
) -> Mapping[EmailAddress, CertificateRow]:
    """Of each account the newest certificate that others can encrypt to us with; who has none is
    missing. A fixed number of queries."""
    asked = tuple(dict.fromkeys(addresses))
    if not asked:
        return {}
    held = certificates.in_use_for(asked)
    ours = {row.fingerprint: row for rows in held.values() for row in rows if _opens(row)}
    usable = {s.row.fingerprint for s in judged(ours.values(), at) if not s.encryption}
    return {
        address: max(mine, key=lambda row: row.not_before)
        for address, rows in held.items()
        if (mine := [row for row in rows if row.fingerprint in usable])
    }


def _opens(row: CertificateRow) -> bool:
    """What is encrypted with it can be read here."""
    return row.has_private_key and not row.key_archived
