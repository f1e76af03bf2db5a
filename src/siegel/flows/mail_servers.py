"""How an installation reaches the mail servers of its accounts, as the configuration allows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from siegel.config.schema import Mail, OAuthClient
from siegel.transport.autoconfig import Dns, SystemDns
from siegel.transport.fetch_once import Source
from siegel.transport.fetching import Fetcher
from siegel.transport.mail_server import Reach
from siegel.transport.oauth2 import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServers:
    """``providers``: of OAuth2 by name, asked through ``source``. ``published`` and ``dns``: for
    settings that a domain publishes."""

    reach: Reach = field(default_factory=Reach)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    source: Source = field(default_factory=Fetcher)
    published: Source = field(default_factory=Fetcher)
    dns: Dns = field(default_factory=SystemDns)


def mail_servers(settings: Mail) -> MailServers:
    clients = settings.oauth.offered()
    return MailServers(
        reach=Reach(
            private_hosts=frozenset(settings.private_hosts),
            unencrypted_hosts=frozenset(settings.unencrypted_hosts),
        ),
        providers={name: _provider(name, client) for name, client in clients.items()},
        source=Fetcher(
            private_hosts=frozenset(urlsplit(c.token_endpoint).netloc for c in clients.values())
        ),
    )


def _provider(name: str, client: OAuthClient) -> Provider:
    return Provider(
        name=name,
        authorization_endpoint=client.authorization_endpoint,
        token_endpoint=client.token_endpoint,
        client_id=client.client_id,
        client_secret=client.client_secret,
        scope=client.scope,
    )
