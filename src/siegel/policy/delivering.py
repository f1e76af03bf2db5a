"""Why no key is got ready for an account: nobody to give it to, or nothing to give."""

from enum import StrEnum


class DeliveryFault(StrEnum):
    """NO_PERSON: nobody works with the account as owner or member, or it is not said who of
    several. NO_CERTIFICATE: none that is good now, with its key here. KIND: programs that need the
    old form know no key of this kind. IN_HARDWARE: hardware holds it and never lets it go."""

    NO_ACCOUNT = "no_account"
    NO_PERSON = "no_person"
    NO_CERTIFICATE = "no_certificate"
    KIND = "kind"
    IN_HARDWARE = "in_hardware"


class DeliveryState(StrEnum):
    """READY: the file waits. FETCHED: the person has it, the passphrase may still be to be read.
    OVER: nobody fetched it in time. WITHDRAWN: somebody took it back."""

    READY = "ready"
    FETCHED = "fetched"
    OVER = "over"
    WITHDRAWN = "withdrawn"
