"""Certificates from our authority for people outside, on a key that we never see.

The request proves possession of its key, and only the key is taken from it: name and address are
those that were proved by a mailed link. Where the authority may not certify, or the address is one
of ours, nothing is issued; the office looks after its own people.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography.hazmat.primitives.serialization import Encoding

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, NotFound, TooManyAttempts
from siegel.ca import authority as making
from siegel.ca import names, profiles
from siegel.ca.profiles import LeafProfile
from siegel.flows import address_control
from siegel.flows.issuers import issuer_of, issuing_authority, within
from siegel.flows.trusting import trust_facts
from siegel.flows.workshop import Step, Workshop, reserved
from siegel.pki.certificate import Certificate
from siegel.pki.request import CertificationRequest, parse_request
from siegel.pki.verdict import Purpose
from siegel.policy.actions import Action
from siegel.store.authority_rows import AuthorityRow, IssuedRow
from siegel.store.queries import (
    accounts,
    alerts,
    authorities,
    certificates,
    issued,
    journal,
    keys,
    organisation,
)
from siegel.store.queries.authorities import AuthorityKind
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together

MOST_A_DAY = 3  # for one address; a lost file is made again, not ten times
_DAY = timedelta(days=1)
_PROFILE = LeafProfile()


class WhyNot(StrEnum):
    """Why our authority does not certify an address for somebody outside."""

    OURS = "ours"
    NO_AUTHORITY = "no_authority"


def authority_for(address: EmailAddress) -> AuthorityRow | WhyNot:
    """The first authority that may certify in this domain; it is never chosen by the visitor."""
    if is_ours(address):
        return WhyNot.OURS
    for row in authorities.all_rows():
        if row.kind == AuthorityKind.ISSUING and within(address.domain, row.domains):
            try:
                return issuing_authority(row.name) if row.certificate else WhyNot.NO_AUTHORITY
            except Conflict:
                continue
    return WhyNot.NO_AUTHORITY


def are_given() -> bool:
    """Whether an authority of ours certifies anybody outside."""
    ours = organisation.domains()
    return any(
        row.kind == AuthorityKind.ISSUING
        and row.certificate is not None
        and not all(within(domain, ours) for domain in row.domains)
        for row in authorities.all_rows()
    )


def is_ours(address: EmailAddress) -> bool:
    """Of a domain of the organisation, or with an account here."""
    known = accounts.known([address])
    return within(address.domain, organisation.domains()) or known.owner(address) is not None


def certify(
    csr: bytes,
    address: EmailAddress,
    authority: AuthorityRow,
    workshop: Workshop,
    *,
    by: str,
    at: datetime,
) -> Certificate:
    """The certificate; the same request again gives the one that was made before.

    Raises ``MalformedMessage`` and ``UnsupportedAlgorithm`` for the request, ``Conflict`` for an
    address that nobody proved or the authority may not certify, ``TooManyAttempts``.
    """
    request = parse_request(csr)
    _require_control(address, authority, at)
    _require_strange(request)
    before = issued.of_address(address, authorities=[authority.id])
    again = _made_before(request, before, at)
    if again is not None:
        return again
    if sum(row.certificate.not_before > at - _DAY for row in before) >= MOST_A_DAY:
        raise TooManyAttempts("too many certificates for this address today; come back tomorrow")
    return _issued(request, address, authority, workshop, _others(address), by=by, at=at)


def chain_of(made: Certificate, authority: AuthorityRow, *, at: datetime) -> tuple[str, ...]:
    """The certificate and those above it up to the root, each as PEM."""
    path = trust_facts((made,), at).verdict(made, Purpose.ANY).path[1:]
    rows = certificates.by_fingerprint(path)
    above = [rows[one].certificate for one in path if one in rows]
    if not above and authority.certificate is not None:
        above = [authority.certificate]
    return tuple(one.parsed.public_bytes(Encoding.PEM).decode("ascii") for one in (made, *above))


def _require_control(address: EmailAddress, authority: AuthorityRow, at: datetime) -> None:
    if is_ours(address):
        raise Conflict(f"{address} is one of ours: the office makes its certificate")
    if not address_control.is_proved(address, at=at):
        raise Conflict(f"nobody has proved control of {address}")
    if not within(address.domain, authority.domains):
        raise Conflict(f"{authority.name} may not certify addresses in {address.domain}")


def _require_strange(request: CertificationRequest) -> None:
    """A key that lies here belongs to one of ours."""
    try:
        keys.get(request.spki_sha256)
    except NotFound:
        return
    raise Conflict("this key is one of ours")


def _made_before(
    request: CertificationRequest, before: Iterable[IssuedRow], at: datetime
) -> Certificate | None:
    return next(
        (
            row.certificate
            for row in before
            if row.certificate.spki_sha256 == request.spki_sha256
            and row.reason is None
            and row.certificate.not_after > at
        ),
        None,
    )


def _others(address: EmailAddress) -> tuple[Certificate, ...]:
    """What was used for the address until now, the newest first."""
    rows = certificates.in_use_for([address])[address]
    found = sorted((row.certificate for row in rows), key=lambda one: one.not_before)
    return tuple(reversed(found))


def _issued(
    request: CertificationRequest,
    address: EmailAddress,
    row: AuthorityRow,
    workshop: Workshop,
    others: tuple[Certificate, ...],
    *,
    by: str,
    at: datetime,
) -> Certificate:
    issuer = issuer_of(row, workshop.vault)
    key, subject = profiles.certifiable(request.public_key), names.mailbox_name(address)
    profiles.leaf_usage(key, _PROFILE.use)  # a stranger's key that does not fit uses up no number
    serial = reserved(row.id, workshop, at=at)
    made = making.issue_leaf(
        issuer,
        key,
        _PROFILE,
        subject,
        (address,),
        serial=serial,
        at=at,
        policy=row.policy,
    )
    workshop.passes(Step.SIGNED)
    with together():
        certificates.add(made, source=Source.ISSUED, by=by, at=at)
        issued.complete(row.id, serial, made.fingerprint, _profile_name())
        _tell_of_change(made, address, others, at)
        journal.write(
            at=at,
            actor=by,
            action=Action.CERTIFICATE_ISSUED_TO_PARTNER,
            about=made.fingerprint,
            recipients=[str(address)],
            detail={"subject": made.subject, "authority": row.name, "serial": f"{serial:x}"},
        )
    workshop.passes(Step.ISSUED)
    return made


def _tell_of_change(
    made: Certificate, address: EmailAddress, others: tuple[Certificate, ...], at: datetime
) -> None:
    """Another key than until now: a person hears of it, as with mail."""
    if others and all(one.spki_sha256 != made.spki_sha256 for one in others):
        alerts.add_alert(address, previous=others[0].fingerprint, current=made.fingerprint, at=at)


def _profile_name() -> str:
    return f"{_PROFILE.validation.value} {_PROFILE.generation.value} {_PROFILE.use.value}"
