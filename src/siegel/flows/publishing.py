"""What partners may find: nothing that nobody published, nothing that mail cannot be opened with.

Published is an address. What is handed out for it is decided each time: a certificate that can be
used for encryption today and whose private key is here and in use. So a renewal carries the
publication over, and an expired or revoked certificate is gone without anybody's doing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.directory.publish import Held, handed_out, is_renewal
from siegel.flows.certificates import CertificateState, state_of
from siegel.flows.trusting import trust_facts
from siegel.pki.certificate import Certificate
from siegel.policy.actions import Action
from siegel.store.queries import accounts, certificates, evidence, journal, organisation
from siegel.store.queries import directory as store
from siegel.store.rows import CertificateRow, PublicationRow
from siegel.store.transaction import together

ASKED_OF_AN_ISSUER = 5  # certificates judged to learn the chain of their issuer


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An address that may be published. ``would_be`` None: there is nothing to hand out for it now,
    published or not."""

    address: EmailAddress
    name: str
    publication: PublicationRow | None
    would_be: Published | None


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


def by_fingerprints(fingerprints: Iterable[str], at: datetime) -> tuple[Published, ...]:
    """Those of these certificates that are handed out now, each once."""
    rows = certificates.by_fingerprint(set(fingerprints))
    named = {address for row in rows.values() for address in row.certificate.addresses}
    every = _of(store.published(named), at) if named else ()
    once = {one.row.fingerprint: one for one in every if one.row.fingerprint in rows}
    return tuple(once.values())


def chain_files(at: datetime) -> tuple[Certificate, ...]:
    """The authorities behind what is published, roots first, each once. Of the certificates of one
    issuer only a few are asked."""
    rows = certificates.in_use_for(store.published())
    few = _few_of_each_issuer(row for held in rows.values() for row in held)
    chains = (one.chain for one in _judged(few, at) if one.held.opens and one.held.usable)
    once = {each.fingerprint: each for chain in chains for each in reversed(chain)}
    return tuple(sorted(once.values(), key=lambda each: not each.is_self_issued))


def listed(*, after: str = "", limit: int) -> tuple[PublicationRow, ...]:
    """Published addresses in their order, behind the one of the page before."""
    return store.page(after=after, limit=limit)


def offers(
    *,
    at: datetime,
    search: str = "",
    after: EmailAddress | None = None,
    before: EmailAddress | None = None,
    limit: int,
) -> tuple[Offer, ...]:
    """Every address of an account that could be published, page by page, and what would be handed
    out for it."""
    owned = store.owned_page(search=search, after=after, before=before, limit=limit)
    addresses = [address for address, _ in owned]
    current = store.published(addresses)
    as_if = {
        a: current.get(a) or PublicationRow(address=a, published_at=at, published_by="")
        for a in addresses
    }
    newest: dict[EmailAddress, Published] = {}
    for one in _of(as_if, at):
        newest.setdefault(one.address, one)
    return tuple(
        Offer(address=a, name=name, publication=current.get(a), would_be=newest.get(a))
        for a, name in owned
    )


def newest_lists(authorities: Iterable[Certificate]) -> tuple[bytes, ...]:
    """The newest revocation list of each of them that there is."""
    subjects = dict.fromkeys(each.subject_der for each in authorities)
    return tuple(der for each in subjects for der in evidence.crls_for([each])[:1])


def offer(address: EmailAddress, at: datetime) -> Published | None:
    """What is or would be handed out for one of our addresses."""
    if accounts.known([address]).owner(address) is None:
        return None
    as_if = PublicationRow(address=address, published_at=at, published_by="")
    return next(iter(_of({address: as_if}, at)), None)


def count() -> int:
    """How many addresses are published."""
    return store.count()


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


@dataclass(frozen=True, slots=True)
class _Judged:
    row: CertificateRow
    held: Held
    chain: tuple[Certificate, ...]


def _of(publications: Mapping[EmailAddress, PublicationRow], at: datetime) -> tuple[Published, ...]:
    """The number of queries does not depend on that of the publications."""
    if not publications:
        return ()
    rows = certificates.in_use_for(publications)
    once = {row.fingerprint: row for held in rows.values() for row in held}
    known = {one.row.fingerprint: one for one in _judged(once.values(), at)}
    return tuple(
        one
        for address, publication in publications.items()
        for one in _handed_out(publication, [known[row.fingerprint] for row in rows[address]])
    )


def _handed_out(publication: PublicationRow, judged: Sequence[_Judged]) -> Iterator[Published]:
    held = [one.held for one in judged]
    known = {one.row.fingerprint: one for one in judged}
    for certificate in handed_out(publication.address, held):
        one = known[certificate.fingerprint]
        yield Published(
            address=publication.address,
            row=one.row,
            chain=one.chain,
            published_at=publication.published_at,
            renewed=is_renewal(certificate, held),
        )


def _judged(rows: Iterable[CertificateRow], at: datetime) -> tuple[_Judged, ...]:
    """With the whole chain, its anchor included: partners install the root from it."""
    known = tuple(rows)
    trust = trust_facts((row.certificate for row in known), at)
    rules = organisation.get_rules()
    states = (state_of(row, trust, rules, at) for row in known)
    return tuple(_Judged(s.row, _held(s), trust.authorities(s.path)) for s in states)


def _held(state: CertificateState) -> Held:
    row = state.row
    opens = row.has_private_key and not row.key_archived
    return Held(certificate=row.certificate, opens=opens, usable=not state.encryption)


def _few_of_each_issuer(rows: Iterable[CertificateRow]) -> tuple[CertificateRow, ...]:
    """The newest that may be encrypted to: one of them may be revoked, hardly all."""
    found: dict[bytes, dict[str, CertificateRow]] = {}
    for row in sorted(rows, key=lambda row: row.not_before, reverse=True):
        of_issuer = found.setdefault(row.certificate.issuer_der, {})
        if row.certificate.may_encrypt and len(of_issuer) < ASKED_OF_AN_ISSUER:
            of_issuer[row.fingerprint] = row
    return tuple(row for of_issuer in found.values() for row in of_issuer.values())


def _note(action: Action, about: tuple[EmailAddress, ...], by: str, at: datetime) -> None:
    """One entry for all of them, found by each."""
    if about:
        first = str(about[0])
        named = [str(address) for address in about]
        journal.write(at=at, actor=by, action=action, about=first, recipients=named)
