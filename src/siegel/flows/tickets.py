"""Certificates on their way and those that came lately, whoever makes them."""

from dataclasses import dataclass
from datetime import datetime

from siegel.flows.connectors import (
    ConnectorKind,
    Ticket,
    progress_of_enrolment,
    progress_of_request,
)
from siegel.policy.tickets import Progress
from siegel.store.authority_rows import EnrolmentListing, RequestRow
from siegel.store.queries import enrolments, requests

LATELY = 20  # of each kind; the list of certificates has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketLine:
    """``about``: the account, or the authority of ours. ``by_whom``: the authority that makes it,
    where that is known. ``when``: of the order, or of the certificate once it is there."""

    ticket: Ticket
    about: str
    by_whom: str
    use: str
    ordered_by: str
    when: datetime
    progress: Progress


def waiting() -> tuple[TicketLine, ...]:
    """What is not finished, the newest first."""
    found = [_of_enrolment(row) for row in enrolments.unfinished()]
    found += [of_request(row) for row in requests.waiting()]
    return tuple(sorted(found, key=lambda line: line.when, reverse=True))


def lately() -> tuple[TicketLine, ...]:
    """The last ones that came, the newest first."""
    found = [_of_enrolment(row) for row in enrolments.lately(limit=LATELY)]
    found += [of_request(row) for row in requests.answered_lately(limit=LATELY)]
    return tuple(sorted(found, key=lambda line: line.when, reverse=True))[:LATELY]


def of_request(row: RequestRow) -> TicketLine:
    return TicketLine(
        ticket=Ticket(kind=ConnectorKind.BY_HAND, number=row.id),
        about=str(row.account or row.authority or row.subject),
        by_whom="",
        use="",
        ordered_by=row.made_by,
        when=row.answered_at or row.made_at,
        progress=progress_of_request(row),
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
