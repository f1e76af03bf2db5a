"""Does this machine fit the configuration? (``siegel config check``)

Looks at folders, files and ports; sends nothing, resolves no names and changes nothing. That the
key file fits the store is seen by the store itself when it is opened.
"""

import errno
import os
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from siegel.config.schema import Settings
from siegel.config.values import Listen, MaildirHop, SqliteUrl

OTHERS = 0o077  # group and everybody: the key file is for Siegel's user alone
EVERYBODY = 0o007  # keys for TLS are often shared with a group (Debian: ssl-cert)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that would keep Siegel from working: the key it is about, and a sentence."""

    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.key}: {self.text}"


def check(settings: Settings, *, ports: bool = True) -> tuple[Problem, ...]:
    """Every problem found. ``ports=False`` while Siegel itself holds its ports."""
    found = (*_organisation(settings), *_folders(settings), *_files(settings))
    return (*found, *_ports(settings)) if ports else found


def _organisation(settings: Settings) -> Iterator[Problem]:
    if not settings.organisation.name:
        yield Problem(key="organisation.name", text="is empty; people read it in notices")
    if not settings.organisation.domains:
        yield Problem(key="organisation.domains", text="is empty; no address would be internal")


def _folders(settings: Settings) -> Iterator[Problem]:
    yield from _folder("store.data_dir", settings.store.data_dir)
    if isinstance(settings.store.url, SqliteUrl):
        yield from _folder("store.url", Path(settings.store.url.path).parent)
    for role in ("outbound", "inbound"):
        hop = getattr(settings.gateway, role).next_hop
        if isinstance(hop, MaildirHop):
            yield from _folder(f"gateway.{role}.next_hop", hop.path)


def _folder(key: str, folder: Path) -> Iterator[Problem]:
    if not folder.is_dir():
        yield Problem(key=key, text=f"the folder {folder} does not exist")
    elif not os.access(folder, os.W_OK | os.X_OK):
        yield Problem(key=key, text=f"the folder {folder} is not writable for this user")
    elif stat.S_IMODE(folder.stat().st_mode) & 0o002:
        yield Problem(key=key, text=f"everybody may write into {folder}; chmod o-w {folder}")


def _files(settings: Settings) -> Iterator[Problem]:
    yield from _key_file("keys.file", settings.keys.file)
    certificate, key = settings.gateway.tls_certificate, settings.gateway.tls_key_file
    if (certificate is None) != (key is None):
        yield Problem(
            key="gateway.tls_certificate", text="tls_certificate and tls_key_file belong together"
        )
    if certificate is not None and not os.access(certificate, os.R_OK):
        yield Problem(key="gateway.tls_certificate", text=f"cannot read {certificate}")
    if key is not None:
        yield from _key_file("gateway.tls_key_file", key, closed_to=EVERYBODY)


def _key_file(key: str, file: Path, *, closed_to: int = OTHERS) -> Iterator[Problem]:
    if not file.is_file():
        yield Problem(key=key, text=f"the file {file} does not exist")
    elif not os.access(file, os.R_OK):
        yield Problem(key=key, text=f"the file {file} is not readable for this user")
    elif stat.S_IMODE(file.stat().st_mode) & closed_to:
        command = "chmod 600" if closed_to == OTHERS else "chmod o="
        yield Problem(key=key, text=f"others may read {file}; {command} {file}")


def _ports(settings: Settings) -> Iterator[Problem]:
    yield from _port("gateway.outbound.listen", settings.gateway.outbound.listen)
    yield from _port("gateway.inbound.listen", settings.gateway.inbound.listen)
    yield from _port("web.listen", settings.web.listen)


def _port(key: str, listen: Listen) -> Iterator[Problem]:
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen.host, listen.port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            reason = "another program (or Siegel itself) holds it" if taken else error.strerror
            yield Problem(key=key, text=f"cannot listen on {listen}: {reason}")
