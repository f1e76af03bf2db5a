"""Which servers a mail address belongs to: Mozilla autoconfig, RFC 6186 and 8314, known providers.

Asked in this order: https://autoconfig.DOMAIN/ and https://DOMAIN/.well-known/autoconfig/, SRV
records, the MX of two large providers. Never plain http: whoever stands in between could name a
server of his own, with a good certificate, that people then give their password to. DNS can be
forged, too, so hosts of another domain are marked (RFC 6186 §6). Only services with TLS are taken.
Usual names are tried only when somebody asks for it (``guessed``).
"""

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from xml.parsers import expat

import dns.exception
import dns.resolver

from siegel.base.address import EmailAddress
from siegel.base.errors import TransportFailure
from siegel.transport.fetch_once import Source
from siegel.transport.fetching import Budget, Outcome
from siegel.transport.mail_server import Reach, Security, Server

SECONDS = 12.0  # for everything together; a person waits
DNS_SECONDS = 3.0  # for one question
GUESS_SECONDS = 3.0  # for one host
MAX_XML = 64 * 1024  # octets; files of large providers have 4 KiB
MAX_DEPTH = 12  # elements in one another; the format has five
MAX_ELEMENTS = 1000
MAX_TEXT = 500  # characters of one value
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_SOCKETS = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}
_LONGEST_USER = 400


class Origin(StrEnum):
    """Where settings come from."""

    PUBLISHED = "published"
    DNS = "dns"
    KNOWN = "known"
    GUESSED = "guessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    host: str
    port: int
    security: Security
    user: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``provider``: of OAuth2, where it is known that passwords are not taken."""

    origin: Origin
    imap: Service
    smtp: Service
    provider: str = ""

    def other_hosts(self, domain: str) -> tuple[str, ...]:
        """Hosts that are not of the address's own domain: a person must look at them."""
        hosts = dict.fromkeys((self.imap.host, self.smtp.host))
        return tuple(h for h in hosts if h != domain and not h.endswith(f".{domain}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Srv:
    priority: int
    weight: int
    host: str
    port: int


class Dns(Protocol):
    """Answers without dots at the end; nothing for what is not there or cannot be asked."""

    def srv(self, name: str, seconds: float) -> Sequence[Srv]: ...

    def mx(self, domain: str, seconds: float) -> Sequence[str]: ...


class SystemDns:
    """The resolver of the system."""

    def srv(self, name: str, seconds: float) -> Sequence[Srv]:
        return [
            Srv(
                priority=each.priority,
                weight=each.weight,
                host=_plain(each.target.to_text()),
                port=each.port,
            )
            for each in _asked(name, "SRV", seconds)
        ]

    def mx(self, domain: str, seconds: float) -> Sequence[str]:
        found = sorted(_asked(domain, "MX", seconds), key=lambda each: each.preference)
        return [_plain(each.exchange.to_text()) for each in found]


def _asked(name: str, kind: str, seconds: float) -> Sequence[Any]:
    """Records as the library has them, of the kind that was asked for."""
    with contextlib.suppress(dns.exception.DNSException, OSError, UnicodeError, ValueError):
        return list(dns.resolver.resolve(name, kind, lifetime=seconds, search=False))
    return []


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def look(
    address: EmailAddress, *, source: Source, dns: Dns, budget: Budget | None = None
) -> Found | None:
    """What the domain of the address says; None if it says nothing that may be used."""
    left = budget or Budget(SECONDS)
    return (
        _published(address, source, left)
        or _by_srv(address, dns, left)
        or _by_mx(address, dns, left)
    )


def guessed(address: EmailAddress, reach: Reach, budget: Budget | None = None) -> Found | None:
    """Usual names, as far as somebody answers there with TLS and a good certificate."""
    left, domain, user = budget or Budget(SECONDS), address.domain, str(address)
    imap = _first_there(("imap", "mail"), domain, 993, user, reach, left)
    smtp = _first_there(("smtp", "mail"), domain, 465, user, reach, left)
    if imap is None or smtp is None:
        return None
    return Found(origin=Origin.GUESSED, imap=imap, smtp=smtp)


def _first_there(
    names: Iterable[str], domain: str, port: int, user: str, reach: Reach, left: Budget
) -> Service | None:
    for name in names:
        if left.is_spent:
            return None
        host = f"{name}.{domain}"
        server = Server(host=host, port=port, security=Security.TLS, reach=reach)
        try:
            server.connected(Budget(min(GUESS_SECONDS, left.left))).close()
        except TransportFailure:
            continue
        return Service(host=host, port=port, security=Security.TLS, user=user)
    return None


def _published(address: EmailAddress, source: Source, left: Budget) -> Found | None:
    """The address itself is not told: the domain is enough to answer."""
    domain = address.domain
    for url in (
        f"https://autoconfig.{domain}/mail/config-v1.1.xml",
        f"https://{domain}/.well-known/autoconfig/mail/config-v1.1.xml",
    ):
        answer = source.fetch(url, most=MAX_XML, budget=left, accept="application/xml, text/xml")
        if answer.outcome is Outcome.FETCHED:
            found = parse(answer.body, address)
            if found is not None:
                return found
    return None


def _by_srv(address: EmailAddress, dns: Dns, left: Budget) -> Found | None:
    """RFC 6186 §3, RFC 8314 §5.1: TLS from the first octet is asked for first."""
    imap = _service(address, dns, left, {"_imaps": Security.TLS, "_imap": Security.STARTTLS})
    if imap is None:
        return None
    names = {"_submissions": Security.TLS, "_submission": Security.STARTTLS}
    smtp = _service(address, dns, left, names)
    return None if smtp is None else Found(origin=Origin.DNS, imap=imap, smtp=smtp)


def _service(
    address: EmailAddress, dns: Dns, left: Budget, names: dict[str, Security]
) -> Service | None:
    for name, security in names.items():
        if left.is_spent:
            return None
        asked = dns.srv(f"{name}._tcp.{address.domain}", min(DNS_SECONDS, left.left))
        for each in sorted(asked, key=lambda one: (one.priority, -one.weight)):
            made = _checked(each.host, str(each.port), security, str(address))
            if made is not None:  # "." means that there is no such service
                return made
    return None


_MICROSOFT = Security.TLS, "outlook.office365.com", Security.STARTTLS, "smtp.office365.com", 587
_GOOGLE = Security.TLS, "imap.gmail.com", Security.TLS, "smtp.gmail.com", 465
_KNOWN = {
    "mail.protection.outlook.com": ("microsoft", _MICROSOFT),
    "google.com": ("google", _GOOGLE),
    "googlemail.com": ("google", _GOOGLE),
}


def _by_mx(address: EmailAddress, dns: Dns, left: Budget) -> Found | None:
    """The two providers whose customers mostly publish nothing under their own domain."""
    if left.is_spent:
        return None
    for exchange in dns.mx(address.domain, min(DNS_SECONDS, left.left)):
        for end, (provider, (imap, imap_host, smtp, smtp_host, port)) in _KNOWN.items():
            if exchange.endswith(f".{end}"):
                user = str(address)
                return Found(
                    origin=Origin.KNOWN,
                    imap=Service(host=imap_host, port=993, security=imap, user=user),
                    smtp=Service(host=smtp_host, port=port, security=smtp, user=user),
                    provider=provider,
                )
    return None


def parse(xml: bytes, address: EmailAddress) -> Found | None:
    """A clientConfig of version 1.1. None for what is no such file or names no usable servers."""
    if len(xml) > MAX_XML:
        return None
    reader = _Reader()
    try:
        reader.read(xml)
    except (expat.ExpatError, _Hostile, ValueError, LookupError):
        return None
    imap = next(_usable(reader.servers, "incomingServer", "imap", address), None)
    smtp = next(_usable(reader.servers, "outgoingServer", "smtp", address), None)
    if imap is None or smtp is None:
        return None
    return Found(origin=Origin.PUBLISHED, imap=imap, smtp=smtp)


def _usable(
    servers: Iterable["_Told"], element: str, kind: str, address: EmailAddress
) -> Iterator[Service]:
    for told in servers:
        security = _SOCKETS.get(told.values.get("socketType", ""))
        if (told.element, told.kind) == (element, kind) and security is not None:
            host = _filled(told.values.get("hostname", ""), address).lower()
            user = _filled(told.values.get("username", "%EMAILADDRESS%"), address)
            made = _checked(host, told.values.get("port", ""), security, user)
            if made is not None:
                yield made


def _checked(host: str, port: str, security: Security, user: str) -> Service | None:
    """A host name, never an address; RFC 6186 and the format know names only."""
    is_number = port.isascii() and port.isdigit() and len(port) <= 5
    if not (_HOST.fullmatch(host) and not host.replace(".", "").isdigit()):
        return None
    if not (is_number and 0 < int(port) < 65536 and user.isprintable()):
        return None
    if not 0 < len(user) <= _LONGEST_USER:
        return None
    return Service(host=host, port=int(port), security=security, user=user)


def _filled(value: str, address: EmailAddress) -> str:
    for placeholder, said in (
        ("%EMAILADDRESS%", str(address)),
        ("%EMAILLOCALPART%", address.local),
        ("%EMAILDOMAIN%", address.domain),
    ):
        value = value.replace(placeholder, said)
    return value.strip()


@dataclass(slots=True)
class _Told:
    element: str
    kind: str
    values: dict[str, str]


class _Hostile(Exception):
    """A document type, an entity, or more than the format needs."""


class _Reader:
    """Only the servers of the first provider; expat is told to refuse what XML can do beyond."""

    def __init__(self) -> None:
        self.servers: list[_Told] = []
        self._path: list[str] = []
        self._text = ""
        self._elements = 0

    def read(self, xml: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS or len(self._path) >= MAX_DEPTH:
            raise _Hostile
        self._path.append(name)
        self._text = ""
        if self._path[:-1] == ["clientConfig", "emailProvider"] and name.endswith("Server"):
            self.servers.append(_Told(name, attributes.get("type", ""), {}))

    def _end(self, name: str) -> None:
        self._path.pop()
        if len(self._path) == 3 and self.servers and self._path[2].endswith("Server"):
            self.servers[-1].values.setdefault(name, self._text.strip())

    def _data(self, text: str) -> None:
        self._text += text
        if len(self._text) > MAX_TEXT:
            raise _Hostile


def _refuse(*said: object) -> None:
    raise _Hostile
