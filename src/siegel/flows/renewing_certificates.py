"""The same certificate anew, from whoever makes it: on the key it has, or on a new one.

The old one stays good until its end, so that there is no gap; and its key opens old mail for ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.ca.profiles import KeyUse
from siegel.flows import acme_orders, issuing, requesting
from siegel.flows.connectors import ConnectorKind, Ticket
from siegel.flows.issuing import Workshop
from siegel.flows.ways import Way, ways
from siegel.pki.certificate import Certificate
from siegel.pki.key_generation import KeyChoice
from siegel.store.authority_rows import IssuedRow
from siegel.store.queries import authorities, certificates, enrolments, issued, keys
from siegel.store.transaction import together


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """``same_key``: whether the key may serve once more. ``ways``: who can make the new one."""

    certificate: Certificate
    account: EmailAddress
    use: KeyUse
    same_key: bool
    ways: tuple[Way, ...]


def renewal_of(fingerprint: str, *, directory: str, at: datetime) -> Renewal:
    """``directory``: of the authority over ACME, empty where none is configured.

    Raises ``NotFound``; ``Conflict`` for a certificate that is none of our accounts'."""
    row = certificates.get(fingerprint)
    account = next(iter(keys.accounts_of(row.spki_sha256)), None)
    if account is None or authorities.holds(row.spki_sha256):
        raise Conflict("only a certificate of an account of ours is renewed here")
    certificate = row.certificate
    spelt = next((one for one in certificate.addresses if one == account), account)
    made = issued.of_certificate(fingerprint)
    return Renewal(
        certificate=certificate,
        account=spelt,
        use=requesting.use_of(certificate),
        same_key=(made is None or made.reason is None) and _signs(row.spki_sha256),
        ways=tuple(_ways(spelt, requesting.use_of(certificate), made, directory, at)),
    )


def _signs(spki_sha256: str) -> bool:
    return keys.archived_at(spki_sha256) is None


def _ways(
    address: EmailAddress, use: KeyUse, made: IssuedRow | None, directory: str, at: datetime
) -> Iterator[Way]:
    """Our own authority renews what it made and what still stands; others get a request."""
    row = None if made is None else authorities.get(made.authority)
    stands = row is not None and issuing.current(address, use, row, at) is not None
    maker = row.name if row is not None and stands else None
    for way in ways(address, directory=directory, at=at):
        if way.kind is not ConnectorKind.IN_HOUSE or way.name == maker:
            yield way


def renew(
    found: Renewal, way: Way, key: KeyChoice | None, workshop: Workshop, *, by: str, at: datetime
) -> Ticket:
    """Raises ``Conflict`` for a way that is closed, and for a key that may not serve again."""
    if way.hindrance is not None:
        raise Conflict(f"this way to a certificate is closed: {way.hindrance.value}")
    if key is None and not found.same_key:
        raise Conflict("this key may not serve again: make a new one")
    if way.kind is not ConnectorKind.IN_HOUSE:
        fingerprint = found.certificate.fingerprint
        with together():
            row = requesting.renew(fingerprint, key, workshop, by=by, at=at)
            if way.kind is ConnectorKind.ACME:
                acme_orders.order(row, way.directory, at=at)
        return Ticket(kind=way.kind, number=row.id)
    done = issuing.renew(found.account, found.use, way.name, workshop, key=key, by=by, at=at)
    number = enrolments.number_of(done.certificate.fingerprint)
    return Ticket(kind=ConnectorKind.IN_HOUSE, number=number)


def made_of(ticket: Ticket) -> str | None:
    """The certificate that is there already; None while a request waits."""
    if ticket.kind is not ConnectorKind.IN_HOUSE:
        return None
    return enrolments.certificate_of(ticket.number)
