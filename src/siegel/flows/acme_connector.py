"""ACME as a way to a certificate (``flows.connectors``): ordered here, carried on by the worker."""

from dataclasses import dataclass
from datetime import datetime

from siegel.ca.names import Organisation
from siegel.flows import acme_orders
from siegel.flows.connectors import ConnectorKind, Ticket, wanted_of
from siegel.flows.issuing import Order, Workshop
from siegel.policy.acme import AcmeReason
from siegel.policy.tickets import Progress, Standing, TicketReason, TicketStep
from siegel.store.acme_rows import AcmeOrderRow
from siegel.store.queries import acme


@dataclass(frozen=True, slots=True, kw_only=True)
class OverAcme:
    """The authority that the configuration names; the number of a ticket is that of its request."""

    workshop: Workshop
    directory: str
    organisation: Organisation | None = None

    @property
    def kind(self) -> ConnectorKind:
        return ConnectorKind.ACME

    def request(self, order: Order, *, by: str, at: datetime) -> Ticket:
        wanted = wanted_of(order, self.organisation)
        number = acme_orders.place(wanted, self.directory, self.workshop, by=by, at=at)
        return Ticket(kind=self.kind, number=number)

    def status(self, ticket: Ticket, *, at: datetime) -> Progress:
        del at
        return progress_of_order(acme.get(ticket.number))


def progress_of_order(row: AcmeOrderRow) -> Progress:
    """A certificate counts, whichever way it came."""
    if row.certificate is not None:
        return Progress(
            standing=Standing.ISSUED,
            reason=TicketReason.MADE,
            next_step=TicketStep.SHOW,
            certificate=row.certificate,
        )
    ended = row.ended_at is not None
    return Progress(
        standing=Standing.FAILED if ended else Standing.WAITING,
        reason=AcmeReason(row.reason),
        next_step=TicketStep.ASK_AGAIN if ended else TicketStep.WAIT,
    )
