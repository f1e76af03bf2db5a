"""Ask one source for one address: which certificates it has, or why there are none.

Nothing is kept here and nothing is trusted; ``looking_up`` judges what comes back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from siegel.base.address import EmailAddress
from siegel.base.errors import KeyUnavailable, TransportFailure
from siegel.base.secret import Secret
from siegel.directory import ldap_entry, smimea_answer
from siegel.directory.ldap_filter import address_filter
from siegel.directory.smimea_answer import Unfit
from siegel.directory.smimea_name import RECORD_TYPE, owner_name
from siegel.flows.site import Site
from siegel.pki.certificate import Certificate
from siegel.policy.lookups import Answer, DirectoryProblem
from siegel.policy.rule_levels import domains_of
from siegel.store.lookup_rows import DirectoryRow, LdapSettings, SettingsRow, StoreRow
from siegel.store.queries import foreign_directories
from siegel.store.queries.certificates import Source
from siegel.transport import dns_secure, http_store_client, ldap_client
from siegel.transport.dns_secure import Vouched
from siegel.transport.fetching import Budget
from siegel.transport.http_store_client import NotACertificate
from siegel.transport.ldap_client import LdapServer
from siegel.transport.mail_server import Security

_PASSWORD = "password of a directory"  # noqa: S105 - what it is sealed for
_LATE = frozenset({DirectoryProblem.TIMED_OUT})
_UNFIT = {
    Unfit.DOMAIN_ASSERTS: Answer.DOMAIN_ASSERTS,
    Unfit.ONLY_A_DIGEST: Answer.ONLY_A_DIGEST,
    Unfit.OF_AN_AUTHORITY: Answer.ONLY_A_DIGEST,
    Unfit.UNREADABLE: Answer.NOT_A_CERTIFICATE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """``answer`` is NOT_FOUND, or why nothing came; it does not count if certificates did.
    ``problem``: the code for the page of the source; "" when it answered."""

    certificates: tuple[Certificate, ...] = ()
    answer: Answer = Answer.NOT_FOUND
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One source. ``name``: for people; of DNS it is empty."""

    source: str
    name: str
    kind: Source
    row: DirectoryRow | StoreRow | SettingsRow = field(repr=False)


def sources_for(address: EmailAddress, known: Iterable[Asked]) -> tuple[Asked, ...]:
    """Those that are asked for the address: first the ones that are meant for its domain."""
    fitting = [one for one in known if _fits(one, address)]
    fitting.sort(key=lambda one: not _domains(one))
    return tuple(fitting)


def known_sources(site: Site) -> tuple[Asked, ...]:
    """All that an administrator switched on."""
    ldap = (
        Asked(source=row.source, name=row.settings.name, kind=Source.LDAP, row=row)
        for row in foreign_directories.ldap_listing(active=True)
    )
    http = (
        Asked(source=row.source, name=row.name, kind=Source.HTTP, row=row)
        for row in foreign_directories.store_listing(active=True)
    )
    settings = foreign_directories.settings()
    asks_dns = settings.smimea and site.finders.resolver is not None
    dns = Asked(source=foreign_directories.DNS, name="", kind=Source.DNS, row=settings)
    return (*ldap, *((dns,) if asks_dns else ()), *http)


def ask(one: Asked, address: EmailAddress, site: Site, budget: Budget) -> Reply:
    """Never raises for what others answer."""
    match one.row:
        case DirectoryRow():
            return _ask_ldap(one.row, address, site, budget)
        case StoreRow():
            return _ask_store(one.row, address, site, budget)
        case SettingsRow():
            return _ask_dns(one.row, address, site, budget)


def sealed_password(settings: LdapSettings, password: Secret, site: Site) -> bytes:
    """Bound to the host and the name that it is for: it goes nowhere else."""
    return site.vault.seal_content(password.reveal(), _use(settings), rng=site.rng)


def ldap_server(settings: LdapSettings, sealed: bytes, site: Site) -> LdapServer:
    """An administrator entered it, so it may lie in the office's own network."""
    return LdapServer(
        host=settings.host,
        port=settings.port,
        security=Security(settings.security.value),
        base=settings.base,
        user=settings.user,
        password=_unsealed(settings, sealed, site),
        reach=site.finders.reach.approved(True),
    )


def _use(settings: LdapSettings) -> str:
    return "\n".join((_PASSWORD, settings.host, settings.user))


def _unsealed(settings: LdapSettings, sealed: bytes, site: Site) -> Secret | None:
    if not sealed:
        return None
    try:
        return Secret(site.vault.unseal_content(sealed, _use(settings)))
    except KeyUnavailable:
        return None


def _fits(one: Asked, address: EmailAddress) -> bool:
    domains = _domains(one)
    return not domains or not domains_of(address).isdisjoint(domains)


def _domains(one: Asked) -> tuple[str, ...]:
    match one.row:
        case DirectoryRow():
            return one.row.settings.domains
        case StoreRow():
            return one.row.domains
        case SettingsRow():
            return ()


def _ask_ldap(row: DirectoryRow, address: EmailAddress, site: Site, budget: Budget) -> Reply:
    settings = row.settings
    server = ldap_server(settings, foreign_directories.sealed(row.id), site)
    try:
        question = address_filter(address, settings.filter)
        entries = ldap_client.search(server, question, budget=budget)
    except TransportFailure as error:
        problem = ldap_client.directory_problem(error)
        late = problem in _LATE
        answer = Answer.NO_TIME if late else Answer.NOT_REACHED
        return Reply(answer=answer, problem=problem.value)
    return Reply(certificates=ldap_entry.certificates_of(entries))


def _ask_store(row: StoreRow, address: EmailAddress, site: Site, budget: Budget) -> Reply:
    try:
        found = http_store_client.ask(row.url, address, site.finders.source, budget)
    except NotACertificate:
        return Reply(answer=Answer.NOT_A_CERTIFICATE)
    except TransportFailure as error:
        late = http_store_client.was_late(error)
        problem = DirectoryProblem.TIMED_OUT if late else DirectoryProblem.NOT_REACHED
        answer = Answer.NO_TIME if late else Answer.NOT_REACHED
        return Reply(answer=answer, problem=problem.value)
    return Reply(certificates=found)


def _ask_dns(settings: SettingsRow, address: EmailAddress, site: Site, budget: Budget) -> Reply:
    resolver = site.finders.resolver
    if resolver is None:
        return Reply(answer=Answer.NOT_REACHED)
    found = dns_secure.ask(owner_name(address), RECORD_TYPE, resolver, budget)
    match found.vouched:
        case Vouched.SECURE:
            return _of_records(found.records, settings)
        case Vouched.INSECURE:
            return Reply(answer=Answer.NOT_SECURED)
        case Vouched.BOGUS:
            return Reply(answer=Answer.FORGED)
        case Vouched.NOTHING:
            return Reply()
        case Vouched.NO_ANSWER:
            return Reply(answer=Answer.NOT_REACHED)


def _of_records(records: tuple[bytes, ...], settings: SettingsRow) -> Reply:
    offered = smimea_answer.offered(records, domain_may_assert=settings.domain_asserts)
    if offered.certificates:
        return Reply(certificates=offered.certificates)
    reasons = [_UNFIT[unfit] for unfit in Unfit if unfit in offered.unfit]
    return Reply(answer=reasons[0] if reasons else Answer.NOT_FOUND)
