"""What the pages about keys show: an authority, requests that wait, certificates of many."""

import os

from siegel.base.address import EmailAddress
from siegel.ca.names import Organisation
from siegel.flows import authorities, requesting
from siegel.flows.authorities import AuthorityPlan
from siegel.flows.issuing import Workshop
from siegel.flows.requesting import Wanted
from siegel.pki.key_generation import KeyChoice
from tests.flows.office import ALICE, BOB, Office

BY = "user:mira@office.example"
PLAN = AuthorityPlan(
    name="Kreisverwaltung",
    organisation=Organisation(name="Kreisverwaltung Musterstadt", identifier="GOVDE+BY"),
    publish_at="http://pki.office.example/",
    key=KeyChoice.P_256,
)


def keys_on_their_way(office: Office) -> dict[str, str]:
    workshop = Workshop(vault=office.site.vault, rng=os.urandom)
    authorities.create(PLAN, office.site.vault, rng=os.urandom, by=BY, at=office.at, trust=True)
    made = [
        requesting.create(
            Wanted(address=EmailAddress.parse(each.address), key=KeyChoice.P_256),
            workshop,
            by=BY,
            at=office.at,
        )
        for each in (BOB, ALICE)
    ]
    requesting.withdraw(made[0].id, by=BY, at=office.at)
    return {"request": str(made[1].id)}
