"""The one way to the network, as the configuration allows it."""

from siegel.config.schema import Revocation
from siegel.flows.evidence import MAIL_SECONDS, Gathering, Network
from siegel.transport.fetch_once import FetchOnce
from siegel.transport.fetching import Budget, Fetcher


def network(settings: Revocation) -> FetchOnce | None:
    """None: nothing is ever fetched."""
    if not settings.fetch:
        return None
    proxy = settings.proxy
    return FetchOnce(
        Fetcher(
            private_hosts=frozenset(settings.private_hosts),
            proxy=(proxy.host, proxy.port) if proxy is not None else None,
        )
    )


def gathering(found: Network | None, seconds: float = MAIL_SECONDS) -> Gathering | None:
    """A new piece of work with its own time."""
    return None if found is None else Gathering(network=found, budget=Budget(seconds))
