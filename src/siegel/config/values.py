"""Values of the configuration file: how each kind is read, and how it is written back.

A reader takes what TOML gave and the folder of the file (relative paths start there) and returns
the typed value, or raises ``ValueError`` with the half sentence that follows "must be".
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress

T = TypeVar("T")
Reader = Callable[[object, Path], T]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a listener waits: an IP address and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def clashes_with(self, other: "Listen") -> bool:
        """Both cannot listen at once: the same port on the same or on every address."""
        if self.port != other.port or self.port == 0:
            return False
        either = {self.host, other.host}
        return len(either) == 1 or bool(either & {"0.0.0.0", "::"})  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class SmtpHop:
    """The mail server that takes what the gateway has finished."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"smtp://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class MaildirHop:
    """Delivery into ``path``/<address> in Maildir form, for small installations and the demo."""

    path: Path

    def __str__(self) -> str:
        return f"maildir:{self.path}"


NextHop = SmtpHop | MaildirHop


@dataclass(frozen=True, slots=True)
class Proxy:
    """The HTTP proxy through which the organisation reaches the Internet."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SqliteUrl:
    path: str  # a file, or ":memory:" in tests

    def __str__(self) -> str:
        return f"sqlite://{self.path}"


@dataclass(frozen=True, slots=True)
class PostgresUrl:
    """``postgresql://user@host:port/name``; ``options`` are libpq's of ``POSTGRES_OPTIONS``."""

    name: str
    user: str = ""
    host: str = ""
    port: int = 5432
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        query = "&".join(f"{key}={value}" for key, value in self.options)
        return f"postgresql://{user}{self.host}:{self.port}/{self.name}" + (query and f"?{query}")


StoreUrl = SqliteUrl | PostgresUrl
_DN = re.compile(r"[A-Za-z]+=[A-Za-z0-9 ._-]+(,[A-Za-z]+=[A-Za-z0-9 ._-]+)*")
_HOST = re.compile(r"([a-z0-9_.-]+|[0-9a-f:]*::[0-9a-f:]*)(:[0-9]{1,5})?")
POSTGRES_OPTIONS = ("host", "sslmode", "sslrootcert", "sslcert", "sslkey")


def text(value: object, folder: Path) -> str:
    del folder
    if not isinstance(value, str) or any(ord(character) < 32 for character in value):
        raise ValueError("a line of text in quotes")
    return value


def one_of(*allowed: str) -> Reader[str]:
    def read(value: object, folder: Path) -> str:
        del folder
        if not isinstance(value, str) or value not in allowed:
            raise ValueError("one of " + ", ".join(f'"{each}"' for each in allowed))
        return value

    return read


def whole_number(low: int, high: int) -> Reader[int]:
    def read(value: object, folder: Path) -> int:
        del folder
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return value

    return read


def yes_or_no(value: object, folder: Path) -> bool:
    del folder
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def path(value: object, folder: Path) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("a path in quotes")
    return folder / value


def optional_path(value: object, folder: Path) -> Path | None:
    return None if value == "" else path(value, folder)


def listen(value: object, folder: Path) -> Listen:
    host, port = _host_and_port(text(value, folder), 'an address and a port as "127.0.0.1:10025"')
    try:
        return Listen(str(ipaddress.ip_address(host)), port)
    except ValueError as error:
        raise ValueError(f'an IP address and a port as "127.0.0.1:10025" ({error})') from error


def optional_listen(value: object, folder: Path) -> Listen | None:
    return None if value == "" else listen(value, folder)


def distinguished_name(value: object, folder: Path) -> str:
    """RFC 4514, the plain form: no escapes and nothing quoted."""
    given = text(value, folder)
    if not _DN.fullmatch(given):
        raise ValueError('a name as "ou=partners,o=office,c=de"')
    return given


def optional_loopback(value: object, folder: Path) -> Listen | None:
    """Something on this machine: nobody else can answer in its place."""
    found = optional_listen(value, folder)
    if found is not None and not ipaddress.ip_address(found.host).is_loopback:
        raise ValueError('an address of this machine as "127.0.0.1:53", or empty')
    return found


def next_hop(value: object, folder: Path) -> NextHop:
    hint = '"smtp://host:port" or "maildir:/path"'
    given = text(value, folder)
    if given.startswith("maildir:") and len(given) > len("maildir:"):
        return MaildirHop(folder / given.removeprefix("maildir:"))
    if not given.startswith("smtp://"):
        raise ValueError(hint)
    host, port = _host_and_port(given.removeprefix("smtp://").rstrip("/"), hint)
    return SmtpHop(host, port)


def domains(value: object, folder: Path) -> tuple[str, ...]:
    return tuple(_domain(each) for each in _texts(value, folder, '["office.example"]'))


def hosts(value: object, folder: Path) -> tuple[str, ...]:
    hint = '["crl.office.example", "10.1.2.3:8080"]'
    given = tuple(each.lower() for each in _texts(value, folder, hint))
    if not all(_HOST.fullmatch(each) for each in given):
        raise ValueError(f"a list of hosts, each with or without a port, as {hint}")
    return given


def optional_address(value: object, folder: Path) -> EmailAddress | None:
    given = text(value, folder)
    if not given:
        return None
    try:
        return EmailAddress.parse(given)
    except MalformedAddress as error:
        raise ValueError(f'an address as "siegel@office.example", or empty; {error}') from error


def optional_proxy(value: object, folder: Path) -> Proxy | None:
    hint = '"http://host:port", or empty'
    given = text(value, folder)
    if not given:
        return None
    if not given.startswith("http://"):
        raise ValueError(hint)
    return Proxy(*_host_and_port(given.removeprefix("http://").rstrip("/"), hint))


def optional_origin(value: object, folder: Path) -> str:
    """``scheme://host[:port]`` without path, as RFC 6454 §6.2 writes an origin; "" = none."""
    given = text(value, folder)
    if not given:
        return ""
    parts = urlsplit(given)
    named = f"{parts.scheme}://{parts.netloc}"
    plain = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if not plain or given.rstrip("/") != named:
        raise ValueError("an address without a path, as https://siegel.office.example, or empty")
    return named


def names(value: object, folder: Path) -> tuple[str, ...]:
    given = tuple(_texts(value, folder, '["staff", "/office/all"]'))
    if not all(given):
        raise ValueError("a list of names, none of them empty")
    return given


def optional_issuer(value: object, folder: Path) -> str:
    """OpenID Connect Discovery 1.0 §3: https, without query and fragment. Without TLS only for a
    provider on this machine."""
    given = text(value, folder)
    if not given:
        return ""
    if not _is_secured(given) or urlsplit(given).query:
        raise ValueError("an address as https://id.office.example/realms/office, or empty")
    return given


def optional_endpoint(value: object, folder: Path) -> str:
    """RFC 6749 §3.1: https without fragment; a query may belong to it."""
    given = text(value, folder)
    if given and not _is_secured(given):
        raise ValueError("an address as https://id.office.example/token, or empty")
    return given


def optional_directory(value: object, folder: Path) -> str:
    """RFC 8555 §6.1: https; without TLS only a host that ``acme.plain_hosts`` names (``load``)."""
    given = text(value, folder)
    parts = urlsplit(given)
    if given and (parts.scheme not in ("https", "http") or not parts.hostname or parts.fragment):
        raise ValueError("an address as https://ca.example/directory, or empty")
    return given


def _is_secured(given: str) -> bool:
    parts = urlsplit(given)
    local = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    plain = parts.hostname and not parts.fragment and "@" not in parts.netloc
    return bool(plain) and (parts.scheme == "https" or local)


def networks(value: object, folder: Path) -> tuple[Network, ...]:
    hint = '["127.0.0.1/32", "::1/128"]'
    try:
        return tuple(ipaddress.ip_network(each) for each in _texts(value, folder, hint))
    except ValueError as error:
        raise ValueError(f"a list of networks as {hint} ({error})") from error


def store_url(value: object, folder: Path) -> StoreUrl:
    hint = '"sqlite:///path/to/file" or "postgresql://user@host:5432/name"'
    given = text(value, folder)
    try:
        parts = urlsplit(given)
        if parts.scheme == "sqlite":
            return _sqlite(parts, folder)
        if parts.scheme == "postgresql":
            return _postgres(parts)
    except ValueError as error:
        raise ValueError(f"{hint} ({error})") from error
    raise ValueError(hint)


def _sqlite(parts: SplitResult, folder: Path) -> SqliteUrl:
    if parts.netloc or parts.query or not parts.path.strip("/"):
        raise ValueError("only a path follows sqlite:")
    absolute = parts.path.startswith("/")
    file = Path("/" + unquote(parts.path).lstrip("/")) if absolute else folder / unquote(parts.path)
    return SqliteUrl(str(file))


def _postgres(parts: SplitResult) -> PostgresUrl:
    if parts.password is not None:
        raise ValueError("the password belongs into the file named by password_file")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise ValueError("the name of the database is missing")
    options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    unknown = set(options) - set(POSTGRES_OPTIONS)
    if unknown:
        raise ValueError(f"unknown option {min(unknown)}; known: {', '.join(POSTGRES_OPTIONS)}")
    return PostgresUrl(
        name, unquote(parts.username or ""), parts.hostname or "", parts.port or 5432,
        tuple(sorted(options.items())),
    )  # fmt: skip


def _host_and_port(given: str, hint: str) -> tuple[str, int]:
    host, colon, port = given.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(hint)
    if not bracketed and (":" in host or "/" in host or "@" in host):
        raise ValueError(hint)
    return (host[1:-1] if bracketed else host), int(port)


def _texts(value: object, folder: Path, example: str) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(f"a list as {example}")
    return [text(each, folder) for each in value]


def _domain(name: str) -> str:
    try:
        return EmailAddress.parse(f"postmaster@{name}").domain
    except MalformedAddress as error:
        raise ValueError(f"a list of domain names; {error}") from error
