"""Certificates on their way: where each stands, why, and the one step that helps.

Whoever makes certificates – our authority, one outside that gets a request by hand, one that
speaks ACME – says it in these words.
"""

from dataclasses import dataclass
from enum import StrEnum

from siegel.policy.acme import AcmeReason


class Standing(StrEnum):
    WAITING = "waiting"
    ISSUED = "issued"
    FAILED = "failed"


class TicketReason(StrEnum):
    """MADE: it is there. BROKEN_OFF: its key is made, the making stopped in between.
    REQUEST_OPEN: the request lies here, or at the authority. WITHDRAWN: nobody waits any more."""

    MADE = "made"
    BROKEN_OFF = "broken_off"
    REQUEST_OPEN = "request_open"
    WITHDRAWN = "withdrawn"


class TicketStep(StrEnum):
    """SHOW: look at the certificate. GO_ON: the same order again finishes it. HAND_IN: take the
    request to the authority, and bring its answer. ASK_AGAIN: begin a new one. WAIT: nothing."""

    SHOW = "show"
    GO_ON = "go_on"
    HAND_IN = "hand_in"
    ASK_AGAIN = "ask_again"
    WAIT = "wait"


class Hindrance(StrEnum):
    """Why a way to a certificate is closed. NO_AUTHORITY: none of ours issues here.
    FOREIGN_DOMAIN: nobody has proved control of the address. NOT_CONFIGURED: the configuration
    names no such server."""

    NO_AUTHORITY = "no_authority"
    FOREIGN_DOMAIN = "foreign_domain"
    NOT_CONFIGURED = "not_configured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``certificate``: its fingerprint, once it is there."""

    standing: Standing
    reason: TicketReason | AcmeReason
    next_step: TicketStep
    certificate: str | None = None
