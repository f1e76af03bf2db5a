"""The partner site of the demo office: open, with a list, two addresses and somebody to ask."""

from dataclasses import replace

from siegel.base.address import EmailAddress
from siegel.flows import publishing, publishing_site
from siegel.wording.partner_site import SiteTexts
from siegel.wording.words import Language
from tests.flows.office import ALICE, BOB, Office

BY = "user:mira@office.example"


def an_open_site(office: Office) -> dict[str, str]:
    """``published``: the fingerprint of the certificate that everybody gets for Alice."""
    site = replace(
        publishing_site.as_written(),
        lists_everybody=True,
        contact_address=EmailAddress.parse("buero@office.example"),
        contact_phone="09999 555-0",
        imprint_url="https://www.office.example/impressum",
        texts={
            Language.DE: SiteTexts(name="Amt am Markt", contact="Montag bis Freitag, 8 bis 12 Uhr"),
            Language.EN: SiteTexts(name="Amt am Markt", contact="Monday to Friday, 8 to 12"),
        },
    )
    publishing_site.save(site, by=BY, at=office.at)
    publishing_site.open_(by=BY, at=office.at)
    addresses = [EmailAddress.parse(person.address) for person in (ALICE, BOB)]
    publishing.publish(addresses, by=BY, at=office.at)
    return {"published": publishing.published(addresses[0], office.at)[0].fingerprint}
