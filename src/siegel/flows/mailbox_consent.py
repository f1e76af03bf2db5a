"""Consent of a person at a provider of tokens: what is asked, and what comes of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows.mailboxes import Credentials
from siegel.flows.site import Site
from siegel.store.mailbox_rows import Authentication, Security, ServerRow, Settings
from siegel.transport import oauth2
from siegel.transport.mail_server import MailProblem, failure
from siegel.transport.oauth2 import Consent


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """``address``: where the browser goes, ``host`` for people; ``kept``: for the way back."""

    address: str
    host: str
    kept: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    account: EmailAddress
    settings: Settings
    consent: Consent


def ask(
    account: EmailAddress, settings: Settings, site: Site, *, redirect_uri: str
) -> Asking | None:
    """None: the provider is not configured."""
    provider = site.mail_servers.providers.get(settings.provider)
    if provider is None:
        return None
    consent = Consent.new(site.rng)
    return Asking(
        address=oauth2.authorization_address(
            provider, consent, redirect_uri=redirect_uri, login_hint=settings.imap.user
        ),
        host=urlsplit(provider.authorization_endpoint).hostname or "",
        kept={
            "account": str(account),
            "settings": asdict(settings),
            "state": consent.state,
            "verifier": consent.verifier,
        },
    )


def read(kept: object) -> Asked | None:
    """What ``ask`` kept; None for anything else."""
    try:
        match kept:
            case {"account": str() as account, "settings": dict() as told, **rest}:
                consent = Consent(state=str(rest["state"]), verifier=str(rest["verifier"]))
                return Asked(
                    account=EmailAddress.parse(account), settings=_settings(told), consent=consent
                )
    except (KeyError, TypeError, ValueError, MalformedAddress):
        return None
    return None


def given(asked: Asked, code: str, site: Site, *, redirect_uri: str, at: datetime) -> Credentials:
    """The tokens for the code. Raises ``TransportFailure``."""
    servers = site.mail_servers
    provider = servers.providers.get(asked.settings.provider)
    if provider is None or not code:
        raise failure(MailProblem.CONSENT_EXPIRED)
    tokens = oauth2.exchanged(
        provider, asked.consent, code, redirect_uri=redirect_uri, source=servers.source, at=at
    )
    return Credentials.of_tokens(tokens)


def _settings(told: Mapping[str, object]) -> Settings:
    return Settings(
        imap=_server(told["imap"]),
        smtp=_server(told["smtp"]),
        authentication=Authentication(str(told["authentication"])),
        provider=str(told["provider"]),
        hosts_approved=told["hosts_approved"] is True,
    )


def _server(told: object) -> ServerRow:
    if not isinstance(told, dict):
        raise TypeError("no server")
    return ServerRow(
        host=str(told["host"]),
        port=int(told["port"]),
        security=Security(told["security"]),
        user=str(told["user"]),
    )
