"""The partner page of the demo office: open, with contact and the addresses people write to."""

from dataclasses import replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import publishing, publishing_site
from siegel.serve.demonstration.cast import ANNA, BEN, HELGA, OFFICE
from siegel.wording.partner_site import SiteTexts
from siegel.wording.words import Language

BY = f"user:{HELGA}"
PUBLISHED = (ANNA, BEN, HELGA, OFFICE)


def open_partner_page(at: datetime) -> None:
    written = publishing_site.as_written()
    texts = {
        Language.DE: SiteTexts(contact="Montag bis Freitag, 8 bis 12 Uhr"),
        Language.EN: SiteTexts(contact="Monday to Friday, 8 to 12 o’clock"),
    }
    site = replace(
        written,
        contact_address=EmailAddress.parse(OFFICE),
        contact_phone="09999 555-0",
        texts=texts,
    )
    publishing_site.save(site, by=BY, at=at)
    publishing.publish(map(EmailAddress.parse, PUBLISHED), by=BY, at=at)
    publishing_site.open_(by=BY, at=at)
