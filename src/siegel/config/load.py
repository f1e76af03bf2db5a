"""The configuration file → ``Settings``: unknown keys, wrong values and clashes are errors.

Every error names the file, the key and the line that explains the key. Does not look at the
machine (ports, folders, the key file): that is ``check``.
"""

import difflib
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, fields
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TypeVar, get_type_hints
from urllib.parse import urlsplit

from siegel.base.errors import ConfigurationError
from siegel.config.schema import Settings
from siegel.config.values import Listen, SmtpHop

T = TypeVar("T")
MAX_FILE = 1024 * 1024  # octets; a configuration file of this size is another file


def load(path: Path) -> Settings:
    """Read ``path``. Raises ``ConfigurationError`` only."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE)
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the configuration {path}: {error.strerror}", path=str(path)
        ) from error
    try:
        return parse(content.decode("utf-8"), folder=path.absolute().parent)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 text", path=str(path)) from error
    except ConfigurationError as error:
        key = error.params.get("key")
        raise ConfigurationError(f"{path}: {error}", path=str(path), key=key) from error


def parse(content: str, *, folder: Path) -> Settings:
    """Read the text of a file that lies (or would lie) in ``folder``."""
    try:
        table = tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigurationError(f"not TOML: {error}") from error
    settings = _section(Settings, table, "", folder)
    _refuse_clashes(settings)
    _refuse_loops(settings)
    _refuse_half_a_provider(settings)
    _refuse_half_a_client(settings)
    _refuse_half_an_authority(settings)
    _refuse_half_a_token(settings)
    _read_secrets(settings)
    return settings


def _section(kind: type[T], table: Mapping[str, object], prefix: str, folder: Path) -> T:
    known = {each.name: each for each in fields(kind)}  # type: ignore[arg-type]  # kinds are dataclasses
    _refuse_unknown(table, known, prefix)
    types = get_type_hints(kind)
    return kind(
        **{
            name: _value(known[name], types[name], given, prefix, folder)
            for name, given in table.items()
        }
    )


def _value(
    key: "Field[object]", kind: type[object], given: object, prefix: str, folder: Path
) -> object:
    name = f"{prefix}{key.name}"
    reader = key.metadata.get("reader")
    if reader is not None:
        try:
            return reader(given, folder)
        except ValueError as error:
            raise ConfigurationError(
                f"{name} must be {error}. {key.metadata['help']}", key=name
            ) from error
    if not isinstance(given, dict):
        raise ConfigurationError(f"{name} must be a section: [{name}]", key=name)
    return _section(kind, given, f"{name}.", folder)


def _refuse_unknown(
    table: Mapping[str, object], known: Mapping[str, "Field[object]"], prefix: str
) -> None:
    for name in table:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"known: {', '.join(known)}"
            raise ConfigurationError(f"unknown key {prefix}{name}; {hint}", key=f"{prefix}{name}")


def _listeners(settings: Settings) -> Iterator[tuple[str, Listen]]:
    yield "gateway.outbound.listen", settings.gateway.outbound.listen
    yield "gateway.inbound.listen", settings.gateway.inbound.listen
    yield "web.listen", settings.web.listen


def _refuse_clashes(settings: Settings) -> None:
    for (name, one), (other_name, other) in combinations(_listeners(settings), 2):
        if one.clashes_with(other):
            raise ConfigurationError(
                f"{name} and {other_name} cannot share {other}; every listener needs its own port",
                key=other_name,
            )


def _refuse_loops(settings: Settings) -> None:
    own = {(each.host, each.port): name for name, each in _listeners(settings)}
    for role in ("outbound", "inbound"):
        hop = getattr(settings.gateway, role).next_hop
        if isinstance(hop, SmtpHop) and (_loopback(hop.host), hop.port) in own:
            name = f"gateway.{role}.next_hop"
            listener = own[_loopback(hop.host), hop.port]
            raise ConfigurationError(f"{name} is our own {listener}: mail would go round", key=name)


def _loopback(host: str) -> str:
    return "127.0.0.1" if host == "localhost" else host


def _refuse_half_a_provider(settings: Settings) -> None:
    """With a provider but no groups everybody who signs in would count as a leaver."""
    provider = settings.web.oidc
    if not provider.issuer:
        return
    for name, given in {
        "web.oidc.client_id": provider.client_id,
        "web.oidc.client_secret_file": provider.client_secret_file,
        "web.oidc.administrator_groups": provider.administrator_groups,
        "organisation.domains": settings.organisation.domains,
    }.items():
        if not given:
            raise ConfigurationError(f"{name} is missing; web.oidc.issuer needs it", key=name)


def _refuse_half_a_client(settings: Settings) -> None:
    for name, client in settings.mail.oauth.offered().items():
        for part in ("authorization_endpoint", "token_endpoint", "scope"):
            if not getattr(client, part):
                key = f"mail.oauth.{name}.{part}"
                raise ConfigurationError(f"{key} is missing; the client_id needs it", key=key)


def _refuse_half_an_authority(settings: Settings) -> None:
    acme = settings.acme
    named = bool(acme.external_account)
    if named != (acme.external_account_key_file is not None):
        key = f"acme.external_account{'_key_file' if named else ''}"
        raise ConfigurationError(f"{key} is missing; both parts belong together", key=key)
    parts = urlsplit(acme.directory)
    known = {parts.netloc, parts.hostname} & set(acme.plain_hosts)
    if parts.scheme == "http" and not known:
        raise ConfigurationError(
            "acme.directory must be an address with https. Only for trying may a host without TLS "
            "be named in acme.plain_hosts",
            key="acme.directory",
        )


def _refuse_half_a_token(settings: Settings) -> None:
    if settings.pkcs11.module is not None and not settings.pkcs11.token:
        key = "pkcs11.token"
        raise ConfigurationError(f"{key} is missing; pkcs11.module needs it", key=key)


def _read_secrets(settings: Settings) -> None:
    clients = settings.mail.oauth.offered()
    secrets: dict[str, Callable[[], object]] = {
        **{
            f"mail.oauth.{name}.client_secret_file": partial(getattr, client, "client_secret")
            for name, client in clients.items()
        },
        "acme.external_account_key_file": lambda: settings.acme.external_account_key,
        "pkcs11.pin_file": lambda: settings.pkcs11.pin,
        "store.password_file": lambda: settings.store.password,
        "web.secret_file": lambda: settings.web.secret,
        "web.metrics_token_file": lambda: settings.web.metrics_token,
        "web.oidc.client_secret_file": lambda: settings.web.oidc.client_secret,
    }
    for name, read in secrets.items():
        try:
            read()
        except ConfigurationError as error:
            raise ConfigurationError(f"{name}: {error}", key=name) from error
