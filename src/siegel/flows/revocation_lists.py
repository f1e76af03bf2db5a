"""Revocation lists of our own authorities: at once after a revocation, and on schedule.

A list is signed, numbered and kept in one transaction; of two writers one waits for the other.
"""

from datetime import datetime, timedelta

from siegel.ca import crl
from siegel.ca.authority import Issuer
from siegel.pki.certificate import Certificate
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow, CrlIssueRow
from siegel.store.queries import authorities, evidence, issued, journal
from siegel.store.queries.authorities import AuthorityKind
from siegel.store.transaction import together

_EVERY = {AuthorityKind.ISSUING: crl.EVERY, AuthorityKind.ROOT: crl.LIFE_OF_ROOT / 3}
_LIFE = {AuthorityKind.ISSUING: crl.LIFE, AuthorityKind.ROOT: crl.LIFE_OF_ROOT}


def issue(row: AuthorityRow, issuer: Issuer, *, by: str, at: datetime) -> CrlIssueRow:
    """The next list of the authority, with everything revoked until now."""
    life = _LIFE[AuthorityKind(row.kind)]
    with together():
        authorities.lock(row.id)
        last = authorities.last_list(row.id)
        number = 1 if last is None else last.number + 1
        entries = crl.listed(issued.revoked_by(row.id), None if last is None else last.this_update)
        der = crl.issue_crl(issuer, entries, number=number, at=at, life=life)
        found = CrlIssueRow(
            authority=row.id,
            number=number,
            der=der,
            this_update=at.replace(microsecond=0),
            next_update=at.replace(microsecond=0) + life - timedelta(seconds=1),
        )
        _keep(found, issuer.certificate, at)
        detail = {"number": number, "entries": len(entries)}
        journal.write(at=at, actor=by, action=Action.CRL_ISSUED, about=row.name, detail=detail)
    return found


def due(at: datetime) -> tuple[AuthorityRow, ...]:
    """Whose list is old enough for a new one."""
    return tuple(
        row
        for kind, every in _EVERY.items()
        for row in authorities.without_list_since(at - every, kind=kind)
    )


def next_due(row: AuthorityRow, last: CrlIssueRow) -> datetime:
    """When the worker issues the list after this one; sooner if something is revoked."""
    return last.this_update + _EVERY[AuthorityKind(row.kind)]


def _keep(found: CrlIssueRow, issuer: Certificate, at: datetime) -> None:
    """For everybody, and for our own paths."""
    authorities.add_list(
        found.authority,
        found.number,
        found.der,
        this_update=found.this_update,
        next_update=found.next_update,
    )
    evidence.set_own_crl(
        found.der,
        issuer=issuer.subject_der,
        this_update=found.this_update,
        next_update=found.next_update,
        at=at,
    )
