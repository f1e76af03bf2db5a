"""Validation classes of the CA/Browser Forum S/MIME Baseline Requirements §7.1.6.1.

For display only: „Die Klasse des Zertifikats ist nicht relevant“ – no rule may ask for it.
"""

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509


class ValidationType(StrEnum):
    """What the authority checked besides control of the mailbox. UNSTATED: it does not say."""

    MAILBOX = "mailbox"
    ORGANISATION = "organization"
    SPONSOR = "sponsor"
    INDIVIDUAL = "individual"
    UNSTATED = "unstated"


class Generation(StrEnum):
    LEGACY = "legacy"
    MULTIPURPOSE = "multipurpose"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class ValidationClass:
    type: ValidationType
    generation: Generation


_STATED = [type_ for type_ in ValidationType if type_ is not ValidationType.UNSTATED]
_CLASSES = {
    f"2.23.140.1.5.{x}.{y}": ValidationClass(type_, generation)
    for x, type_ in enumerate(_STATED, 1)
    for y, generation in enumerate(Generation, 1)
}


def validation_class(policies: x509.CertificatePolicies | None) -> ValidationClass | None:
    """The class that the certificate policies name; None for any other authority's certificate.

    Of several, which the requirements forbid, the one that says least.
    """
    named = {policy.policy_identifier.dotted_string for policy in policies or ()}
    return next((found for oid, found in _CLASSES.items() if oid in named), None)
