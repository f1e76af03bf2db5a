"""A worker with a trap: it sends until nothing is due, and kills itself (SIGKILL) at a named point.

python -m tests.kill.outbox CONFIG accept|bulk NUMBER POINT EVERY     prints how often it was killed
"""

import sys
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from siegel.config.django import configure
from siegel.config.load import load
from siegel.flows.points import Point
from tests.kill.lives import kills_until_done, live, trap

if TYPE_CHECKING:  # models can be read only after the configuration was
    from siegel.flows.site import Site

SECRET = "DAS DARF NIEMAND LESEN"
LEASE = timedelta(seconds=0.2)  # a worker that died is succeeded at once
MOST_KILLS = 60


def main() -> None:
    config, verb, number, point, every = sys.argv[1:]
    settings = load(Path(config))
    configure(settings)
    # loaded once, for all lives
    from siegel.flows import bulk_sending, outbox_sending  # noqa: F401
    from siegel.serve.composing import build_site
    from tests.flows import outbox  # noqa: F401

    begin = {"accept": accept, "bulk": start_bulk}[verb]
    live(lambda: begin(build_site(settings), int(number)))
    sprung = partial(trap, Point(point), int(every))
    print(kills_until_done(lambda: send(build_site(settings, sprung())), most=MOST_KILLS))


def accept(site: "Site", number: int) -> None:
    """Each letter goes to one recipient, and blind to a second one."""
    from siegel.flows import outbox
    from siegel.serve.composing import now
    from tests.flows.outbox import let_mira_write, letter
    from tests.world import WORLD

    huber, dana = WORLD.person("huber").address, WORLD.person("dana").address
    let_mira_write(now())
    for each in range(number):
        given = letter(huber, bcc=(dana,), subject=f"Kill {each:03}", text=SECRET)
        outbox.accept(given, site, by="test", at=now())


def start_bulk(site: "Site", number: int) -> None:
    """A message for each of so many."""
    from siegel.flows import bulk
    from siegel.flows.bulk import Order
    from siegel.flows.bulk_list import read_list
    from siegel.serve.composing import now
    from tests.flows.outbox import ALICES, MIRA, let_mira_write

    let_mira_write(now())
    table = "\n".join(f"p{each:03}@x.example" for each in range(number))
    order = Order(
        account=ALICES,
        sender=ALICES,
        user=MIRA,
        subject="Kill",
        text="An alle",
        recipients=read_list(table.encode()),
    )
    job = bulk.prepare(order, site, by="test", at=now())
    bulk.start(job, MIRA, by="test", at=now())


def send(site: "Site") -> None:
    """Until everything is done; what another one left is taken up when its lease is over."""
    from siegel.flows import bulk_sending, outbox_sending
    from siegel.flows.outbox_sending import Hand
    from siegel.serve.composing import now
    from siegel.store.models import BulkJob, OutboxItem

    outbox_sending.LEASE = bulk_sending.LEASE = LEASE
    hand = Hand()
    unfinished = OutboxItem.objects.filter(filed_at=None), BulkJob.objects.exclude(state="done")
    while any(each.exists() for each in unfinished):
        busy = outbox_sending.send_next(site, hand, at=now())
        busy = outbox_sending.finish_next(site, at=now()) or busy
        if not (bulk_sending.send_some(site, limit=4, at=now()) or busy):
            time.sleep(0.02)


if __name__ == "__main__":
    main()
