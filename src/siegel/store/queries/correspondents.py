"""Who has to hear of a new certificate: partners an account corresponds with in secret, and those
who were sent its certificate. From the journal, and from mail that lies in the account."""

from collections.abc import Iterable, Iterator

from django.db.models import F

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.policy.actions import Action
from siegel.policy.message_state import MessageState
from siegel.store.models import AccountAddress, JournalAddress, MailAccount, MailItem
from siegel.store.models.account import Grant
from siegel.store.queries import accounts, organisation

MOST = 20_000  # pairs of one source; an office has some hundred partners
_CAME_ENCRYPTED = (Action.INBOUND_CONFIDENTIAL, Action.INBOUND_ENCRYPTED_UNVERIFIED)
_STATES = (
    MessageState.CONFIDENTIAL,
    MessageState.ENCRYPTED_UNVERIFIED,
    MessageState.KEY_MISSING,
)


def of_accounts(
    asked: Iterable[EmailAddress],
) -> frozenset[tuple[EmailAddress, EmailAddress]]:
    """(account, partner); nobody of the organisation itself. A fixed number of queries."""
    owners = _owners(asked)
    pairs = {
        (owners[ours], partner)
        for ours, theirs in _pairs(list(owners))
        for partner in [_address(theirs)]
        if partner is not None
    }
    domains = organisation.get().domains
    known = accounts.known({partner for _, partner in pairs})
    return frozenset(
        (account, partner)
        for account, partner in pairs
        if partner.domain not in domains and known.owner(partner) is None
    )


def _owners(asked: Iterable[EmailAddress]) -> dict[str, EmailAddress]:
    """Every address of these accounts, aliases too, and whose it is."""
    own = {str(each): each for each in asked}
    found = MailAccount.objects.filter(address__in=list(own)).values_list("address", flat=True)
    aliases = AccountAddress.objects.filter(account__address__in=list(own), kind=Grant.ALIAS)
    pairs = aliases.values_list("address", "account__address")
    return {each: own[each] for each in found} | {alias: own[owner] for alias, owner in pairs}


def _pairs(addresses: list[str]) -> Iterator[tuple[str, str]]:
    to = JournalAddress.objects.filter(
        entry__action=Action.OUTBOUND_SIGN_AND_ENCRYPT, entry__about__in=addresses
    )
    yield from to.values_list("entry__about", "address").distinct()[:MOST]
    given = JournalAddress.objects.filter(
        entry__action=Action.CERTIFICATE_SENT, entry__detail__sender__in=addresses
    )
    yield from given.values_list("entry__detail__sender", "address").distinct()[:MOST]
    came = JournalAddress.objects.filter(entry__action__in=_CAME_ENCRYPTED, address__in=addresses)
    yield from came.values_list("address", "entry__about").distinct()[:MOST]
    lying = MailItem.objects.filter(
        account__address__in=addresses, state__in=_STATES, outgoing=False
    )
    owner = F("account__address")
    yield from lying.values_list(owner, "from_address").distinct()[:MOST]


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except MalformedAddress:
        return None
