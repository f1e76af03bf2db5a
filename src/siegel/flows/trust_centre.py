"""The trust centre: which roots count and why, and everything that is known about one of them.

Reads only; the number of queries does not depend on how much the store holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.base.errors import NotFound
from siegel.flows import unknown_roots
from siegel.flows.deciding import find
from siegel.flows.public_roots import in_force
from siegel.flows.unknown_roots import UnknownRoot
from siegel.pki.anchors import RootList
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.known_roots import KnownRoot, known_private_roots
from siegel.pki.names import short_name
from siegel.policy import root_lists
from siegel.policy.trust import Trust
from siegel.store.queries import certificates, trust
from siegel.store.rows import TrustDecisionRow

MOST_UNDECIDED = (
    500  # roots of the store that nobody decided about; far more than an office imports
)


class RootState(StrEnum):
    """What holds for a root today; the first that applies."""

    TRUSTED = "trusted"
    DISTRUSTED = "distrusted"
    PUBLIC = "public"
    DISTRUSTED_BY_LIST = "distrusted_by_list"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """``decision`` is the one in force, a withdrawn one included; ``distrust_after``: the public
    list's last day for new certificates."""

    certificate: Certificate
    state: RootState
    decision: TrustDecisionRow | None = None
    distrust_after: datetime | None = None

    @property
    def name(self) -> str:
        return short_name(self.certificate.subject_der)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicList:
    """The public list in force: from where, of which day, how many roots."""

    source: str
    published_at: datetime
    count: int
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All roots, in the order of ``RootState`` and by name, and what waits for somebody."""

    roots: tuple[Root, ...]
    public: PublicList
    waiting: tuple[UnknownRoot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RootPage:
    """Everything about one root. ``came``: how it arrived, if it did so without a person.
    ``catalogue``: entries with the same key identifier, which proves nothing."""

    root: Root
    is_stored: bool
    came: UnknownRoot | None
    history: tuple[TrustDecisionRow, ...]
    catalogue: tuple[KnownRoot, ...]


def overview(at: datetime) -> Overview:
    public = in_force(at)
    return Overview(
        roots=_ordered(_roots(public)),
        public=PublicList(
            source=public.source,
            published_at=public.published_at,
            count=len(public.anchors),
            is_old=root_lists.is_old(public.published_at, at),
        ),
        waiting=unknown_roots.inbox(at),
    )


def root_page(fingerprint: str, *, at: datetime) -> RootPage:
    """Raises ``NotFound`` for what is neither in the store, nor in the inbox, nor public."""
    certificate = find(fingerprint, at=at)
    if not certificate.is_ca or certificate.fingerprint != fingerprint:
        raise NotFound("not the certificate of an authority")
    history = trust.history(certificate.fingerprint)
    current = history[0] if history else None
    return RootPage(
        root=_root(certificate, current, _Listed(in_force(at))),
        is_stored=bool(certificates.exactly(certificate.fingerprint)),
        came=unknown_roots.one(certificate.fingerprint),
        history=history,
        catalogue=catalogue_entries(certificate),
    )


def decisions(*, before: int | None = None, limit: int = 50) -> tuple[TrustDecisionRow, ...]:
    """All that was ever decided, the newest first."""
    return trust.page(before=before, limit=limit)


def name_of(row: TrustDecisionRow) -> str:
    """The name of what was decided about; its fingerprint where the certificate is not here."""
    if row.der is None:
        return row.fingerprint
    return short_name(parse_certificate(row.der).subject_der)


def catalogue_entries(certificate: Certificate) -> tuple[KnownRoot, ...]:
    """By fingerprint or, only as a hint, by key identifier."""
    identifier = (certificate.subject_key_identifier or b"").hex()
    return tuple(
        entry
        for entry in known_private_roots()
        if entry.sha256 == certificate.fingerprint
        or (identifier and entry.subject_key_identifier == identifier)
    )


def _roots(public: RootList) -> Iterable[Root]:
    decisions = {row.fingerprint: row for row in trust.decisions() if row.der is not None}
    known: dict[str, Certificate] = {}
    for row in decisions.values():
        known[row.fingerprint] = parse_certificate(row.der or b"")
    listed = (*(anchor.certificate for anchor in public.anchors), *public.distrusted)
    stored = (parse_certificate(der) for der in certificates.roots(limit=MOST_UNDECIDED))
    for certificate in (*listed, *stored):
        known.setdefault(certificate.fingerprint, certificate)
    by_list = _Listed(public)
    return [_root(each, decisions.get(mark), by_list) for mark, each in known.items()]


class _Listed:
    """The public list by fingerprint."""

    def __init__(self, public: RootList) -> None:
        self.anchors = {anchor.certificate.fingerprint: anchor for anchor in public.anchors}
        self.distrusted = {certificate.fingerprint for certificate in public.distrusted}


def _root(certificate: Certificate, row: TrustDecisionRow | None, listed: _Listed) -> Root:
    anchor = listed.anchors.get(certificate.fingerprint)
    return Root(
        certificate=certificate,
        state=_state(certificate.fingerprint, row, listed),
        decision=row,
        distrust_after=anchor.distrust_after if anchor is not None else None,
    )


def _state(mark: str, row: TrustDecisionRow | None, listed: _Listed) -> RootState:
    if row is not None and row.decision == Trust.TRUSTED:
        return RootState.TRUSTED
    if row is not None and row.decision == Trust.DISTRUSTED:
        return RootState.DISTRUSTED
    if mark in listed.anchors:
        return RootState.PUBLIC
    if mark in listed.distrusted:
        return RootState.DISTRUSTED_BY_LIST
    return RootState.UNDECIDED


_PLACE = {state: place for place, state in enumerate(RootState)}


def _ordered(roots: Iterable[Root]) -> tuple[Root, ...]:
    return tuple(sorted(roots, key=lambda one: (_PLACE[one.state], one.name.casefold())))
