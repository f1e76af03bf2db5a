"""What a flow works with: the running installation, handed in by whoever composes the doors."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from siegel.base.address import EmailAddress
from siegel.base.buffers import Random
from siegel.base.limits import DEFAULT, Limits
from siegel.flows.evidence import Network
from siegel.flows.finders import Finders
from siegel.flows.mail_servers import MailServers
from siegel.flows.points import Point, SyncPoint
from siegel.flows.transactions import Transactions
from siegel.policy.robot import RobotRules
from siegel.store.vault import Vault
from siegel.transport.envelope import Role
from siegel.transport.submission import NextHop
from siegel.wording.words import Language


def _pass(point: Point | SyncPoint) -> None:
    del point


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One installation while it runs. ``network``: incoming mail may fetch evidence with it.
    ``notices_from``: who writes our own mail. ``mail_servers``: of accounts. ``finders``: of
    foreign directories. ``pages_at``: where people reach the pages, without a slash at the end;
    "" = nobody said. ``robot``: who answers test mails, and how often.
    ``acme_directory``: of the authority over ACME; "" = none."""

    hostname: str
    language: Language
    vault: Vault
    hops: dict[Role, NextHop]
    transactions: Transactions = field(default_factory=Transactions, repr=False)
    keep_days: int = 30
    limits: Limits = DEFAULT
    network: Network | None = field(default=None, repr=False)
    notices_from: EmailAddress | None = None
    mail_servers: MailServers = field(default_factory=MailServers, repr=False)
    finders: Finders = field(default_factory=Finders, repr=False)
    pages_at: str = ""
    robot: RobotRules | None = None
    acme_directory: str = ""
    rng: Random = field(default=os.urandom, repr=False)
    passes: Callable[[Point | SyncPoint], None] = field(default=_pass, repr=False)
