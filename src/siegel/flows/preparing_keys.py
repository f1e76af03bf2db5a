"""Keys are got ready for the people they belong to: one file each, under a new passphrase."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, MalformedMessage, NotFound, UnsupportedAlgorithm
from siegel.ca.profiles import KeyUse
from siegel.flows import key_delivery, notices
from siegel.flows.certificates import judged
from siegel.flows.requesting import use_of
from siegel.flows.site import Site
from siegel.pki.certificate import Certificate, parse_certificate
from siegel.pki.pkcs12 import Flavour, build_pkcs12
from siegel.pki.softkeys import PrivateKey, load_private_key
from siegel.policy.access import Capacity
from siegel.policy.actions import Action
from siegel.policy.delivering import DeliveryFault
from siegel.policy.passphrases import generated
from siegel.store.queries import (
    account_people,
    accounts,
    authorities,
    certificates,
    issued,
    key_deliveries,
    keys,
    users,
)
from siegel.store.rows import SealedKey
from siegel.store.transaction import together
from siegel.wording.letters import key_ready_letter
from siegel.wording.words import Language

DAYS, MOST_DAYS = 7, 30
MOST_AT_ONCE = 20  # accounts; each file takes a third of a second to protect


class NotDelivered(Conflict):
    """``why`` says what is missing."""

    code = "not_delivered"

    def __init__(self, why: DeliveryFault) -> None:
        super().__init__(f"no key is got ready: {why.value}")
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``person`` None: the owner, or the only one who works with the account."""

    account: EmailAddress
    person: EmailAddress | None
    flavour: Flavour
    days: int = DAYS


def prepare(wanted: Wanted, site: Site, *, by: str, at: datetime) -> tuple[int, ...]:
    """The numbers under which the keys can be fetched: one, or two where signing and encryption
    have keys of their own. The person hears of it by mail, which holds nothing secret.

    Raises ``NotDelivered``.
    """
    person = _person(wanted, at)
    found = tuple(_deliverable(wanted.account, at))
    if not found:
        raise NotDelivered(DeliveryFault.NO_CERTIFICATE)
    with together():
        numbers = tuple(
            _prepared(wanted, person, key, one, site, by=by, at=at) for key, one in found
        )
    _tell(person, wanted.account, site, at)
    return numbers


def prepare_many(
    found: Iterable[EmailAddress], flavour: Flavour, days: int, site: Site, *, by: str, at: datetime
) -> Mapping[EmailAddress, DeliveryFault | None]:
    """The same for several accounts, each for its person; None: it is ready."""
    outcomes: dict[EmailAddress, DeliveryFault | None] = {}
    for account in found:
        wanted = Wanted(account=account, person=None, flavour=flavour, days=days)
        try:
            prepare(wanted, site, by=by, at=at)
        except NotDelivered as error:
            outcomes[account] = error.why
        else:
            outcomes[account] = None
    return outcomes


def _person(wanted: Wanted, at: datetime) -> EmailAddress:
    try:
        accounts.get(wanted.account)
    except NotFound as error:
        raise NotDelivered(DeliveryFault.NO_ACCOUNT) from error
    people = [
        row
        for row in account_people.of_account(wanted.account)
        if row.active and key_delivery.may_have(row.standing, at)
    ]
    owners = [row for row in people if row.standing.capacity is Capacity.OWNER]
    if wanted.person is not None:
        named = [row for row in people if row.user == wanted.person]
    else:
        named = owners if len(owners) == 1 else people
    if len(named) != 1:
        raise NotDelivered(DeliveryFault.NO_PERSON)
    return named[0].user


def _deliverable(account: EmailAddress, at: datetime) -> Iterator[tuple[SealedKey, Certificate]]:
    """The newest certificate for both uses, or the newest for each."""
    found = [
        (key, one)
        for key in keys.sealed_by_address([account])[account]
        if not key.archived and not authorities.holds(key.spki_sha256)
        for one in map(parse_certificate, key.certificates)
        if one.not_before <= at < one.not_after and _is_ours(account, one)
    ]
    found.sort(key=lambda pair: pair[1].not_before, reverse=True)
    for use in _uses(found):
        yield next(pair for pair in found if use_of(pair[1]) is use)


def _uses(found: list[tuple[SealedKey, Certificate]]) -> tuple[KeyUse, ...]:
    if found and use_of(found[0][1]) is KeyUse.DUAL:
        return (KeyUse.DUAL,)
    there = {use_of(one) for _, one in found}
    return tuple(use for use in (KeyUse.SIGNING, KeyUse.ENCRYPTION) if use in there)


def _is_ours(account: EmailAddress, certificate: Certificate) -> bool:
    made = issued.of_certificate(certificate.fingerprint)
    return account in certificate.addresses and (made is None or made.reason is None)


def _prepared(
    wanted: Wanted,
    person: EmailAddress,
    key: SealedKey,
    certificate: Certificate,
    site: Site,
    *,
    by: str,
    at: datetime,
) -> int:
    secret = generated(site.rng)
    private = _in_memory(key, site)
    chain = judged([certificates.get(certificate.fingerprint)], at)[0].chain
    try:
        file = build_pkcs12(private, certificate, chain, secret, flavour=wanted.flavour)
    except UnsupportedAlgorithm as error:
        raise NotDelivered(DeliveryFault.KIND) from error
    number = key_deliveries.add(
        account=wanted.account,
        certificate=certificate.fingerprint,
        user=person,
        flavour=wanted.flavour.value,
        by=by,
        at=at,
        ends_at=at + timedelta(days=wanted.days),
    )
    of_file, of_secret = (key_delivery.use_of_seal(number, what) for what in ("file", "passphrase"))
    key_deliveries.fill(
        number,
        file=site.vault.seal_content(file, of_file, rng=site.rng),
        passphrase=site.vault.seal_content(secret.reveal(), of_secret, rng=site.rng),
    )
    key_delivery.note(Action.KEY_DELIVERY_PREPARED, key_deliveries.get(number), by=by, at=at)
    return number


def _in_memory(key: SealedKey, site: Site) -> PrivateKey:
    """What hardware holds is known here by its place only, and that is no key (PKCS #8)."""
    try:
        return load_private_key(site.vault.unseal(key).reveal(), validated=True)
    except MalformedMessage as error:
        raise NotDelivered(DeliveryFault.IN_HARDWARE) from error


def _tell(person: EmailAddress, account: EmailAddress, site: Site, at: datetime) -> None:
    if site.notices_from is None:
        return
    chosen = users.find(person, at=at).language
    language = Language(chosen) if chosen in list(Language) else site.language
    letter = key_ready_letter(language, str(account))
    notices.send_notice(site, person, letter.subject, letter.text, at=at)
