"""What the pages about many certificates show: a re-issue under way, with partners to tell."""

from dataclasses import replace

from siegel.base.address import EmailAddress
from siegel.flows import accounts, issuing, reissuing, reissuing_work
from siegel.flows.connectors import ConnectorKind
from siegel.flows.issuing import Order
from siegel.flows.reissuing import Plan
from siegel.flows.reissuing_finding import Criteria, issuers
from siegel.pki.key_generation import KeyChoice
from siegel.policy.actions import Action
from siegel.store.queries import journal
from tests.browser.keys_scenery import PLAN
from tests.flows.office import HUBER, Office
from tests.flows.workshop import workshop_of

BY = "user:mira@office.example"
AUTHORITY = f"{PLAN.name} Issuing"
STAFF = tuple(EmailAddress.parse(f"{name}@office.example") for name in ("kasse", "kurse"))


def certificates_replaced(office: Office) -> dict[str, str]:
    """``keys_on_their_way`` has made the authority."""
    for address in STAFF:
        accounts.create(address, "", by=BY, at=office.at)
        order = Order(address=address, key=KeyChoice.P_256)
        issuing.enrol(order, AUTHORITY, workshop_of(office), by=BY, at=office.at)
        journal.write(
            at=office.at,
            actor="gateway",
            action=Action.OUTBOUND_SIGN_AND_ENCRYPT,
            about=str(address),
            recipients=[HUBER.address],
        )
    mine = next(one for one in issuers(office.at) if one.name == AUTHORITY)
    criteria = Criteria(issuer=mine.name_sha256)
    plan = Plan(
        criteria=criteria,
        way=ConnectorKind.IN_HOUSE,
        authority=AUTHORITY,
        key=KeyChoice.P_256,
    )
    done = reissuing.prepare(plan, by=BY, at=office.at)
    reissuing.start(done, by=BY, at=office.at)
    reissuing_work.work_due(office.site, office.at)
    waiting = reissuing.prepare(replace(plan, criteria=Criteria()), by=BY, at=office.at)
    return {
        "reissue": str(done),
        "reissue_waiting": str(waiting),
        "issuer": mine.name_sha256,
    }
