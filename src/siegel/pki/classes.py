"""Validation classes of the CA/Browser Forum S/MIME Baseline Requirements §7.1.6.1.

For display only: „Die Klasse des Zertifikats ist nicht relevant“ – no rule may ask for it.
"""

from dataclasses import dataclass
from enum import StrEnum

from cryptography import x509


class ValidationType(StrEnum):
    """What the authority checked besides control of the mailbox."""

    MAILBOX = "mailbox"
    ORGANISATION = "organization"
    SPONSOR = "sponsor"
    INDIVIDUAL = "individual"


class Generation(StrEnum):
    LEGACY = "legacy"
    MULTIPURPOSE = "multipurpose"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class ValidationClass:
    type: ValidationType
    generation: Generation


_CLASSES = {
    f"2.23.140.1.5.{x}.{y}": ValidationClass(type_, generation)
    for x, type_ in enumerate(ValidationType, 1)
    for y, generation in enumerate(Generation, 1)
}


def validation_class(policies: x509.CertificatePolicies | None) -> ValidationClass | None:
    """The class that the certificate policies name; None for any other authority's certificate."""
    named = (policy.policy_identifier.dotted_string for policy in policies or ())
    return next((_CLASSES[oid] for oid in named if oid in _CLASSES), None)
