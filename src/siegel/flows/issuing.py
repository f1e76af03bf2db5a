"""Certificates from the in-house authority: for an account, anew, and taken back.

Three steps that each survive a kill: the key is made and kept with an open enrolment; a serial
number is reserved; certificate, binding and journal are written together. Whatever broke off is
taken up again by the same call: with the same key, under a new serial number.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.x509.oid import NameOID

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.ca.crl import RevocationReason
from siegel.ca.names import PersonName
from siegel.ca.profiles import MAX_LEAF_DAYS, KeyUse, LeafProfile
from siegel.flows import address_control, certifying, revocation_lists
from siegel.flows.certifying import Order
from siegel.flows.issuers import issuer_of, issuing_authority, within
from siegel.flows.workshop import Step, Workshop
from siegel.pki.certificate import Certificate
from siegel.pki.classes import Generation, ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.pki.names import parse_name
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow, IssuedRow
from siegel.store.queries import (
    accounts,
    authorities,
    certificates,
    enrolments,
    issued,
    journal,
    organisation,
)
from siegel.store.transaction import together

__all__ = [
    "Enrolled",
    "Order",
    "Step",
    "Workshop",
    "current",
    "enrol",
    "find",
    "renew",
    "require_control",
    "require_revocable",
    "revoke",
]

_GIVEN_NAME = NameOID.GIVEN_NAME.dotted_string
_SURNAME = NameOID.SURNAME.dotted_string


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """``new`` is False where a certificate of this kind was there already, and still is good."""

    address: EmailAddress
    certificate: Certificate
    new: bool


def enrol(
    order: Order, authority: str | None, workshop: Workshop, *, by: str, at: datetime
) -> Enrolled:
    """A key and a certificate for an account of ours; it signs and opens mail from now on.

    Raises ``NotFound`` without the account, ``Conflict`` for an address outside of the domains:
    nobody has proved there that he reads its mail.
    """
    row = issuing_authority(authority)
    require_control(order.address, row, at)
    accounts.get(order.address)
    standing = current(order.address, order.profile.use, row, at)
    if standing is not None:
        return Enrolled(address=order.address, certificate=standing.certificate, new=False)
    begun = enrolments.open_one(order.address, row.id, order.profile.use.value)
    begun = begun or certifying.begin(order, row, workshop, by=by, at=at)
    made = certifying.finish(order, begun, row, workshop, Action.CERTIFICATE_ISSUED, by=by, at=at)
    return Enrolled(address=order.address, certificate=made, new=True)


def renew(
    address: EmailAddress,
    use: KeyUse,
    authority: str | None,
    workshop: Workshop,
    *,
    key: KeyChoice | None,
    by: str,
    at: datetime,
) -> Enrolled:
    """The same certificate anew, on a new key of this kind, or (None) on the one it has.

    The old one stays good until its end – mail encrypted to it is on its way –, and its key opens
    old mail for ever. Raises ``Conflict`` where there is nothing to renew.
    """
    row = issuing_authority(authority)
    require_control(address, row, at)
    before = current(address, use, row, at)
    if before is None:
        raise Conflict(f"{address} has no certificate for this use from {row.name}; enrol it")
    order = _as_before(before, use)
    begun = enrolments.open_one(address, row.id, use.value)
    if begun is None and key is None:
        begun = certifying.begin_with(
            address, row, use, before.certificate.spki_sha256, by=by, at=at
        )
    elif begun is None:
        begun = certifying.begin(replace(order, key=key or order.key), row, workshop, by=by, at=at)
    made = certifying.finish(order, begun, row, workshop, Action.CERTIFICATE_RENEWED, by=by, at=at)
    return Enrolled(address=address, certificate=made, new=True)


def _as_before(before: IssuedRow, use: KeyUse) -> Order:
    """Names, spelling and profile of the certificate that is renewed; its life starts anew."""
    certificate = before.certificate
    validation, generation, _ = before.profile.split()
    name = parse_name(certificate.subject_der)
    given, surname = next(name.values(_GIVEN_NAME), ""), next(name.values(_SURNAME), "")
    life = certificate.not_after - certificate.not_before + timedelta(seconds=1)
    return Order(
        address=certificate.addresses[0],
        person=PersonName(given_name=given, surname=surname) if surname else None,
        profile=LeafProfile(
            validation=ValidationType(validation),
            generation=Generation(generation),
            use=use,
            days=max(1, min(life.days, MAX_LEAF_DAYS)),
        ),
    )


def current(
    address: EmailAddress, use: KeyUse, row: AuthorityRow, at: datetime
) -> IssuedRow | None:
    """The certificate of this authority that the address has for this use, if it is in time, not
    revoked and its key is here."""
    return next(
        (
            one
            for one in issued.of_address(address, authorities=[row.id])
            if one.profile.endswith(use.value)
            and one.has_key
            and one.reason is None
            and one.certificate.not_after > at
        ),
        None,
    )


def revoke(
    certificate: str,
    reason: RevocationReason,
    workshop: Workshop,
    *,
    by: str,
    at: datetime,
) -> IssuedRow:
    """For ever, and in the same moment on a new list. NAME as people call certificates.

    Raises ``NotFound``, and ``Conflict`` for one that is revoked already.
    """
    found = find(certificate)
    row = authorities.get(found.authority)
    require_revocable(found)
    issuer = issuer_of(row, workshop.vault)
    with together():
        issued.revoke(found.certificate.fingerprint, reason, by=by, at=at)
        workshop.passes(Step.REVOKED)
        journal.write(
            at=at,
            actor=by,
            action=Action.CERTIFICATE_REVOKED,
            about=found.certificate.fingerprint,
            detail={"subject": found.certificate.subject, "reason": reason.value},
        )
        revocation_lists.issue(row, issuer, by=by, at=at)
        workshop.passes(Step.LISTED)
    return find(certificate)


def require_revocable(found: IssuedRow) -> None:
    """Raises ``Conflict`` for a root: no list could say it, because it would sign that list."""
    if found.certificate.is_self_issued:
        raise Conflict("nobody can revoke a root: distrust it, and tell those who trust it")


def find(name: str) -> IssuedRow:
    """The certificate of ours that a person means; ``Conflict`` says how many were meant."""
    matching = [
        found
        for one in certificates.find(name)
        if (found := issued.of_certificate(one.fingerprint)) is not None
    ]
    if len(matching) != 1:
        raise Conflict(f"{len(matching)} certificates of ours are called {name!r}")
    return matching[0]


def require_control(address: EmailAddress, row: AuthorityRow, at: datetime) -> None:
    """A23, A24: in the gateway's own domains the organisation itself hands out the addresses; for
    any other somebody has clicked the link in a mail to it, and the authority may certify there.

    Raises ``Conflict`` else."""
    ours = within(address.domain, organisation.domains())
    if not ours and not address_control.is_proved(address, at=at):
        raise Conflict(
            f"{address.domain} is no domain of this organisation: "
            "nobody has proved control of the address"
        )
    if not within(address.domain, row.domains):
        raise Conflict(f"{row.name} may not certify addresses in {address.domain}")
