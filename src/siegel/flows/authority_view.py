"""Authorities of our own as programs and people read them."""

from siegel.flows.issuers import places
from siegel.store.authority_rows import AuthorityRow, IssuedCounts
from siegel.store.queries import authorities, issued


def listing() -> tuple[AuthorityRow, ...]:
    return authorities.all_rows()


def counts() -> dict[int, IssuedCounts]:
    return authorities.counts()


def described(row: AuthorityRow, counted: IssuedCounts) -> dict[str, object]:
    """For programs."""
    certificate = row.certificate
    return {
        "name": row.name,
        "kind": row.kind,
        "sha256": None if certificate is None else certificate.fingerprint,
        "subject": None if certificate is None else certificate.subject,
        "not_after": None if certificate is None else certificate.not_after.isoformat(),
        "key": None if certificate is None else certificate.key_name,
        "domains": list(row.domains),
        "publish_at": row.publish_at,
        "issued": counted.issued,
        "revoked": counted.revoked,
    }


def shown(name: str) -> dict[str, object]:
    """The same with its last list, where it publishes, and what it issued lately."""
    row = authorities.named(name)
    last = authorities.last_list(row.id)
    found = places(row.publish_at, row.spki_sha256)
    return {
        **described(row, authorities.counts().get(row.id, IssuedCounts())),
        "places": [found.crl, found.issuer, found.ocsp],
        "list_number": None if last is None else last.number,
        "list_until": None if last is None else last.next_update.isoformat(),
        "certificates": recent(name),
    }


def recent(name: str) -> list[dict[str, object]]:
    return [
        {
            "serial": f"{one.serial:x}",
            "sha256": one.certificate.fingerprint,
            "subject": one.certificate.subject,
            "not_after": one.certificate.not_after.isoformat(),
            "profile": one.profile,
            "reason": one.reason,
            "revoked_at": None if one.revoked_at is None else one.revoked_at.isoformat(),
        }
        for one in issued.page(authorities.named(name).id)
    ]
