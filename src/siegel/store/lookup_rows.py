"""Foreign directories and their answers as the store tells of them; passwords stand apart."""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.store.models.mailbox import Security

__all__ = ["DirectoryRow", "LdapSettings", "LookupRow", "Security", "SettingsRow", "StoreRow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LdapSettings:
    """What an administrator enters. ``domains`` empty: asked for every address."""

    name: str
    host: str
    port: int
    security: Security
    base: str
    filter: str
    user: str = ""
    domains: tuple[str, ...] = ()
    active: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRow:
    """``problem``: the code of what kept it from answering last, or empty."""

    id: int
    settings: LdapSettings
    has_password: bool
    problem: str
    problem_at: datetime | None
    changed_by: str
    changed_at: datetime

    @property
    def source(self) -> str:
        return f"ldap:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreRow:
    """A certificate store over HTTP."""

    id: int
    name: str
    url: str
    domains: tuple[str, ...]
    active: bool
    note: str
    problem: str
    problem_at: datetime | None

    @property
    def source(self) -> str:
        return f"http:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsRow:
    smimea: bool
    domain_asserts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupRow:
    """The last answer of a source about an address."""

    address: EmailAddress
    source: str
    answer: str
    asked_at: datetime
