"""Certificates on their way and those that came lately, whoever makes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from siegel.flows.acme_connector import progress_of_order
from siegel.flows.connectors import (
    ConnectorKind,
    Ticket,
    progress_of_enrolment,
    progress_of_request,
)
from siegel.policy.tickets import Progress
from siegel.store.acme_rows import AcmeOrderRow
from siegel.store.authority_rows import EnrolmentListing, RequestRow
from siegel.store.queries import acme, enrolments, requests

LATELY = 20  # of each kind; the list of certificates has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    """``about``: the account, or the authority of ours. ``by_whom``: the authority that makes it,
    where that is known; ``detail``: its own words about trouble. ``when``: of the order, or of the
    certificate once it is there."""

    ticket: Ticket
    about: str
    by_whom: str
    use: str
    ordered_by: str
    when: datetime
    progress: Progress
    detail: str = ""


def waiting() -> tuple[TicketLine, ...]:
    """What is not finished, the newest first."""
    found = [_of_enrolment(row) for row in enrolments.unfinished()]
    found += _of_requests(requests.waiting())
    return tuple(sorted(found, key=lambda line: line.when, reverse=True))


def lately() -> tuple[TicketLine, ...]:
    """The last ones that came, the newest first."""
    found = [_of_enrolment(row) for row in enrolments.lately(limit=LATELY)]
    found += _of_requests(requests.answered_lately(limit=LATELY))
    return tuple(sorted(found, key=lambda line: line.when, reverse=True))[:LATELY]


def of_request(row: RequestRow) -> TicketLine:
    (line,) = _of_requests([row])
    return line


def _of_requests(rows: Sequence[RequestRow]) -> list[TicketLine]:
    """Taken by hand, or ordered over ACME."""
    orders = acme.by_request(row.id for row in rows)
    return [_of_request(row, orders.get(row.id)) for row in rows]


def _of_request(row: RequestRow, order: AcmeOrderRow | None) -> TicketLine:
    kind = ConnectorKind.BY_HAND if order is None else ConnectorKind.ACME
    return TicketLine(
        ticket=Ticket(kind=kind, number=row.id),
        about=str(row.account or row.authority or row.subject),
        by_whom="" if order is None else urlsplit(order.directory).netloc,
        use="",
        ordered_by=row.made_by,
        when=row.answered_at or row.made_at,
        progress=progress_of_request(row) if order is None else progress_of_order(order),
        detail="" if order is None else order.detail,
    )


def _of_enrolment(row: EnrolmentListing) -> TicketLine:
    return TicketLine(
        ticket=Ticket(kind=ConnectorKind.IN_HOUSE, number=row.id),
        about=str(row.account),
        by_whom=row.authority,
        use=row.use,
        ordered_by=row.begun_by,
        when=row.ended_at or row.begun_at,
        progress=progress_of_enrolment(row.certificate),
    )
