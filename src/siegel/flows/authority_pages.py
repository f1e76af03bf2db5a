"""Authorities of our own, gathered for their pages: how each stands, what it issued, what a
revocation would mean. The number of queries does not depend on how much was issued.
"""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound
from siegel.ca.authority import Places
from siegel.flows import issuing, revocation_lists
from siegel.flows.issuers import places
from siegel.pki.names import short_name
from siegel.policy.authority_state import AuthorityState, authority_state
from siegel.policy.trust import Trust
from siegel.store.authority_rows import (
    AuthorityRow,
    CrlIssueRow,
    IssuedCounts,
    IssuedRow,
    RequestRow,
)
from siegel.store.queries import authorities, issued, keys, organisation, requests, trust
from siegel.store.queries.authorities import AuthorityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one authority stands at a moment. ``list_is_late``: its last list has ended, and who
    checks a certificate learns nothing."""

    row: AuthorityRow
    state: AuthorityState
    counts: IssuedCounts
    last_list: CrlIssueRow | None
    revoked_at: datetime | None
    list_is_late: bool

    @property
    def is_root(self) -> bool:
        return self.row.kind == AuthorityKind.ROOT

    @property
    def next_list_at(self) -> datetime | None:
        """None while its certificate has not come. A revoked one goes on: programs that do not
        know of it learn at least what it revoked itself."""
        last = self.last_list
        return None if last is None else revocation_lists.next_due(self.row, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityPage:
    """``above``: who issued its certificate; "" for a root. ``is_trusted``: somebody decided that
    this root of ours counts. ``request``: what waits for an answer from outside."""

    standing: Standing
    places: Places
    above: str
    parent: AuthorityRow | None
    is_trusted: bool
    request: RequestRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationPage:
    """What goes with a certificate that is revoked. ``of_authority``: it makes one of ours an
    authority, and everything that one issued goes with it."""

    found: IssuedRow
    issuer: AuthorityRow
    accounts: tuple[EmailAddress, ...]
    of_authority: Standing | None


def own_domains() -> frozenset[str]:
    return organisation.domains()


def overview(at: datetime) -> tuple[Standing, ...]:
    """All of them, in the order they were made."""
    counts, lists, revoked = authorities.counts(), authorities.last_lists(), issued.revocations()
    return tuple(_standing(row, counts, lists, revoked, at) for row in authorities.all_rows())


def page(number: int, at: datetime) -> AuthorityPage:
    """Raises ``NotFound``."""
    every = overview(at)
    standing = next((one for one in every if one.row.id == number), None)
    if standing is None:
        raise NotFound(f"no authority {number}")
    row, certificate = standing.row, standing.row.certificate
    is_below = certificate is not None and not certificate.is_self_issued
    return AuthorityPage(
        standing=standing,
        places=places(row.publish_at, row.spki_sha256),
        above=short_name(certificate.issuer_der) if certificate and is_below else "",
        parent=next((one.row for one in every if one.row.id == row.parent), None),
        is_trusted=standing.is_root
        and certificate is not None
        and _is_trusted(certificate.fingerprint),
        request=next(
            (one for one in requests.waiting() if one.spki_sha256 == row.spki_sha256), None
        ),
    )


def issued_page(
    of: AuthorityPage,
    *,
    search: str,
    after: int | None,
    before: int | None,
    limit: int,
) -> tuple[IssuedRow, ...]:
    """What the authority issued, the newest first; serial numbers say where to begin."""
    return issued.page(of.standing.row.id, search=search, after=after, before=before, limit=limit)


def revocation(fingerprint: str, at: datetime) -> RevocationPage:
    """Raises ``NotFound`` for a certificate that is not ours, ``Conflict`` for a root, which nobody
    can revoke, and for one that is revoked already."""
    found = issued.of_certificate(fingerprint)
    if found is None:
        raise NotFound("no authority of ours has issued this certificate")
    issuing.require_revocable(found)
    if found.reason is not None:
        raise Conflict("the certificate is revoked already")
    standing = next((one for one in overview(at) if _is_of(one, fingerprint)), None)
    return RevocationPage(
        found=found,
        issuer=authorities.get(found.authority),
        accounts=keys.accounts_of(found.certificate.spki_sha256),
        of_authority=standing,
    )


def _standing(
    row: AuthorityRow,
    counts: dict[int, IssuedCounts],
    lists: dict[int, CrlIssueRow],
    revoked: dict[str, datetime],
    at: datetime,
) -> Standing:
    certificate = row.certificate
    revoked_at = None if certificate is None else revoked.get(certificate.fingerprint)
    state, last = (
        authority_state(certificate, revoked=revoked_at is not None, at=at),
        lists.get(row.id),
    )
    return Standing(
        row=row,
        state=state,
        counts=counts.get(row.id, IssuedCounts()),
        last_list=last,
        revoked_at=revoked_at,
        list_is_late=state.can_issue and (last is None or last.next_update <= at),
    )


def _is_of(standing: Standing, fingerprint: str) -> bool:
    certificate = standing.row.certificate
    return certificate is not None and certificate.fingerprint == fingerprint


def _is_trusted(fingerprint: str) -> bool:
    newest = next(iter(trust.history(fingerprint)), None)
    return newest is not None and newest.decision == Trust.TRUSTED
