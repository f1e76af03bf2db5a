"""Who stands in a certificate, and how much of that its authority checked.

„… Personalausweis oder Handelsregisterauszug“: only what the class of the certificate says was
checked is an identity (CA/Browser Forum S/MIME Baseline Requirements §3.2). All else that the
subject claims is repeated as a claim. For showing only: no rule asks for it.
"""

from dataclasses import dataclass

from siegel.pki.certificate import Certificate
from siegel.pki.classes import Generation, ValidationType


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedIdentity:
    """``person`` and ``organisation`` were checked, or are None; ``stated_person`` and
    ``stated_organisation`` are what the subject says beyond that, checked by nobody we know."""

    type: ValidationType
    generation: Generation | None
    person: str | None = None
    organisation: str | None = None
    stated_person: str | None = None
    stated_organisation: str | None = None

    def to_json(self) -> dict[str, str | None]:
        return {
            "class": self.type.value,
            "generation": self.generation.value if self.generation else None,
            "person": self.person,
            "organisation": self.organisation,
            "stated_person": self.stated_person,
            "stated_organisation": self.stated_organisation,
        }


_CHECKS_PERSON = {ValidationType.SPONSOR, ValidationType.INDIVIDUAL}
_CHECKS_ORGANISATION = {ValidationType.SPONSOR, ValidationType.ORGANISATION}


def certified_identity(certificate: Certificate, *, trusted: bool) -> CertifiedIdentity:
    """``trusted``: the path holds. Without that the class is the certificate's own claim, too."""
    named = certificate.validation_class if trusted else None
    type_ = named.type if named else ValidationType.UNSTATED
    person, organisation = certificate.person, certificate.organisation
    knows_person, knows_organisation = type_ in _CHECKS_PERSON, type_ in _CHECKS_ORGANISATION
    return CertifiedIdentity(
        type=type_,
        generation=named.generation if named else None,
        person=person if knows_person else None,
        organisation=organisation if knows_organisation else None,
        # a common name may be a person, a department, an address: it is checked as none of them
        stated_person=None if person and knows_person else person or certificate.common_name,
        stated_organisation=None if knows_organisation else organisation,
    )
