"""What a listener takes on, how long it waits, and what its sessions may ask of it."""

import ssl
from dataclasses import dataclass
from typing import Protocol

from siegel.transport.admission import Room, Ticket
from siegel.transport.envelope import Envelope, Role
from siegel.transport.replies import Reply

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayLimits:
    """What one listener takes on; each with its reason."""

    message_size: int = 50 * MIB
    """Octets of one message, announced by SIZE."""
    connections: int = 50
    """Connections at once; the next one hears 421 and comes again."""
    workers: int = 4
    """Handlers at once; cryptography gains nothing from more of them than processors."""
    recipients: int = 1000
    """Recipients of one transaction (RFC 5321 §4.5.3.1.8 asks for at least 100)."""
    octets_in_flight: int = 200 * MIB
    """All messages between DATA and reply together; the engine takes a few times as much."""

    def __post_init__(self) -> None:
        if self.octets_in_flight < self.message_size:
            raise ValueError("octets_in_flight must hold one message of message_size")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds; what a slow or silent client may cost (RFC 5321 §4.5.3.2)."""

    command: float = 300.0
    block: float = 180.0
    data: float = 1200.0
    room: float = 20.0
    handler: float = 540.0
    """Clients wait ten minutes for the answer to the final dot; ours comes before."""


class Session(Protocol):
    """What a gateway needs of its sessions."""

    @property
    def client(self) -> str:
        """The IP address of the client."""
        ...

    def drain(self) -> None:
        """The gateway is ending: say goodbye now, or after the message that is on its way."""
        ...

    def abort(self) -> None:
        """Close the connection at once."""
        ...


class Service(Protocol):
    """What a session needs of the gateway around it."""

    role: Role
    hostname: str
    limits: GatewayLimits
    timeouts: Timeouts
    tls_context: ssl.SSLContext | None
    smtputf8: bool
    room: Room
    draining: bool

    def admit(self, session: "Session") -> Reply | None:
        """Count the session in; a reply means that it is turned away before the banner."""
        ...

    def dismiss(self, session: "Session") -> None: ...

    async def handle(self, envelope: Envelope, message: bytes, ticket: Ticket) -> Reply: ...
