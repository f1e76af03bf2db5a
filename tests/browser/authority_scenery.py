"""What the pages about authorities show besides the one that works: a certificate in force and a
revoked one, an older authority that nobody trusts and whose issuing one is revoked, and one that
waits for its answer from outside."""

from dataclasses import replace

from siegel.ca.crl import RevocationReason
from siegel.ca.names import PersonName
from siegel.ca.profiles import LeafProfile
from siegel.flows import accounts, authorities, authority_pages, issuing
from siegel.flows.issuing import Order
from siegel.pki.classes import ValidationType
from siegel.pki.key_generation import KeyChoice
from tests.browser.scenery import Names
from tests.flows.office import Office
from tests.flows.workshop import EVA, OTTO, PLAN, made_authority, workshop_of

BY = "user:mira@office.example"


def furnish_authority(office: Office) -> Names:
    root, working = authority_pages.overview(office.at)
    older = made_authority(office, trust=False, plan=replace(PLAN, name="Altes Landratsamt"))
    tools, leaves = workshop_of(office), []
    for address, person in (
        (EVA, PersonName(given_name="Eva", surname="Ernst")),
        (OTTO, PersonName(given_name="Otto", surname="Oster")),
    ):
        accounts.create(address, str(person), by=BY, at=office.at)
        order = Order(
            address=address,
            person=person,
            profile=LeafProfile(validation=ValidationType.SPONSOR),
            key=KeyChoice.P_256,
        )
        leaves.append(issuing.enrol(order, working.row.name, tools, by=BY, at=office.at))
    in_force, revoked = (each.certificate.fingerprint for each in leaves)
    issuing.revoke(revoked, RevocationReason.AFFILIATION_CHANGED, tools, by=BY, at=office.at)
    assert older.issuing.certificate is not None
    ended = older.issuing.certificate.fingerprint
    issuing.revoke(ended, RevocationReason.CESSATION_OF_OPERATION, tools, by=BY, at=office.at)
    waiting = authorities.create_below(
        replace(PLAN, name="Landratsamt unter der Landesstelle"), tools.vault, by=BY, at=office.at
    )
    return {
        "authority_root": str(root.row.id),
        "authority_issuing": str(working.row.id),
        "authority_untrusted": str(older.root.id),
        "authority_revoked": str(older.issuing.id),
        "authority_waiting": str(waiting.id),
        "issued_certificate": in_force,
        "revoked_certificate": revoked,
    }
