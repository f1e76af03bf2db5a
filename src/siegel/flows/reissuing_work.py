"""The worker's part of replacing certificates: order, adopt, revoke, one at a time.

Nothing is remembered between two steps but what is on disk. A replacement is found by looking for
it: so whatever was issued before a kill, or was imported by hand, is adopted, and nothing is
ordered a second time.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import NameOID

from siegel.base.errors import Conflict, NotFound, SiegelError
from siegel.ca.crl import RevocationReason
from siegel.ca.names import PersonName
from siegel.ca.profiles import KeyUse, LeafProfile
from siegel.flows import issuing, reissuing_telling, ways
from siegel.flows.connectors import Connector, ConnectorKind, Ticket
from siegel.flows.issuing import Order, Workshop
from siegel.flows.points import Point
from siegel.flows.reissuing_finding import is_successor
from siegel.flows.site import Site
from siegel.pki.certificate import Certificate
from siegel.pki.classes import ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.pki.names import parse_name
from siegel.policy.reissue import Problem, is_given_up, pause
from siegel.policy.tickets import Standing
from siegel.store.queries import accounts, affected, enrolments, reissues
from siegel.store.reissue_rows import CampaignRow, ItemRow, OwnRow

_GIVEN_NAME = NameOID.GIVEN_NAME.dotted_string
_SURNAME = NameOID.SURNAME.dotted_string
log = logging.getLogger(__name__)
LEASE = timedelta(minutes=10)  # one key of RSA 4096 takes seconds, on a slow machine a minute
LOOK_EVERY = timedelta(minutes=1)  # for an answer from outside
AT_ONCE = 5  # items in hand; a kill makes them wait for the end of the lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What one round works with."""

    campaign: CampaignRow
    workshop: Workshop
    site: Site
    at: datetime

    @property
    def by(self) -> str:
        return self.campaign.created_by


def work_due(site: Site, at: datetime, *, workshop: Workshop | None = None) -> int:
    """One round for every campaign that runs; how much was done. 0: nothing is due now."""
    done = 0
    tools = workshop or Workshop(vault=site.vault, rng=site.rng)
    for campaign in reissues.running():
        bench = Bench(campaign=campaign, workshop=tools, site=site, at=at)
        done += _replace(bench)
        done += reissuing_telling.send_due(campaign, site, at=at)
        if campaign.revoking_since is not None:
            done += _revoke(bench)
    return done


def _replace(bench: Bench) -> int:
    taken = reissues.take(bench.campaign.id, limit=AT_ONCE, at=bench.at, until=bench.at + LEASE)
    for item in taken:
        bench.site.passes(Point.REISSUE_TAKEN)
        _replace_one(item, bench)
    return len(taken)


def _replace_one(item: ItemRow, bench: Bench) -> None:
    """Adopt what is there, look at what is under way, or order."""
    try:
        found = _replacement(item, bench.campaign, bench.at)
        if found is not None:
            reissues.replaced(item.id, found.fingerprint, at=bench.at)
            return
        if not accounts.get(item.account).active:
            _fail(item, Problem.NO_ACCOUNT, Conflict("the account is off"), bench)
            return
        connector = _connector(bench)
        ticket = _under_way(item, connector, bench) or _ordered(item, connector, bench)
        bench.site.passes(Point.REISSUE_ORDERED)
        _look(item, ticket, connector, bench)
    except (NotFound, Conflict) as error:
        problem = Problem.NO_AUTHORITY if isinstance(error, NotFound) else Problem.REFUSED
        _fail(item, problem, error, bench)
    except SiegelError as error:
        _fail(item, Problem.TROUBLE, error, bench)


def _replacement(item: ItemRow, campaign: CampaignRow, at: datetime) -> OwnRow | None:
    """The newest certificate that can take its place and came after the campaign was made."""
    old, use = item.certificate, KeyUse(item.use)
    meant = frozenset(reissues.old_ones(campaign.id))
    found = [
        one
        for one in affected.of_accounts([item.account], at)
        if one.fingerprint not in meant and is_successor(one, old, use)
    ]
    return max(found, key=lambda one: one.certificate.not_before, default=None)


def _under_way(item: ItemRow, connector: Connector, bench: Bench) -> Ticket | None:
    """What was ordered before, also by a worker that died before he could say so."""
    if item.ticket is not None:
        return Ticket(kind=connector.kind, number=item.ticket)
    if connector.kind is ConnectorKind.IN_HOUSE:
        return None  # its enrolment goes on with the same order
    since = bench.campaign.started_at or bench.campaign.created_at
    for number, der in reissues.open_requests(item.account, since=since):
        if _use_of_request(der) is KeyUse(item.use):
            return Ticket(kind=connector.kind, number=number)
    return None


def _ordered(item: ItemRow, connector: Connector, bench: Bench) -> Ticket:
    order = order_like(item, _key(bench.campaign))
    if not bench.campaign.key:
        return _on_the_same_key(item, bench)
    return connector.request(order, by=bench.by, at=bench.at)


def _on_the_same_key(item: ItemRow, bench: Bench) -> Ticket:
    done = issuing.renew(
        item.account,
        KeyUse(item.use),
        bench.campaign.authority or None,
        bench.workshop,
        key=None,
        by=bench.by,
        at=bench.at,
    )
    number = enrolments.number_of(done.certificate.fingerprint)
    return Ticket(kind=ConnectorKind.IN_HOUSE, number=number)


def _look(item: ItemRow, ticket: Ticket, connector: Connector, bench: Bench) -> None:
    progress = connector.status(ticket, at=bench.at)
    if progress.certificate is not None:
        reissues.replaced(item.id, progress.certificate, at=bench.at)
        return
    if progress.standing is Standing.FAILED:
        reissues.failed(item.id, Problem.WITHDRAWN, progress.reason.value, next_try_at=None)
        return
    reissues.ordered(item.id, ticket.kind.value, ticket.number, next_try_at=bench.at + LOOK_EVERY)


def _fail(item: ItemRow, problem: Problem, error: SiegelError, bench: Bench) -> None:
    log.warning("not replaced item=%s code=%s", item.id, error.code)
    tries = item.attempts + 1
    over = is_given_up(problem, tries)
    reissues.failed(
        item.id, problem, str(error), next_try_at=None if over else bench.at + pause(tries)
    )


def order_like(item: ItemRow, key: KeyChoice) -> Order:
    """The same names, use and class as the old one, with the life a new one has."""
    old = item.certificate
    person = person_of(old)
    return Order(
        address=item.account,
        person=person,
        profile=LeafProfile(validation=_validation(old, person), use=KeyUse(item.use)),
        key=key,
    )


def person_of(old: Certificate) -> PersonName | None:
    """Whom the certificate names, if it names somebody."""
    name = parse_name(old.subject_der)
    given, surname = next(name.values(_GIVEN_NAME), ""), next(name.values(_SURNAME), "")
    return PersonName(given_name=given, surname=surname) if surname else None


def _validation(old: Certificate, person: PersonName | None) -> ValidationType:
    """Individual ones are none of ours: whoever is named in one belongs to the organisation."""
    if person is not None:
        return ValidationType.SPONSOR
    class_ = old.validation_class
    is_organisation = class_ is not None and class_.type is ValidationType.ORGANISATION
    return ValidationType.ORGANISATION if is_organisation else ValidationType.MAILBOX


def _key(campaign: CampaignRow) -> KeyChoice:
    return KeyChoice(campaign.key or KeyChoice.RSA_3072)


def _connector(bench: Bench) -> Connector:
    kind, name = ConnectorKind(bench.campaign.way), bench.campaign.authority
    offered = ways.ways(None, directory=bench.site.acme_directory, at=bench.at)
    way = next((way for way in offered if way.kind is kind and name in ("", way.name)), None)
    if way is None:
        raise NotFound(f"{name} issues no certificates here")
    return ways.connector(way, bench.workshop, ways.default_organisation())


def _use_of_request(der: bytes) -> KeyUse | None:
    """What the request asks a certificate for."""
    request = x509.load_der_x509_csr(der)
    usage = request.extensions.get_extension_for_class(x509.KeyUsage).value
    encrypts = usage.key_encipherment or usage.key_agreement
    if usage.digital_signature and encrypts:
        return KeyUse.DUAL
    return KeyUse.SIGNING if usage.digital_signature else KeyUse.ENCRYPTION


def _revoke(bench: Bench) -> int:
    reason = RevocationReason(bench.campaign.revocation_reason)
    found = reissues.to_revoke(bench.campaign.id, limit=AT_ONCE, at=bench.at)
    for item in found:
        try:
            issuing.revoke(item.old, reason, bench.workshop, by=bench.by, at=bench.at)
        except SiegelError as error:
            _fail(item, Problem.TROUBLE, error, bench)
    return len(found)
