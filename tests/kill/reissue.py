"""A worker with a trap: it replaces certificates, tells partners and revokes the old ones, and
kills itself (SIGKILL) at a named point or step.

python -m tests.kill.reissue CONFIG PEOPLE POINT EVERY     prints how often it was killed
"""

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from siegel.config.django import configure
from siegel.config.load import load
from tests.kill.lives import kills_until_done, live, trap

if TYPE_CHECKING:  # models can be read only after the configuration was
    from siegel.flows.site import Site

LEASE = timedelta(seconds=0.2)  # a worker that died is succeeded at once
MOST_KILLS = 80
CAMPAIGN = 1


def main() -> None:
    config, people, point, every = sys.argv[1:]
    settings = load(Path(config))
    configure(settings)
    from siegel.flows import reissuing_work  # noqa: F401 - loaded once, for all lives
    from siegel.serve.composing import build_site

    def one_life() -> None:
        passes = trap(point, int(every))
        work(build_site(settings, passes), passes)

    live(partial(begin, lambda: build_site(settings), int(people)))
    print(kills_until_done(one_life, most=MOST_KILLS))


def begin(made: "Callable[[], Site]", people: int) -> None:
    """People with certificates of our own authority, a partner each, and a campaign that runs."""
    from siegel.base.address import EmailAddress
    from siegel.ca.crl import RevocationReason
    from siegel.flows import accounts, issuing, reissuing
    from siegel.flows.connectors import ConnectorKind
    from siegel.flows.issuing import Order, Workshop
    from siegel.flows.reissuing import Plan
    from siegel.flows.reissuing_finding import Criteria
    from siegel.pki.key_generation import KeyChoice
    from siegel.policy.actions import Action
    from siegel.serve.composing import now
    from siegel.store.queries import journal

    workshop = Workshop(vault=made().vault, rng=os.urandom)
    for number in range(people):
        address = EmailAddress.parse(f"p{number}@office.example")
        accounts.create(address, "", by="test", at=now())
        order = Order(address=address, key=KeyChoice.P_256)
        issuing.enrol(order, None, workshop, by="test", at=now())
        journal.write(
            at=now(),
            actor="gateway",
            action=Action.OUTBOUND_SIGN_AND_ENCRYPT,
            about=str(address),
            recipients=[f"partner{number}@x.example"],
        )
    plan = Plan(criteria=Criteria(), way=ConnectorKind.IN_HOUSE, key=KeyChoice.P_256)
    campaign = reissuing.prepare(plan, by="test", at=now())
    reissuing.start(campaign, by="test", at=now())
    reissuing.switch(campaign, now(), by="test", at=now())
    reissuing.revoke_old(campaign, RevocationReason.SUPERSEDED, by="test", at=now())


def work(site: "Site", passes: Callable[[StrEnum], None]) -> None:
    """Until all is replaced, told and revoked; what another one left is taken up."""
    from siegel.flows import reissuing, reissuing_telling, reissuing_work
    from siegel.flows.issuing import Workshop
    from siegel.serve.composing import now

    reissuing_work.LEASE = LEASE
    workshop = Workshop(vault=site.vault, rng=os.urandom, passes=passes)
    while True:
        busy = reissuing_work.work_due(site, now(), workshop=workshop)
        campaign = reissuing.get(CAMPAIGN)
        figures = campaign.figures
        if figures.open or figures.to_revoke or figures.untold:
            time.sleep(0 if busy else 0.02)
        elif campaign.row.telling_since is None:
            reissuing_telling.tell(CAMPAIGN, site, by="test", at=now())
        else:
            return


if __name__ == "__main__":
    main()
