"""What issuing works with, and where it may be killed: tests stop the work at these steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from siegel.base.buffers import Random
from siegel.ca import authority as making
from siegel.store.queries import issued
from siegel.store.vault import Vault


class Step(StrEnum):
    """Where a kill hurts most: tests stop the work there, and count what is left."""

    KEY_KEPT = "key_kept"
    SERIAL_RESERVED = "serial_reserved"
    SIGNED = "signed"
    WRITTEN = "written"
    ISSUED = "issued"
    REVOKED = "revoked"
    LISTED = "listed"


def _pass(step: Step) -> None:
    del step


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What issuing works with. ``passes`` is told the steps, for tests that kill in between."""

    vault: Vault
    rng: Random
    passes: Callable[[Step], None] = field(default=_pass, repr=False)


def reserved(authority: int, workshop: Workshop, *, at: datetime) -> int:
    """A serial number of this authority that nobody had, on disk before it is used."""
    serial = making.new_serial(workshop.rng)
    issued.reserve(authority, serial, at=at)
    workshop.passes(Step.SERIAL_RESERVED)
    return serial
