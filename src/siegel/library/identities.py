"""From keys and certificates to who signs and who can read: chosen in one way for all callers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from siegel.base.errors import UnusableCertificate
from siegel.library.keys import Keys
from siegel.pki.certificate import parse_certificate
from siegel.smime.schemes import recipient_spec, signature_scheme
from siegel.smime.sign import SigningIdentity

if TYPE_CHECKING:
    from siegel.base.address import EmailAddress
    from siegel.cms.recipients import RecipientSpec
    from siegel.library.protecting import Signers
    from siegel.pki.certificate import Certificate
    from siegel.pki.softkeys import SoftwareKey


def identities_of(
    signers: Signers,
    *,
    at: datetime,
    senders: Sequence[EmailAddress] = (),
    pss: bool = False,
    out_of_date: bool = False,
) -> list[SigningIdentity]:
    """Of each ``Keys`` the one that signs; ``UnusableCertificate`` where none may at that time.

    ``out_of_date``: the caller says that the validity of signing certificates does not matter.
    """
    several = [signers] if isinstance(signers, Keys | SigningIdentity) else list(signers)
    if not several:
        raise UnusableCertificate("a signature needs a signer")
    moment = None if out_of_date else at
    return [
        signing_identity(_signing_key(each, moment, senders), each, pss=pss)
        if isinstance(each, Keys)
        else _in_time(each, moment)
        for each in several
    ]


def _in_time(identity: SigningIdentity, at: datetime | None) -> SigningIdentity:
    if at is not None and identity.chain:
        check_in_time(parse_certificate(identity.chain[0]), at)
    return identity


def check_in_time(certificate: Certificate, at: datetime) -> None:
    if not is_in_time(certificate, at):
        raise UnusableCertificate(f"{certificate.subject}: not valid at {at.isoformat()}")


def signing_identity(key: SoftwareKey, keys: Keys, *, pss: bool = False) -> SigningIdentity:
    """``key`` with what goes along: those above its certificate without the root (RFC 8550 §2.3).

    Where signing and encryption are apart, readers learn the other certificate from the signature.
    """
    certificate = key.certificate
    chain = [certificate, *_above(certificate, keys.certificates)]
    apart = None if certificate.may_encrypt else _for_encryption(keys)
    if apart is not None:
        chain.append(apart)
    return SigningIdentity(
        key=key,
        scheme=signature_scheme(certificate, pss=pss),
        chain=tuple(one.der for one in chain),
        encryption_certificate=apart,
    )


def recipient_specs(
    certificates: Iterable[Certificate], *, at: datetime, oaep: bool = False, by_ski: bool = False
) -> list[RecipientSpec]:
    """Nobody is encrypted to by a certificate that is out of date or not made for it."""
    specs = [recipient_spec(_encryptable(one, at), oaep=oaep) for one in certificates]
    if not specs:
        raise UnusableCertificate("an encrypted copy needs a recipient")
    return [replace(spec, by_ski=by_ski) for spec in specs]


def is_in_time(certificate: Certificate, at: datetime) -> bool:
    return certificate.not_before <= at <= certificate.not_after


def _signing_key(keys: Keys, at: datetime | None, senders: Sequence[EmailAddress]) -> SoftwareKey:
    """``at`` None: whenever it is valid."""
    may = [k for k in keys.keys if k.certificate.may_sign]
    fit = [k for k in may if at is None or is_in_time(k.certificate, at)]
    if not fit:
        when = f" at {at.isoformat()}" if at is not None else ""
        raise UnusableCertificate(f"no key here may sign mail{when}")
    return max(
        fit,
        key=lambda k: (
            any(sender in k.certificate.addresses for sender in senders),
            k.certificate.not_before,
        ),
    )


def _above(certificate: Certificate, known: Sequence[Certificate]) -> Iterator[Certificate]:
    current = certificate
    for _ in known:
        above = next((c for c in known if c.subject_der == current.issuer_der), None)
        if above is None or above.is_self_issued:
            return
        yield above
        current = above


def _for_encryption(keys: Keys) -> Certificate | None:
    return next((k.certificate for k in keys.keys if k.certificate.may_encrypt), None)


def _encryptable(certificate: Certificate, at: datetime) -> Certificate:
    if not certificate.may_encrypt:
        raise UnusableCertificate(f"{certificate.subject}: not a certificate for encryption")
    check_in_time(certificate, at)
    return certificate
