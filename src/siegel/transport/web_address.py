"""Which web addresses of certificates may be asked: what stands in them was written by strangers.

RFC 5280 §8 and RFC 8550 §6 warn of such addresses. Only http and https on their usual ports, only
hosts of the public Internet, unless the organisation names a host of its own. Nothing is asked
here; names are resolved in ``fetching``, and what they resolve to is checked with ``is_public``.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

MAX_LENGTH = 2000  # characters of an address; those in certificates have about 60

_USUAL_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_.-]{1,253}|[0-9a-f:.]{2,45}")
_PRINTABLE = re.compile(r"[!-~]+")
_TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # NAT64, RFC 6052, 8215
_COMPATIBLE = IPv6Network("::/96")  # RFC 4291 §2.5.5.1, deprecated


class NotAllowed(ValueError):
    """The address may not be asked, by its form alone."""


class OtherScheme(NotAllowed):
    """Neither http nor https; directories (ldap) above all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    """One address in parts; ``host`` in lower case, an IPv6 address without brackets."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """As it stands in the field Host: the usual port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.is_usual_port else f"{host}:{self.port}"

    @property
    def is_usual_port(self) -> bool:
        return self.port == _USUAL_PORTS[self.scheme]

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def read(url: str) -> WebAddress:
    """Raises ``NotAllowed`` for everything that is no plain http or https address."""
    if len(url) > MAX_LENGTH or not _PRINTABLE.fullmatch(url):
        raise NotAllowed("too long, or characters that no address has")
    try:
        parts = urlsplit(url)
        return _address(parts, parts.port)
    except NotAllowed:
        raise
    except ValueError as error:
        raise NotAllowed("not an address") from error


def _address(parts: SplitResult, port: int | None) -> WebAddress:
    if parts.scheme not in _USUAL_PORTS:
        raise OtherScheme(parts.scheme)
    host = (parts.hostname or "").rstrip(".")
    if "@" in parts.netloc or not _HOST.fullmatch(host) or port == 0:
        raise NotAllowed("a name and password, or no host")
    return WebAddress(
        scheme=parts.scheme,
        host=host,
        port=port or _USUAL_PORTS[parts.scheme],
        target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
    )


def is_public(address: str) -> bool:
    """Does an IP address belong to the public Internet, also when it hides in an IPv6 address?"""
    try:
        given = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public(given) and all(_is_public(one) for one in _inside(given))


def _is_public(one: IPv4Address | IPv6Address) -> bool:
    local = one.is_multicast or one.is_reserved or one.is_unspecified or one.is_link_local
    if isinstance(one, IPv6Address) and (_is_carrier(one) or one.is_site_local):
        return not one.is_site_local  # what it carries is judged by itself
    return one.is_global and not local


def _is_carrier(one: IPv6Address) -> bool:
    return one.ipv4_mapped is not None or any(one in network for network in _TRANSLATED)


def _inside(one: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """The IPv4 addresses that mapped, translated, 6to4 and Teredo addresses lead to."""
    if isinstance(one, IPv4Address):
        return []
    found = [one.ipv4_mapped, one.sixtofour, *(one.teredo or ())]
    if any(one in network for network in (*_TRANSLATED, _COMPATIBLE)):
        found.append(IPv4Address(int(one) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
