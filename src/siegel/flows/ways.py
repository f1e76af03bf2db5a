"""Which ways to a certificate are open for an address, and why the others are closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.ca.names import Organisation
from siegel.flows import issuers, issuing
from siegel.flows.acme_connector import OverAcme
from siegel.flows.connectors import ByHand, Connector, ConnectorKind, InHouse
from siegel.flows.issuing import Workshop
from siegel.policy.tickets import Hindrance
from siegel.store.authority_rows import AuthorityRow
from siegel.store.queries import authorities, organisation
from siegel.store.queries.authorities import AuthorityKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """``name``: of the authority, where there is one. ``directory``: of an authority over ACME.
    ``hindrance`` None: it is open."""

    kind: ConnectorKind
    name: str = ""
    directory: str = ""
    hindrance: Hindrance | None = None


def ways(address: EmailAddress | None, *, directory: str, at: datetime) -> tuple[Way, ...]:
    """All there are, the quickest first; ``address`` None: nobody is chosen yet. ``directory``: of
    the authority over ACME, empty where none is configured."""
    return (*_in_house(address, at), Way(kind=ConnectorKind.BY_HAND), _acme(directory))


def connector(way: Way, workshop: Workshop, organisation: Organisation | None = None) -> Connector:
    """What orders on this way. Raises ``Conflict`` for a way that is closed."""
    if way.hindrance is not None:
        raise Conflict(f"this way to a certificate is closed: {way.hindrance.value}")
    match way.kind:
        case ConnectorKind.IN_HOUSE:
            return InHouse(workshop=workshop, authority=way.name)
        case ConnectorKind.BY_HAND:
            return ByHand(workshop=workshop, organisation=organisation)
        case ConnectorKind.ACME:
            return OverAcme(workshop=workshop, directory=way.directory, organisation=organisation)


def issuing_ones() -> tuple[AuthorityRow, ...]:
    """Authorities of ours that issue for mailboxes today."""
    return tuple(row for row in authorities.all_rows() if _issues(row))


def _in_house(address: EmailAddress | None, at: datetime) -> Iterable[Way]:
    rows = issuing_ones()
    if not rows:
        yield Way(kind=ConnectorKind.IN_HOUSE, hindrance=Hindrance.NO_AUTHORITY)
    for row in rows:
        yield Way(kind=ConnectorKind.IN_HOUSE, name=row.name, hindrance=_against(address, row, at))


def _against(address: EmailAddress | None, row: AuthorityRow, at: datetime) -> Hindrance | None:
    if address is None:
        return None
    try:
        issuing.require_control(address, row, at)
    except Conflict:
        return Hindrance.FOREIGN_DOMAIN
    return None


def _issues(row: AuthorityRow) -> bool:
    if row.kind != AuthorityKind.ISSUING or row.der is None:
        return False
    try:
        issuers.issuing_authority(row.name)
    except Conflict:
        return False
    return True


def _acme(directory: str) -> Way:
    if not directory:
        return Way(kind=ConnectorKind.ACME, hindrance=Hindrance.NOT_CONFIGURED)
    return Way(kind=ConnectorKind.ACME, name=urlsplit(directory).netloc, directory=directory)


def default_organisation() -> Organisation | None:
    """As a request names it when nobody says otherwise; None: the house has no name yet."""
    name = organisation.get().name.strip()
    return Organisation(name=name) if name else None
