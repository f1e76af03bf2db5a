"""What strangers fetch from our authorities: the list, the certificate, an answer about one number.

An address names its authority by a mark, the beginning of the name of its key. Whoever asks cannot
see what else is here: an unknown mark is "not found", whatever it may be.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from siegel.base.errors import NotFound, SiegelError
from siegel.ca import ocsp
from siegel.ca.ocsp import Failure
from siegel.flows import responding
from siegel.flows.issuers import MARK
from siegel.flows.workshop import Workshop
from siegel.pki.certificate import Certificate
from siegel.store.authority_rows import CrlIssueRow
from siegel.store.queries import authorities

BY = "system:status"  # who makes a responder that nobody has asked for before


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """``kept_until``: caches may hand it on until then; None: never."""

    der: bytes = field(repr=False)
    kept_until: datetime | None = None


def list_of(mark: str) -> CrlIssueRow:
    """The newest revocation list; a revocation and its list are written together. ``NotFound``."""
    found = authorities.last_list_of_key(_whole(mark))
    if found is None:
        raise NotFound("no list of this authority")
    return found


def certificate_of(mark: str) -> Certificate:
    """The authority's own certificate, for whoever builds a path. ``NotFound``."""
    row = authorities.marked(_whole(mark))
    certificate = None if row is None else row.certificate
    if certificate is None:
        raise NotFound("no certificate of this authority")
    return certificate


def answer(
    mark: str, request: bytes, workshop: Callable[[], Workshop], *, at: datetime
) -> Answered:
    """The answer to a question (DER), always one: what is no question of ours gets a failure."""
    row = authorities.marked(mark) if len(mark) == MARK else None
    if row is None or row.certificate is None:
        return Answered(der=ocsp.failure(Failure.UNAUTHORIZED))
    try:
        der = responding.respond_for(row, request, workshop(), by=BY, at=at)
    except SiegelError:  # the authority's own certificate has ended, its key is locked …
        return Answered(der=ocsp.failure(Failure.TRY_LATER))
    return Answered(der=der, kept_until=ocsp.kept_until(der))


def _whole(mark: str) -> str:
    """Raises ``NotFound``: with less than all of it strangers could guess their way."""
    if len(mark) != MARK:
        raise NotFound("no such authority")
    return mark
