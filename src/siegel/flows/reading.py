"""What it takes to open mail for those entitled, without an installation that can send any."""

import os
from dataclasses import dataclass, field
from typing import Protocol

from siegel.base.buffers import Random
from siegel.base.limits import DEFAULT, Limits
from siegel.store.vault import Vault


class Desk(Protocol):
    """``Site`` is one, too."""

    @property
    def vault(self) -> Vault: ...
    @property
    def limits(self) -> Limits: ...
    @property
    def rng(self) -> Random: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingDesk:
    """For commands and the worker, which read kept mail and send none."""

    vault: Vault
    limits: Limits = DEFAULT
    rng: Random = field(default=os.urandom, repr=False)
