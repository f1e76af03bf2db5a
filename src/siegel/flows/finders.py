"""How an installation reaches foreign directories, as the configuration allows it."""

from dataclasses import dataclass, field

from siegel.config.schema import Lookups, Revocation
from siegel.transport.dns_secure import LocalResolver
from siegel.transport.fetch_once import Source
from siegel.transport.fetching import Fetcher
from siegel.transport.mail_server import Reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Finders:
    """``reach``: of LDAP. ``source``: of stores over HTTP; every question is asked anew, because a
    person may have published a certificate a moment ago. ``resolver`` None: DNS is not asked."""

    reach: Reach = field(default_factory=Reach)
    source: Source = field(default_factory=Fetcher)
    resolver: LocalResolver | None = None


def finders(settings: Lookups, fetching: Revocation) -> Finders:
    """The proxy is the one that evidence is fetched through."""
    proxy, resolver = fetching.proxy, settings.resolver
    return Finders(
        reach=Reach(
            private_hosts=frozenset(settings.private_hosts),
            unencrypted_hosts=frozenset(settings.unencrypted_hosts),
        ),
        source=Fetcher(
            private_hosts=frozenset(settings.private_hosts),
            proxy=(proxy.host, proxy.port) if proxy is not None else None,
        ),
        resolver=LocalResolver(resolver.host, resolver.port) if resolver is not None else None,
    )
