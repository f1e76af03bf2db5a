"""What partners may find: nothing that nobody published, nothing that mail cannot be opened with.

Published is an address. What is handed out for it is decided each time: a certificate that can be
used for encryption today and whose private key is here and in use. So a renewal carries the
publication over, and an expired or revoked certificate is gone without anybody's doing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows.certificates import CertificateState, judged
from siegel.pki.certificate import Certificate
from siegel.policy.actions import Action
from siegel.store.queries import accounts, certificates, journal
from siegel.store.queries import directory as store
from siegel.store.rows import CertificateRow, PublicationRow
from siegel.store.transaction import together


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One certificate that everybody may have. ``renewed``: an older one of the address is here, so
    that partners may still have that one."""

    address: EmailAddress
    row: CertificateRow
    chain: tuple[Certificate, ...]
    published_at: datetime
    renewed: bool

    @property
    def certificate(self) -> Certificate:
        return self.row.certificate

    @property
    def holder(self) -> str:
        """As the certificate names it: no other name of a person is shown to strangers."""
        found = self.certificate
        return found.person or found.common_name or found.organisation or str(self.address)


def published(address: EmailAddress, at: datetime) -> tuple[CertificateRow, ...]:
    """What may be used to encrypt for this address, the newest first; () for an address that is
    unknown or not published, which nobody outside can tell apart."""
    return tuple(each.row for each in found(address, at))


def found(address: EmailAddress, at: datetime) -> tuple[Published, ...]:
    """``published`` with what a page says besides."""
    return _of(store.published([address]), at)


def all_published(at: datetime) -> tuple[Published, ...]:
    """Everything that everybody may have, by address, of each the newest first. The number of
    queries does not depend on theirs."""
    return _of(store.published(), at)


def by_fingerprint(fingerprint: str, at: datetime) -> Published | None:
    """A certificate that is handed out now, by the digest in an address of the site."""
    rows = certificates.exactly(fingerprint)
    named = [address for row in rows for address in row.certificate.addresses]
    every = _of(store.published(named), at) if named else ()
    return next((one for one in every if one.row.fingerprint == fingerprint), None)


def chain_files(at: datetime) -> tuple[Certificate, ...]:
    """The authorities behind what is published, roots first, each once. Of the certificates of one
    issuer only one is asked."""
    held = certificates.in_use_for(store.published())
    rows = (row for found in held.values() for row in found if _opens(row))
    of_issuers = {row.certificate.issuer_der: row for row in rows}
    chains = (state.chain for state in judged(of_issuers.values(), at) if not state.encryption)
    authorities = (authority for chain in chains for authority in reversed(chain))
    once = {each.fingerprint: each for each in authorities}
    return tuple(sorted(once.values(), key=lambda each: not each.is_self_issued))


def publish(addresses: Iterable[EmailAddress], *, by: str, at: datetime) -> int:
    """The certificates of these addresses may be found by everybody from now on; how many are new.
    What is no address of an account in use is passed over."""
    asked = tuple(dict.fromkeys(addresses))
    ours = accounts.known(asked)
    with together():
        new = store.publish([a for a in asked if ours.owner(a) is not None], by=by, at=at)
        _note(Action.DIRECTORY_PUBLISHED, new, by, at)
    return len(new)


def withdraw(addresses: Iterable[EmailAddress], *, by: str, at: datetime) -> int:
    """Nobody finds them here any more. Whoever has the certificate keeps it."""
    with together():
        gone = store.withdraw(addresses, by=by, at=at)
        _note(Action.DIRECTORY_WITHDRAWN, gone, by, at)
    return len(gone)


def _of(publications: Mapping[EmailAddress, PublicationRow], at: datetime) -> tuple[Published, ...]:
    """The number of queries does not depend on that of the publications."""
    if not publications:
        return ()
    held = certificates.in_use_for(publications)
    once = {row.fingerprint: row for rows in held.values() for row in rows if _opens(row)}
    usable = {s.row.fingerprint: s for s in judged(once.values(), at) if not s.encryption}
    return tuple(
        _published(publication, usable[row.fingerprint], held[address])
        for address, publication in publications.items()
        for row in sorted(held[address], key=lambda row: row.not_before, reverse=True)
        if row.fingerprint in usable and address in row.certificate.addresses
    )


def _opens(row: CertificateRow) -> bool:
    """Mail that somebody encrypts with it can be read: its key is here and not archived."""
    return row.has_private_key and not row.key_archived and not row.is_ca


def _published(
    publication: PublicationRow, state: CertificateState, held: tuple[CertificateRow, ...]
) -> Published:
    row = state.row
    older = (each for each in held if each.certificate.may_encrypt and each.has_private_key)
    return Published(
        address=publication.address,
        row=row,
        chain=state.chain,
        published_at=publication.published_at,
        renewed=any(each.not_before < row.not_before for each in older),
    )


def _note(action: Action, about: tuple[EmailAddress, ...], by: str, at: datetime) -> None:
    """One entry for all of them, found by each."""
    if about:
        first = str(about[0])
        named = [str(address) for address in about]
        journal.write(at=at, actor=by, action=action, about=first, recipients=named)
