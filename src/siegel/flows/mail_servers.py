"""How an installation reaches the mail servers of its accounts, handed in with the site."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from siegel.transport.fetch_once import Source
from siegel.transport.fetching import Fetcher
from siegel.transport.mail_server import Reach
from siegel.transport.oauth2 import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServers:
    """``source``: for providers of tokens and for settings that others publish. ``providers``:
    of OAuth2, by name."""

    reach: Reach = field(default_factory=Reach)
    source: Source = field(default_factory=Fetcher)
    providers: Mapping[str, Provider] = field(default_factory=dict)
