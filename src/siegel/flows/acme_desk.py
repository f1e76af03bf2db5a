"""What ordering over ACME works with, and our account at the authority."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from siegel.config.schema import Settings
from siegel.flows.acme_offer import AcmeOffer, offer_of
from siegel.flows.site import Site
from siegel.store.queries import acme
from siegel.transport.acme import AcmeClient, Source
from siegel.transport.acme_keys import AccountKey
from siegel.transport.dkim_check import TxtLookup, system_txt
from siegel.transport.fetching import Budget, Fetcher

SECONDS = 60.0  # on the network for one step of one order


class AcmeStep(StrEnum):
    """Where a kill hurts most: tests stop the work there, and see that it goes on."""

    ACCOUNT_KEY_KEPT = "account_key_kept"
    REGISTERED = "registered"
    ORDERED = "ordered"
    ORDER_NOTED = "order_noted"
    CHALLENGE_NOTED = "challenge_noted"
    ANSWER_PREPARED = "answer_prepared"
    ANSWER_TAKEN = "answer_taken"
    ANSWER_NOTED = "answer_noted"
    AUTHORITY_TOLD = "authority_told"
    FINALIZED = "finalized"
    DOWNLOADED = "downloaded"


def _pass(step: AcmeStep) -> None:
    del step


@dataclass(frozen=True, slots=True, kw_only=True)
class AcmeDesk:
    """``passes`` is told the steps, for tests that kill in between."""

    site: Site
    offer: AcmeOffer
    source: Source = field(repr=False)
    lookup: TxtLookup = field(default=system_txt, repr=False)
    passes: Callable[[AcmeStep], None] = field(default=_pass, repr=False)


def desk_of(settings: Settings, site: Site) -> AcmeDesk | None:
    """None: the configuration names no authority."""
    offer = offer_of(settings)
    if offer is None:
        return None
    reachable = frozenset(settings.acme.private_hosts) | offer.plain_hosts
    return AcmeDesk(site=site, offer=offer, source=Fetcher(private_hosts=reachable))


def client_of(desk: AcmeDesk, directory: str, *, at: datetime) -> AcmeClient:
    """A client that the authority knows. The key is kept before anybody hears of it, and with a
    key that it knows the authority finds the account: so a kill leaves no second one."""
    location, key = "", None
    known = acme.account(directory)
    if known is not None:
        location, key = known[1], _opened(desk, directory, known[0])
    client = AcmeClient(
        directory=directory,
        key=key or _new_key(desk, directory, at),
        source=desk.source,
        budget=Budget(SECONDS),
        plain_hosts=desk.offer.plain_hosts,
        account=location,
    )
    if not location:
        offer = desk.offer
        acme.located(
            directory,
            client.register(offer.contact, agreed=offer.terms_agreed, external=offer.external),
        )
        desk.passes(AcmeStep.REGISTERED)
    return client


def _new_key(desk: AcmeDesk, directory: str, at: datetime) -> AccountKey:
    made, vault = AccountKey.new().pkcs8(), desk.site.vault
    sealed = vault.seal_content(made, _use(directory), rng=desk.site.rng)
    kept = acme.keep_account(directory, sealed, at=at)
    desk.passes(AcmeStep.ACCOUNT_KEY_KEPT)
    return _opened(desk, directory, kept)


def _opened(desk: AcmeDesk, directory: str, sealed: bytes) -> AccountKey:
    return AccountKey.of(desk.site.vault.unseal_content(sealed, _use(directory)))


def _use(directory: str) -> str:
    return f"acme account {directory}"
