"""An authority of the office's own, quick to make: keys on P-256."""

import os

from siegel.base.address import EmailAddress
from siegel.ca.names import Organisation
from siegel.flows import authorities
from siegel.flows.authorities import AuthorityPlan, Created
from siegel.flows.issuing import Workshop
from siegel.pki.key_generation import KeyChoice
from tests.flows.office import Office

EVA = EmailAddress.parse("Eva.Ernst@office.example")
OTTO = EmailAddress.parse("otto@office.example")
PLAN = AuthorityPlan(
    name="Landratsamt",
    organisation=Organisation(name="Landratsamt Musterstadt", identifier="GOVDE+BY"),
    publish_at="http://pki.office.example/",
    key=KeyChoice.P_256,
)


def workshop_of(office: Office) -> Workshop:
    return Workshop(vault=office.site.vault, rng=os.urandom)


def made_authority(office: Office, *, trust: bool = True, plan: AuthorityPlan = PLAN) -> Created:
    return authorities.create(
        plan, office.site.vault, rng=os.urandom, by="test", at=office.at, trust=trust
    )
