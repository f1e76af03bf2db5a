"""The configuration that slapd runs with: one database, answered over our socket, nothing to write.

Whatever a stranger sends, slapd reads it first: small messages, few connections that wait, short
idle times. Passwords are refused, so nobody sends one here.
"""

from pathlib import Path

from siegel.config.schema import Ldap
from siegel.directory.back_sock import LONGEST_REQUEST
from siegel.flows.ldap_answers import MOST_ENTRIES

TLS_PORT = 636  # TLS from the first octet (RFC 8314 speaks of mail, the habit is the same)
_SCHEMAS = ("core", "cosine", "inetorgperson")


def written(settings: Ldap, folder: Path, socket: Path) -> str:
    lines = [
        *(f'include "{settings.schema_folder / name}.schema"' for name in _SCHEMAS),
        f'pidfile "{folder / "slapd.pid"}"',
        f'argsfile "{folder / "slapd.args"}"',
        f'modulepath "{settings.module_folder}"',
        "moduleload back_sock",
        "loglevel none",
        "threads 4",
        "idletimeout 60",
        "writetimeout 30",
        "conn_max_pending 20",
        f"sockbuf_max_incoming {LONGEST_REQUEST}",
        f"sizelimit {MOST_ENTRIES}",
        "timelimit 10",
        "disallow bind_simple",
        *_tls(settings),
        "database sock",
        f'suffix "{settings.suffix}"',
        f'socketpath "{socket}"',
        "extensions peername",
        "restrict add bind compare delete extended modify rename",
        "access to * by * read",
    ]
    return "".join(f"{line}\n" for line in lines)


def url(settings: Ldap) -> str:
    """Where slapd listens, as it wants to be told."""
    has_tls = settings.tls_certificate is not None
    assert settings.listen is not None  # noqa: S101 - nobody asks without a listener
    scheme = "ldaps" if has_tls and settings.listen.port == TLS_PORT else "ldap"
    return f"{scheme}://{settings.listen}"


def _tls(settings: Ldap) -> list[str]:
    if settings.tls_certificate is None or settings.tls_key_file is None:
        return []
    return [
        f'TLSCertificateFile "{settings.tls_certificate}"',
        f'TLSCertificateKeyFile "{settings.tls_key_file}"',
        "TLSVerifyClient never",
    ]
