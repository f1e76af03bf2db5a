"""What the pages about keys show: an authority, requests that wait, lists of many, and files."""

import os

from siegel.base.address import EmailAddress
from siegel.ca.names import Organisation
from siegel.flows import (
    authorities,
    enrolling_many,
    enrolling_work,
    key_delivery,
    preparing_keys,
    requesting,
)
from siegel.flows.authorities import AuthorityPlan
from siegel.flows.enrolling_many import Plan
from siegel.flows.issuing import Workshop
from siegel.flows.preparing_keys import Wanted as Delivery
from siegel.flows.requesting import Wanted
from siegel.flows.staff_list import read_staff_list
from siegel.pki.key_generation import KeyChoice
from siegel.pki.pkcs12 import Flavour
from tests.flows.office import ALICE, BOB, Office
from tests.world import WORLD_NOW

BY = "user:mira@office.example"
PLAN = AuthorityPlan(
    name="Landratsamt am Markt",
    organisation=Organisation(name="Landratsamt Musterstadt", identifier="GOVDE+BY"),
    publish_at="http://pki.office.example/",
    key=KeyChoice.P_256,
)
STAFF = """Adresse;Vorname;Nachname;Funktionspostfach
karla@office.example;Karla;Kramer;
einwohnermeldeamt@office.example;;;ja
keine Adresse;;;
fremd@elsewhere.example;;;
halb@office.example;Hans;;
"""


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
    return {"request": str(made[1].id), **_lists(workshop, office)}


def keys_to_fetch(office: Office, names: dict[str, str]) -> dict[str, str]:
    """One that waits, and one that the ``person`` has; after people were engaged."""
    who, account = EmailAddress.parse(names["person"]), EmailAddress.parse(names["account"])
    found: dict[str, str] = {}
    for state, flavour in (("fetched", Flavour.COMPATIBLE), ("ready", Flavour.MODERN)):
        wanted = Delivery(account=account, person=who, flavour=flavour)
        number = preparing_keys.prepare(wanted, office.site, by=BY, at=WORLD_NOW)[0]
        found[f"delivery_{state}"] = str(number)
    number = int(found["delivery_fetched"])
    key_delivery.fetch(number, who, office.site, by=f"user:{who}", at=WORLD_NOW)
    key_delivery.passphrase(number, office.site, by=f"user:{who}", at=WORLD_NOW)
    return found


def _lists(workshop: Workshop, office: Office) -> dict[str, str]:
    plan = Plan(
        authority="Landratsamt am Markt Issuing", key=KeyChoice.P_256, second_key=None, days=365,
        create_accounts=True,
    )  # fmt: skip
    lines = read_staff_list(STAFF.encode())
    done, new = (enrolling_many.prepare(lines, plan, by=BY, at=office.at) for _ in "ab")
    enrolling_many.start(done, by=BY, at=office.at)
    while enrolling_work.work_some(workshop, limit=5, at=office.at):
        pass
    return {"enrolments_done": str(done), "enrolments_new": str(new)}
