"""Rows of keys that people fetch as they leave the store: frozen facts, no models."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.policy.delivering import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyDeliveryRow:
    """``has_passphrase``: it was not shown yet. ``certificate``: its fingerprint."""

    id: int
    account: EmailAddress
    certificate: str
    user: EmailAddress
    user_name: str
    flavour: str
    has_passphrase: bool
    prepared_by: str
    prepared_at: datetime
    ends_at: datetime
    fetched_at: datetime | None
    shown_to: str
    shown_at: datetime | None
    withdrawn_at: datetime | None

    def state(self, at: datetime) -> DeliveryState:
        if self.withdrawn_at is not None:
            return DeliveryState.WITHDRAWN
        if self.fetched_at is not None:
            return DeliveryState.FETCHED
        return DeliveryState.READY if at < self.ends_at else DeliveryState.OVER

    def shows_passphrase(self, at: datetime) -> bool:
        """Whether it can still be read, once."""
        return self.has_passphrase and self.withdrawn_at is None and at < self.ends_at
