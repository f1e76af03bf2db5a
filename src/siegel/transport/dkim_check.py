"""Which domains answer for a message with DKIM (RFC 6376), and for which of its fields.

Signatures that say how long the signed part of the body is (l=) do not count: what follows is
anybody's. Keys are looked up by a function of the caller's; a name server that does not answer is
trouble of ours, not of the message.
"""

from collections.abc import Callable
from typing import final

import dkim
import dns.exception
import dns.resolver

from siegel.base.errors import TransportFailure
from siegel.policy.acme import DomainSignature

MAX_SIGNATURES = 5  # that are looked at; each costs a look-up
LEAST_BITS = 1024  # RFC 8301 §3.2: shorter RSA keys prove nothing
_BROKEN = frozenset({b"rsa-sha1"})  # RFC 8301 §3.1: such a signature counts as none
SECONDS = 5.0  # for one look-up

TxtLookup = Callable[[str], bytes | None]
"""The TXT record of a name; None: there is none. Raises ``NameServerSilent``."""


@final
class NameServerSilent(TransportFailure):
    """The name server did not answer; later it may."""

    code = "name_server_silent"


def system_txt(name: str) -> bytes | None:
    """By the resolver of the system."""
    try:
        found = dns.resolver.resolve(name, "TXT", lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except (dns.exception.DNSException, OSError, UnicodeError, ValueError) as error:
        raise NameServerSilent("the name server does not answer") from error
    return next((b"".join(record.strings) for record in found), None)


def domain_signatures(raw: bytes, lookup: TxtLookup) -> tuple[DomainSignature, ...]:
    """The signatures that verify. Raises ``NameServerSilent`` if one could not be checked and no
    other verifies."""
    found: list[DomainSignature] = []
    silent: NameServerSilent | None = None
    for number in range(MAX_SIGNATURES):
        try:
            signature = _verified(raw, number, lookup)
        except NameServerSilent as error:
            silent = error
            continue
        if signature is not None:
            found.append(signature)
    if silent is not None and not found:
        raise silent
    return tuple(found)


def _verified(raw: bytes, number: int, lookup: TxtLookup) -> DomainSignature | None:
    def ask(name: bytes, timeout: int = 0) -> bytes | None:
        del timeout
        return lookup(name.decode("ascii", "replace").rstrip("."))

    try:
        checked = dkim.DKIM(raw, minkey=LEAST_BITS)
        if not checked.verify(idx=number, dnsfunc=ask):
            return None
    except NameServerSilent:
        raise
    except Exception:  # whatever the parser says about a hostile signature
        return None
    if b"l" in checked.signature_fields or checked.signature_fields[b"a"] in _BROKEN:
        return None
    return DomainSignature(
        domain=checked.domain.decode("ascii", "replace").lower().rstrip("."),
        fields=frozenset(name.decode("ascii", "replace") for name in checked.include_headers),
    )
