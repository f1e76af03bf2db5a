"""One certificate on its way: its key is kept, its number reserved, the rest is written at once."""

from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.base.secret import Secret
from siegel.ca import authority as making
from siegel.ca import names, profiles
from siegel.ca.authority import Issuer
from siegel.ca.names import Organisation, PersonName
from siegel.ca.profiles import KeyUse, LeafProfile
from siegel.flows import importing
from siegel.flows.issuers import issuer_of
from siegel.flows.workshop import Step, Workshop, reserved
from siegel.pki import key_generation
from siegel.pki.certificate import Certificate
from siegel.pki.classes import ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.pki.pkcs12 import Pkcs12, PrivateKeyEntry
from siegel.pki.softkeys import PrivateKey, private_key_info, spki_sha256
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow, EnrolmentRow
from siegel.store.queries import certificates, enrolments, issued, journal, keys
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together
from siegel.store.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A certificate that is wanted: for whom, with which name, on what key."""

    address: EmailAddress
    person: PersonName | None = None
    profile: LeafProfile = field(default_factory=LeafProfile)
    key: KeyChoice = key_generation.DEFAULT


def begin(
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


def begin_with(
    address: EmailAddress, row: AuthorityRow, use: KeyUse, name: str, *, by: str, at: datetime
) -> EnrolmentRow:
    enrolments.begin(address, row.id, use.value, name, by=by, at=at)
    return _begun(address, row, use)


def _begun(address: EmailAddress, row: AuthorityRow, use: KeyUse) -> EnrolmentRow:
    begun = enrolments.open_one(address, row.id, use.value)
    if begun is None:
        raise Conflict(f"somebody else has just finished the certificate of {address}")
    return begun


def finish(
    order: Order,
    begun: EnrolmentRow,
    row: AuthorityRow,
    workshop: Workshop,
    action: Action,
    *,
    by: str,
    at: datetime,
) -> Certificate:
    issuer = issuer_of(row, workshop.vault)
    pkcs8 = workshop.vault.unseal(begun.key)
    key = workshop.vault.private_key(begun.key)
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
