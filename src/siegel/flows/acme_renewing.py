"""Certificates made over ACME are ordered anew before they end, each with a new key.

„Wer sein Zertifikat von dort hat, bekommt rechtzeitig ein neues.“ The old key stays and opens old
mail; the newest certificate signs as soon as it is there.
"""

import logging
from datetime import datetime, timedelta

from siegel.base.errors import SiegelError
from siegel.flows import acme_mail, acme_orders
from siegel.flows.acme_desk import AcmeDesk
from siegel.flows.requesting import Wanted
from siegel.flows.workshop import Workshop
from siegel.store.queries import acme

log = logging.getLogger(__name__)
QUIET = timedelta(days=7)  # after an order, whatever became of it, before one is made by itself


def renew_due(desk: AcmeDesk, *, at: datetime) -> int:
    """How many were ordered. What failed lately is left to people: the journal says why."""
    days = desk.offer.renew_days
    if not days:
        return 0
    due = acme.ending(at=at, before=at + timedelta(days=days), quiet=QUIET)
    workshop, done = Workshop(vault=desk.site.vault, rng=desk.site.rng), 0
    for address in due:
        try:
            wanted = Wanted(address=address)
            acme_orders.place(wanted, desk.offer.directory, workshop, by=acme_mail.BY, at=at)
            done += 1
        except SiegelError as error:
            log.warning("acme renewal not ordered code=%s", error.code)
    return done
