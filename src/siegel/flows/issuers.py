"""Our authorities at work: which one issues, its key, and where its lists are found."""

from collections.abc import Iterable

from siegel.base.errors import Conflict, NotFound
from siegel.ca.authority import Issuer, Places
from siegel.pki.issuer_keys import IssuerKey, issuer_key
from siegel.store.authority_rows import AuthorityRow
from siegel.store.queries import authorities, issued, keys
from siegel.store.queries.authorities import AuthorityKind
from siegel.store.vault import Vault

MARK = 16  # digits of the key's name in published addresses; they stay when it is renewed


def issuing_authority(name: str | None) -> AuthorityRow:
    """The one of this name, or the only one that issues certificates for mailboxes.

    Raises ``NotFound``; ``Conflict`` for a root, and for one that is revoked.
    """
    if name is None:
        kind = AuthorityKind.ISSUING
        ready = [row for row in authorities.all_rows() if row.kind == kind and _may_issue(row)]
        if len(ready) != 1:
            raise NotFound(f"{len(ready)} authorities issue certificates here; name the one")
        return ready[0]
    row = authorities.named(name)
    if row.kind != AuthorityKind.ISSUING:
        raise Conflict(f"{row.name} is a root; certificates for mail come from the one below it")
    if row.der is not None and not _may_issue(row):
        raise Conflict(f"{row.name} is revoked; create another one")
    return row


def _may_issue(row: AuthorityRow) -> bool:
    """It has its certificate, which its root – if that is ours – has not revoked."""
    if row.certificate is None:
        return False
    standing = issued.of_certificate(row.certificate.fingerprint)
    return standing is None or standing.reason is None


def issuer_of(row: AuthorityRow, vault: Vault) -> Issuer:
    """Ready to sign. Raises ``Conflict`` while its certificate has not come."""
    certificate = row.certificate
    if certificate is None:
        raise Conflict(f"{row.name} waits for its certificate from outside")
    return Issuer(
        certificate=certificate,
        key=unsealed(row.spki_sha256, vault),
        places=places(row.publish_at, row.spki_sha256),
    )


def unsealed(name: str, vault: Vault) -> IssuerKey:
    return issuer_key(vault.private_key(keys.get(name)))


def places(publish_at: str, name_of_key: str) -> Places:
    """Where this authority's certificate, list and responder are found by everybody."""
    base, mark = publish_at.rstrip("/"), name_of_key[:MARK]
    return Places(crl=f"{base}/{mark}.crl", issuer=f"{base}/{mark}.cer", ocsp=f"{base}/{mark}/ocsp")


def within(host: str, domains: Iterable[str]) -> bool:
    """One of the domains, or below one: as name constraints and rules count them."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
