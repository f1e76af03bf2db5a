"""What partners find: an authority that may certify them, a link in a mail, an invitation."""

import hashlib
import os
from dataclasses import replace
from datetime import timedelta

from siegel.base.address import EmailAddress
from siegel.ca.names import Organisation
from siegel.flows import authorities
from siegel.flows.address_control import Purpose
from siegel.flows.authorities import AuthorityPlan
from siegel.pki.key_generation import KeyChoice
from siegel.policy.robot import RobotRules
from siegel.store.queries import control_proofs, partner_invitations
from siegel.web import running
from tests.flows.office import ALICE, Office

BY = "user:mira@office.example"
ROBOT = EmailAddress.parse("smime-test@office.example")
PAULA = EmailAddress.parse("paula@company.example")
PLAN = AuthorityPlan(
    name="Partner",
    organisation=Organisation(name="Sprachschule am Markt"),
    publish_at="http://pki.office.example/",
    further=(PAULA.domain,),
    key=KeyChoice.P_256,
)
CONTROL, INVITED = "c" * 64, "d" * 64  # tokens; the store has their hashes


def furnish_partners(office: Office) -> dict[str, str]:
    office.site = replace(office.site, robot=RobotRules(address=ROBOT))
    running.install(office.site)
    at = office.at
    authorities.create(PLAN, office.site.vault, rng=os.urandom, by=BY, at=at, trust=True)
    control_proofs.add(
        PAULA,
        _hash(CONTROL),
        purpose=Purpose.OWN_KEY.value,
        client="",
        by=str(PAULA),
        at=at,
        link_ends_at=at + timedelta(days=1),
    )
    sender = EmailAddress.parse(ALICE.address)
    for number, token in enumerate((INVITED, "e" * 64, "f" * 64)):
        invited = replace(PAULA, local=f"paula{number or ''}")
        made = partner_invitations.add(
            invited, _hash(token), sender=sender, by=BY, at=at, ends_at=at + timedelta(days=14)
        )
        if number == 1:
            partner_invitations.use(made, "0" * 64, at=at)
        if number == 2:
            partner_invitations.revoke(made, by=BY, at=at)
    return {"control": CONTROL, "invited": INVITED}


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
