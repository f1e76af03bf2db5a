"""What slapd says to us over its socket, and how we answer (slapd-sock(5)): lines of text.

Entries go out as LDIF (RFC 2849) with every value in base64, so that no name can begin a line of
its own.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedMessage

LONGEST_REQUEST = 64 * 1024  # octets; slapd takes no longer message of strangers either
_SAFE = re.compile(r"[A-Za-z0-9@._-]")


class Code(IntEnum):
    """Results of RFC 4511 §4.1.9."""

    SUCCESS = 0
    SIZE_LIMIT = 4
    BUSY = 51
    UNWILLING = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """``peer``: the IP address that asks. ``size_limit`` 0: the client sets none."""

    base: str
    scope: int
    size_limit: int
    filter: str
    peer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person. ``certificate``: DER; ``bundle``: SignedData with the chain."""

    address: EmailAddress
    name: str
    certificate: bytes
    bundle: bytes


def read(request: bytes) -> Search | None:
    """None for everything but a search: this directory answers nothing else."""
    verb, *lines = request.decode("utf-8", "replace").split("\n")
    if verb.strip() != "SEARCH":
        return None
    said = dict(line.partition(": ")[::2] for line in lines)
    try:
        return Search(
            base=said.get("base", ""),
            scope=int(said.get("scope", "2")),
            size_limit=max(0, int(said.get("sizelimit", "0"))),
            filter=said["filter"],
            peer=_peer(said.get("peername", "")),
        )
    except (KeyError, ValueError) as error:
        raise MalformedMessage("no search as slapd writes it") from error


def answer(entries: Iterable[Entry], suffix: str, code: Code) -> bytes:
    written = "".join(f"{_ldif(entry, suffix)}\n" for entry in entries)
    return f"{written}RESULT\ncode: {code.value}\n".encode("ascii")


def attributes(entry: Entry) -> dict[str, Sequence[str]]:
    """What a filter can compare."""
    return {
        "objectclass": ("top", "person", "organizationalPerson", "inetOrgPerson"),
        "mail": (str(entry.address),),
        "cn": (entry.name,),
        "sn": (_surname(entry.name),),
        "displayname": (entry.name,),
    }


def _ldif(entry: Entry, suffix: str) -> str:
    lines = [_line("dn", f"mail={_rdn(str(entry.address))},{suffix}")]
    lines += [
        _line(name, value)
        for name, values in (
            ("objectClass", attributes(entry)["objectclass"]),
            ("mail", (str(entry.address),)),
            ("cn", (entry.name,)),
            ("sn", (_surname(entry.name),)),
            ("displayName", (entry.name,)),
        )
        for value in values
    ]
    lines.append(_line("userCertificate;binary", entry.certificate))
    # slapd does not know userSMIMECertificate with the option
    lines.append(_line("userSMIMECertificate", entry.bundle))
    return "".join(f"{line}\n" for line in lines)


def _line(name: str, value: str | bytes) -> str:
    octets = value.encode("utf-8") if isinstance(value, str) else value
    return f"{name}:: {base64.b64encode(octets).decode('ascii')}"


def _rdn(value: str) -> str:
    """RFC 4514 §2.4: everything that could mean something as its octets."""
    return "".join(
        c if _SAFE.fullmatch(c) else "".join(f"\\{o:02x}" for o in c.encode("utf-8")) for c in value
    )


def _surname(name: str) -> str:
    return name.split()[-1] if name.split() else name


def _peer(peername: str) -> str:
    """``IP=192.0.2.1:4321``, ``IP=[2001:db8::1]:4321``."""
    host = peername.removeprefix("IP=").rpartition(":")[0]
    return host.strip("[]")
