"""Ways to a certificate behind one small interface: an order, how it stands, the certificate.

What our own authority makes is there at once; what an authority outside makes comes some day. Both
finish by themselves when the certificate is imported, so a ticket only ever asks the store.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from siegel.ca.names import Organisation
from siegel.flows import issuing, requesting
from siegel.flows.issuing import Order, Workshop
from siegel.flows.requesting import Wanted
from siegel.pki.classes import ValidationType
from siegel.policy.tickets import Progress, Standing, TicketReason, TicketStep
from siegel.store.authority_rows import RequestRow
from siegel.store.queries import enrolments, requests


class ConnectorKind(StrEnum):
    IN_HOUSE = "in_house"
    BY_HAND = "by_hand"
    ACME = "acme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """``number``: of the enrolment (in-house), or of the request (by hand, ACME)."""

    kind: ConnectorKind
    number: int


class Connector(Protocol):
    """Orders a certificate for an account of ours, and tells what became of it.

    ``request`` always orders a new one, whatever the account has: it raises ``NotFound`` without
    the account and ``Conflict`` where this way is closed. ``status`` raises ``NotFound``.
    """

    @property
    def kind(self) -> ConnectorKind: ...

    def request(self, order: Order, *, by: str, at: datetime) -> Ticket: ...

    def status(self, ticket: Ticket, *, at: datetime) -> Progress: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InHouse:
    """Our own authority: one of this name, or (None) the only one that issues."""

    workshop: Workshop
    authority: str | None = None

    @property
    def kind(self) -> ConnectorKind:
        return ConnectorKind.IN_HOUSE

    def request(self, order: Order, *, by: str, at: datetime) -> Ticket:
        done = issuing.enrol(order, self.authority, self.workshop, by=by, at=at)
        if not done.new:
            use, key = order.profile.use, order.key
            done = issuing.renew(
                order.address, use, self.authority, self.workshop, key=key, by=by, at=at
            )
        number = enrolments.number_of(done.certificate.fingerprint)
        return Ticket(kind=self.kind, number=number)

    def status(self, ticket: Ticket, *, at: datetime) -> Progress:
        del at
        return progress_of_enrolment(enrolments.certificate_of(ticket.number))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """A request that a person takes to an authority outside, and its answer that he brings back.

    ``organisation``: whom the request names where the profile wants one."""

    workshop: Workshop
    organisation: Organisation | None = None

    @property
    def kind(self) -> ConnectorKind:
        return ConnectorKind.BY_HAND

    def request(self, order: Order, *, by: str, at: datetime) -> Ticket:
        wanted = wanted_of(order, self.organisation)
        row = requesting.create(wanted, self.workshop, by=by, at=at)
        return Ticket(kind=self.kind, number=row.id)

    def status(self, ticket: Ticket, *, at: datetime) -> Progress:
        del at
        return progress_of_request(requests.get(ticket.number))


def wanted_of(order: Order, organisation: Organisation | None) -> Wanted:
    """The same order, as a request says it: names only where the profile has them."""
    is_mailbox = order.profile.validation is ValidationType.MAILBOX
    is_person = order.profile.validation is ValidationType.SPONSOR
    return Wanted(
        address=order.address,
        person=order.person if is_person else None,
        organisation=None if is_mailbox else organisation,
        use=order.profile.use,
        key=order.key,
    )


def progress_of_enrolment(certificate: str | None) -> Progress:
    if certificate is None:
        return Progress(
            standing=Standing.WAITING,
            reason=TicketReason.BROKEN_OFF,
            next_step=TicketStep.GO_ON,
        )
    return _made(certificate)


def progress_of_request(row: RequestRow) -> Progress:
    """An answer counts even after the request was withdrawn: its key was kept for that."""
    if row.certificate is not None:
        return _made(row.certificate)
    if row.withdrawn_at is not None:
        return Progress(
            standing=Standing.FAILED,
            reason=TicketReason.WITHDRAWN,
            next_step=TicketStep.ASK_AGAIN,
        )
    return Progress(
        standing=Standing.WAITING,
        reason=TicketReason.REQUEST_OPEN,
        next_step=TicketStep.HAND_IN,
    )


def _made(certificate: str) -> Progress:
    return Progress(
        standing=Standing.ISSUED,
        reason=TicketReason.MADE,
        next_step=TicketStep.SHOW,
        certificate=certificate,
    )
