"""Which of the certificates held for an address are handed out to everybody.

Only what mail can be opened with here: a certificate without its private key would make partners
write what nobody can read. The newest comes first; it is the one that a renewal brought.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from siegel.base.address import EmailAddress
from siegel.pki.certificate import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """``opens``: its private key is here and in use. ``usable``: nothing stands against encrypting
    with it today."""

    certificate: Certificate
    opens: bool
    usable: bool


def handed_out(address: EmailAddress, held: Iterable[Held]) -> tuple[Certificate, ...]:
    """What everybody may have once the address is published, the newest first."""
    fit = (each.certificate for each in held if each.opens and each.usable)
    named = (each for each in fit if address in each.addresses and not each.is_ca)
    return tuple(sorted(named, key=_age, reverse=True))


def is_renewal(certificate: Certificate, held: Iterable[Held]) -> bool:
    """There was one before it, which partners may still have."""
    before = (each.certificate for each in held if each.opens and each.certificate.may_encrypt)
    return any(each.not_before < certificate.not_before for each in before)


def _age(certificate: Certificate) -> tuple[object, str]:
    return certificate.not_before, certificate.fingerprint
