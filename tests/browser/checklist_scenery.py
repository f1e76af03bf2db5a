"""Lists for authorities in the demo office: one worked on, one due again, one without a step."""

from siegel.base.address import EmailAddress
from siegel.flows import checklists
from siegel.flows.own_certificates import to_give
from siegel.policy.checklists import FOLLOWS_CERTIFICATE, Counterpart
from siegel.store.queries import checklists as store
from tests.flows.office import ALICE, BOB, Office

BY = "user:claus@office.example"


def lists_for_authorities(office: Office) -> dict[str, str]:
    worked_on = _made(
        office, Counterpart.EMPLOYMENT_AGENCY, "Bundesagentur für Arbeit", ALICE.address
    )
    for step in checklists.one(worked_on, office.at).steps[:4]:
        checklists.mark_done(worked_on, step.row.id, "Frau Sommer, 0911 555-0", by=BY, at=office.at)
    due = _made(office, Counterpart.BAMF, "BAMF", BOB.address)
    older = to_give([EmailAddress.parse(ALICE.address)], office.at).values()
    for step in checklists.one(due, office.at).steps:
        follows = step.row.kind in FOLLOWS_CERTIFICATE
        given = next(iter(older)).fingerprint if follows else ""
        store.done(due, step.row.id, fingerprint=given, note="", by=BY, at=office.at)
    empty = _made(office, Counterpart.OWN, "Kreisportal", ALICE.address)
    return {
        "checklist": str(worked_on),
        "checklist_due": str(due),
        "checklist_empty": str(empty),
    }


def _made(office: Office, counterpart: Counterpart, title: str, account: str) -> int:
    return checklists.make(counterpart, title, EmailAddress.parse(account), "", by=BY, at=office.at)
