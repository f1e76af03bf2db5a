"""Settings for the address of an account, as its domain publishes them, for the page."""

from dataclasses import dataclass

from siegel.base.address import EmailAddress
from siegel.flows.site import Site
from siegel.store.mailbox_rows import Security, ServerRow
from siegel.transport import autoconfig
from siegel.transport.autoconfig import Origin, Service

__all__ = ["Found", "Origin", "find"]

PASSWORD = "password"  # noqa: S105 - names a method


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``method``: "password", or the provider of OAuth2 that is configured for it.
    ``needs_provider``: it takes no passwords, and none is configured. ``other_hosts``: not of the
    address's own domain, for a person to look at."""

    origin: Origin
    imap: ServerRow
    smtp: ServerRow
    method: str
    needs_provider: bool
    other_hosts: tuple[str, ...]


def find(account: EmailAddress, site: Site, *, guess: bool) -> Found | None:
    """With ``guess`` usual names are tried instead."""
    servers = site.mail_servers
    if guess:
        found = autoconfig.guessed(account, servers.reach)
    else:
        found = autoconfig.look(account, source=servers.published, dns=servers.dns)
    if found is None:
        return None
    configured = found.provider in servers.providers
    return Found(
        origin=found.origin,
        imap=_row(found.imap),
        smtp=_row(found.smtp),
        method=found.provider if configured else PASSWORD,
        needs_provider=found.provider == "microsoft" and not configured,
        other_hosts=found.other_hosts(account.domain),
    )


def _row(service: Service) -> ServerRow:
    return ServerRow(
        host=service.host,
        port=service.port,
        security=Security(service.security.value),
        user=service.user,
    )
