"""Certificates from the in-house authority: for an account, anew, and taken back.

Three steps that each survive a kill: the key is made and kept with an open enrolment; a serial
number is reserved; certificate, binding and journal are written together. Whatever broke off is
taken up again by the same call: with the same key, under a new serial number.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import NameOID

from siegel.base.address import EmailAddress
from siegel.base.buffers import Random
from siegel.base.errors import Conflict
from siegel.base.secret import Secret
from siegel.ca import authority as making
from siegel.ca import names, profiles
from siegel.ca.authority import Issuer
from siegel.ca.crl import RevocationReason
from siegel.ca.names import Organisation, PersonName
from siegel.ca.profiles import MAX_LEAF_DAYS, KeyUse, LeafProfile
from siegel.flows import authorities as ours
from siegel.flows import importing, revocation_lists
from siegel.pki import key_generation
from siegel.pki.certificate import Certificate
from siegel.pki.classes import Generation, ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.pki.names import parse_name
from siegel.pki.pkcs12 import Pkcs12, PrivateKeyEntry
from siegel.pki.softkeys import PrivateKey, load_private_key, private_key_info, spki_sha256
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow, EnrolmentRow, IssuedRow
from siegel.store.queries import (
    accounts,
    authorities,
    certificates,
    enrolments,
    issued,
    journal,
    keys,
    organisation,
)
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together
from siegel.store.vault import Vault

_GIVEN_NAME = NameOID.GIVEN_NAME.dotted_string
_SURNAME = NameOID.SURNAME.dotted_string


class Step(StrEnum):
    """Where a kill hurts most: tests stop the work there, and count what is left."""

    KEY_KEPT = "key_kept"
    SERIAL_RESERVED = "serial_reserved"
    SIGNED = "signed"
    WRITTEN = "written"
    ISSUED = "issued"
    REVOKED = "revoked"
    LISTED = "listed"


def _pass(step: Step) -> None:
    del step


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What issuing works with. ``passes`` is told the steps, for tests that kill in between."""

    vault: Vault
    rng: Random
    passes: Callable[[Step], None] = field(default=_pass, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A certificate that is wanted: for whom, with which name, on what key."""

    address: EmailAddress
    person: PersonName | None = None
    profile: LeafProfile = field(default_factory=LeafProfile)
    key: KeyChoice = key_generation.DEFAULT


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
    row = ours.issuing_authority(authority)
    require_control(order.address, row)
    accounts.get(order.address)
    standing = current(order.address, order.profile.use, row, at)
    if standing is not None:
        return Enrolled(address=order.address, certificate=standing.certificate, new=False)
    begun = enrolments.open_one(order.address, row.id, order.profile.use.value)
    begun = begun or _begin(order, row, workshop, by=by, at=at)
    made = _finish(order, begun, row, workshop, Action.CERTIFICATE_ISSUED, by=by, at=at)
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
    row = ours.issuing_authority(authority)
    require_control(address, row)
    before = current(address, use, row, at)
    if before is None:
        raise Conflict(f"{address} has no certificate for this use from {row.name}; enrol it")
    order = _as_before(before, use)
    begun = enrolments.open_one(address, row.id, use.value)
    if begun is None and key is None:
        begun = _begin_with(address, row, use, before.certificate.spki_sha256, by=by, at=at)
    elif begun is None:
        begun = _begin(replace(order, key=key or order.key), row, workshop, by=by, at=at)
    made = _finish(order, begun, row, workshop, Action.CERTIFICATE_RENEWED, by=by, at=at)
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
    issuer = ours.issuer_of(row, workshop.vault)
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


def require_control(address: EmailAddress, row: AuthorityRow) -> None:
    """A23, A24: in the gateway's own domains the organisation itself hands out the addresses.

    Raises ``Conflict`` for any other."""
    if not ours.within(address.domain, organisation.domains()):
        raise Conflict(
            f"{address.domain} is no domain of this organisation: "
            "nobody has proved control of the address"
        )
    if not ours.within(address.domain, row.domains):
        raise Conflict(f"{row.name} may not certify addresses in {address.domain}")


def _begin_with(
    address: EmailAddress, row: AuthorityRow, use: KeyUse, name: str, *, by: str, at: datetime
) -> EnrolmentRow:
    enrolments.begin(address, row.id, use.value, name, by=by, at=at)
    return _begun(address, row, use)


def _begun(address: EmailAddress, row: AuthorityRow, use: KeyUse) -> EnrolmentRow:
    begun = enrolments.open_one(address, row.id, use.value)
    if begun is None:
        raise Conflict(f"somebody else has just finished the certificate of {address}")
    return begun


def _begin(
    order: Order, row: AuthorityRow, workshop: Workshop, *, by: str, at: datetime
) -> EnrolmentRow:
    key = key_generation.generate(order.key)
    name = spki_sha256(key)
    sealed = workshop.vault.seal(Secret(private_key_info(key)), name, rng=workshop.rng)
    use = order.profile.use
    with together():
        keys.add(name, sealed, by=by, at=at)
        enrolments.begin(order.address, row.id, use.value, name, by=by, at=at)
    workshop.passes(Step.KEY_KEPT)
    return _begun(order.address, row, use)


def _finish(
    order: Order,
    begun: EnrolmentRow,
    row: AuthorityRow,
    workshop: Workshop,
    action: Action,
    *,
    by: str,
    at: datetime,
) -> Certificate:
    issuer = ours.issuer_of(row, workshop.vault)
    pkcs8 = workshop.vault.unseal(begun.key)
    key = load_private_key(pkcs8.reveal(), validated=True)
    serial = reserved(row.id, workshop, at=at)
    made = making.issue_leaf(
        issuer,
        profiles.certifiable(key.public_key()),
        order.profile,
        _subject(order, row),
        (order.address,),
        serial=serial,
        at=at,
        policy=row.policy,
    )
    workshop.passes(Step.SIGNED)
    with together():
        certificates.add(made, source=Source.ISSUED, by=by, at=at)
        issued.complete(row.id, serial, made.fingerprint, _profile_name(order.profile))
        enrolments.end(begun.id, made.fingerprint, at=at)
        _use(made, issuer, key, pkcs8, workshop.vault, by=by, at=at)
        workshop.passes(Step.WRITTEN)
        journal.write(
            at=at,
            actor=by,
            action=action,
            about=made.fingerprint,
            recipients=[str(order.address)],
            detail={"subject": made.subject, "authority": row.name, "serial": f"{serial:x}"},
        )
    workshop.passes(Step.ISSUED)
    return made


def reserved(authority: int, workshop: Workshop, *, at: datetime) -> int:
    """A serial number of this authority that nobody had, on disk before it is used."""
    serial = making.new_serial(workshop.rng)
    issued.reserve(authority, serial, at=at)
    workshop.passes(Step.SERIAL_RESERVED)
    return serial


def _use(
    made: Certificate,
    issuer: Issuer,
    key: PrivateKey,
    pkcs8: Secret,
    vault: Vault,
    *,
    by: str,
    at: datetime,
) -> None:
    """As if its .p12 had been imported: linked to the address, bound to the account."""
    entry = PrivateKeyEntry(
        key=key, pkcs8=pkcs8, spki_sha256=made.spki_sha256, certificates=(made,)
    )
    opened = Pkcs12(keys=(entry,), certificates=(made, issuer.certificate))
    importing.import_keys(opened, vault, by=by, at=at)


def _subject(order: Order, row: AuthorityRow) -> x509.Name:
    behind = Organisation(name=row.organisation, country=row.country, identifier=row.identifier)
    validation = order.profile.validation
    if validation is ValidationType.MAILBOX:
        return names.mailbox_name(order.address)
    if validation is ValidationType.ORGANISATION:
        return names.organisation_name(behind)
    if order.person is None:
        raise Conflict("a certificate that names a person needs given name and surname")
    return names.sponsor_name(order.person, behind)


def _profile_name(profile: LeafProfile) -> str:
    return f"{profile.validation.value} {profile.generation.value} {profile.use.value}"
