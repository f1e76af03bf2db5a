"""The foreign directories of the office: entered, changed and tried by an administrator.

A password is sealed for the very host and name it was entered for, never shown again and never in
the journal. What a directory said before counts no more once it is changed.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, TransportFailure
from siegel.base.secret import Secret
from siegel.directory import ldap_entry
from siegel.directory.ldap_filter import address_filter, checked_template
from siegel.flows.asking_directories import ldap_server, sealed_password
from siegel.flows.site import Site
from siegel.policy import values
from siegel.policy.actions import Action
from siegel.policy.lookups import DirectoryProblem, DirectoryStage
from siegel.store.lookup_rows import DirectoryRow, LdapSettings, Security, SettingsRow, StoreRow
from siegel.store.queries import foreign_directories, journal, lookups
from siegel.store.text import Json
from siegel.store.transaction import together
from siegel.transport import ldap_client
from siegel.transport.fetching import Budget
from siegel.transport.http_store_client import checked_base as checked_base

TRIAL_SECONDS = 10.0  # a person waits, and so does a worker of the pages


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """What an administrator enters about a certificate store."""

    name: str
    url: str
    domains: tuple[str, ...] = ()
    active: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``passed`` None: not come so far."""

    stage: DirectoryStage
    passed: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of one connection. ``problem`` None: all is well; then ``entries`` matched, with
    so many ``certificates``."""

    steps: tuple[Step, ...]
    problem: DirectoryProblem | None
    entries: int = 0
    certificates: int = 0


def directories() -> tuple[DirectoryRow, ...]:
    return foreign_directories.ldap_listing()


def directory(number: int) -> DirectoryRow:
    return foreign_directories.ldap(number)


def stores() -> tuple[StoreRow, ...]:
    return foreign_directories.store_listing()


def store(number: int) -> StoreRow:
    return foreign_directories.store(number)


def settings() -> SettingsRow:
    return foreign_directories.settings()


def put_directory(
    number: int | None,
    given: LdapSettings,
    password: Secret | None,
    site: Site,
    *,
    by: str,
    at: datetime,
) -> DirectoryRow:
    """Keep it. ``password`` None: the one that is kept goes on, if it is for the same host and
    name. Raises ``Conflict`` for a name that exists, and where the password is needed again."""
    read = _checked(given)
    sealed = _sealed(number, read, password, site)
    with together():
        row = foreign_directories.put_ldap(number, read, sealed, by=by, at=at)
        lookups.forget_source(row.source)
        added = number is None
        action = Action.LOOKUP_DIRECTORY_ADDED if added else Action.LOOKUP_DIRECTORY_CHANGED
        _note(action, read.name, by, at, **_told(read))
    return row


def remove_directory(number: int, *, by: str, at: datetime) -> None:
    with together():
        row = foreign_directories.ldap(number)
        foreign_directories.remove_ldap(number)
        lookups.forget_source(row.source)
        _note(Action.LOOKUP_DIRECTORY_REMOVED, row.settings.name, by, at)


def put_store(number: int | None, given: StoreSettings, *, by: str, at: datetime) -> StoreRow:
    """Raises ``Conflict`` for a name that exists, ``ValueError`` for what is no address."""
    url, domains = checked_base(given.url), _folded(given.domains)
    with together():
        row = foreign_directories.put_store(
            number,
            name=given.name,
            url=url,
            domains=domains,
            active=given.active,
            note=given.note,
            by=by,
            at=at,
        )
        lookups.forget_source(row.source)
        added = number is None
        action = Action.LOOKUP_DIRECTORY_ADDED if added else Action.LOOKUP_DIRECTORY_CHANGED
        _note(action, given.name, by, at, url=url)
    return row


def remove_store(number: int, *, by: str, at: datetime) -> None:
    with together():
        row = foreign_directories.store(number)
        foreign_directories.remove_store(number)
        lookups.forget_source(row.source)
        _note(Action.LOOKUP_DIRECTORY_REMOVED, row.name, by, at)


def set_dns(given: SettingsRow, *, by: str, at: datetime) -> None:
    """Whether DNS is asked, and whether a domain may vouch by itself."""
    with together():
        foreign_directories.put_settings(given)
        lookups.forget_source(foreign_directories.DNS)
        _note(
            Action.LOOKUP_SETTINGS_CHANGED, "SMIMEA", by, at,
            smimea=given.smimea, domain_asserts=given.domain_asserts,
        )  # fmt: skip


def asks_again(number: int | None, given: LdapSettings) -> bool:
    """Whether a password must be entered: it goes to no other host and for no other name."""
    if not given.user:
        return False
    if number is None:
        return True
    before = foreign_directories.ldap(number)
    same = (before.settings.host, before.settings.user) == (given.host, given.user)
    return not (same and before.has_password)


def attempt(
    number: int | None,
    given: LdapSettings,
    password: Secret | None,
    address: EmailAddress,
    site: Site,
) -> Trial:
    """Connect, log in and ask for one address; keeps nothing."""
    given = replace(_checked(given))
    sealed = _sealed(number, given, password, site)
    stages = _stages(given)
    try:
        entries = ldap_client.search(
            ldap_server(given, sealed, site),
            address_filter(address, given.filter),
            budget=Budget(TRIAL_SECONDS),
        )
    except TransportFailure as error:
        problem, ended = ldap_client.directory_problem(error), ldap_client.directory_stage(error)
        return Trial(steps=_steps_until(ended, stages), problem=problem)
    return Trial(
        steps=tuple(Step(stage=stage, passed=True) for stage in stages),
        problem=None,
        entries=len(entries),
        certificates=len(ldap_entry.certificates_of(entries)),
    )


def _checked(given: LdapSettings) -> LdapSettings:
    """Raises ``ValueError`` for a filter that is none, ``ConfigurationError`` for domains."""
    return replace(given, filter=checked_template(given.filter), domains=_folded(given.domains))


def _folded(domains: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values.domain(one) for one in domains))


def _sealed(number: int | None, given: LdapSettings, password: Secret | None, site: Site) -> bytes:
    if not given.user:
        return b""
    if password is not None:
        return sealed_password(given, password, site)
    if asks_again(number, given) or number is None:
        raise Conflict("another host or name: the password is needed again")
    return foreign_directories.sealed(number)


def _stages(given: LdapSettings) -> tuple[DirectoryStage, ...]:
    skipped = set() if given.user else {DirectoryStage.LOGIN}
    if given.security is Security.NONE:
        skipped |= {DirectoryStage.ENCRYPTED, DirectoryStage.CERTIFICATE}
    return tuple(stage for stage in DirectoryStage if stage not in skipped)


def _steps_until(ended: DirectoryStage, stages: tuple[DirectoryStage, ...]) -> tuple[Step, ...]:
    at = stages.index(ended) if ended in stages else len(stages) - 1
    return tuple(
        Step(stage=stage, passed=True if i < at else (False if i == at else None))
        for i, stage in enumerate(stages)
    )


def _told(given: LdapSettings) -> dict[str, Json]:
    return {
        "server": f"{given.security.value}://{given.host}:{given.port}",
        "base": given.base,
        "user": given.user,
    }


def _note(action: Action, about: str, by: str, at: datetime, **detail: Json) -> None:
    journal.write(at=at, actor=by, action=action, about=about, detail=detail)
