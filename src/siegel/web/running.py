"""The running installation (vault, next hops), handed in by whoever starts the pages."""

from siegel.base.errors import ConfigurationError
from siegel.flows.site import Site

_installed: list[Site] = []


def install(site: Site) -> None:
    """Once for the process; later calls replace it (tests)."""
    _installed[:] = [site]


def site() -> Site:
    if not _installed:
        raise ConfigurationError("the pages were started without the installation they show")
    return _installed[0]
