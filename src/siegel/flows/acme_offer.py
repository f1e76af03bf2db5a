"""The authority over ACME that the configuration names."""

from dataclasses import dataclass, field

from siegel.base import b64url
from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, MalformedMessage
from siegel.base.secret import Secret
from siegel.config.schema import Settings
from siegel.transport.acme_keys import ExternalAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class AcmeOffer:
    """The authority that the configuration names, and what it knows us by."""

    directory: str
    contact: EmailAddress | None = None
    terms_agreed: bool = False
    external: ExternalAccount | None = field(default=None, repr=False)
    plain_hosts: frozenset[str] = frozenset()
    renew_days: int = 0


def offer_of(settings: Settings) -> AcmeOffer | None:
    """None: the configuration names no authority."""
    given = settings.acme
    if not given.directory:
        return None
    return AcmeOffer(
        directory=given.directory,
        contact=given.contact or settings.organisation.notices_sender(),
        terms_agreed=given.terms_agreed,
        external=_external(given.external_account, given.external_account_key),
        plain_hosts=frozenset(given.plain_hosts),
        renew_days=given.renew_days,
    )


def _external(name: str, key: Secret | None) -> ExternalAccount | None:
    if not name or key is None:
        return None
    try:
        octets = b64url.decode(key.reveal().decode("ascii", "replace").strip().rstrip("="))
    except MalformedMessage as error:
        raise ConfigurationError(
            "acme.external_account_key_file: the MAC key is not base64url",
            key="acme.external_account_key_file",
        ) from error
    return ExternalAccount(key_id=name, key=Secret(octets))
