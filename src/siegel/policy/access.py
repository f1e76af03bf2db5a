"""What a person may see and do with a mail account, and in the house as a whole.

Accounts protect mail and private keys; partners' public certificates belong to everybody. An
administrator arranges who works with an account, but reads nobody's mail by that: whoever wants to
read must be put on the account, and that stands in the journal.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.policy.actions import ActionGroup
from siegel.policy.roles import Role


class Capacity(StrEnum):
    """In which capacity a person works with an account. Only a deputy's time has to end."""

    OWNER = "owner"
    MEMBER = "member"
    DEPUTY = "deputy"


class AccountRight(StrEnum):
    SEE = "see"  # that it exists, its addresses, people and certificates
    READ_MAIL = "read_mail"
    WRITE_MAIL = "write_mail"
    APPOINT_DEPUTIES = "appoint_deputies"
    CONNECT_MAILBOX = "connect_mailbox"  # say where its mail lies, and with which password
    ARRANGE = "arrange"  # create, rename, switch off, addresses, people


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one person stands to one account. ``until`` None = without end."""

    capacity: Capacity
    since: datetime
    until: datetime | None

    def is_in_force(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


_OF_CAPACITY = {
    Capacity.OWNER: frozenset(
        {
            AccountRight.SEE,
            AccountRight.READ_MAIL,
            AccountRight.WRITE_MAIL,
            AccountRight.APPOINT_DEPUTIES,
            AccountRight.CONNECT_MAILBOX,
        }
    ),
    Capacity.MEMBER: frozenset({AccountRight.SEE, AccountRight.READ_MAIL, AccountRight.WRITE_MAIL}),
    Capacity.DEPUTY: frozenset({AccountRight.SEE, AccountRight.READ_MAIL, AccountRight.WRITE_MAIL}),
}
_OF_ROLE = {
    Role.MEMBER: frozenset[AccountRight](),
    Role.CERTIFICATE_MANAGER: frozenset({AccountRight.SEE}),
    Role.ADMINISTRATOR: frozenset(
        {
            AccountRight.SEE,
            AccountRight.APPOINT_DEPUTIES,
            AccountRight.CONNECT_MAILBOX,
            AccountRight.ARRANGE,
        }
    ),
}


def rights(
    standing: Standing | None, roles: Collection[Role], at: datetime
) -> frozenset[AccountRight]:
    """All that the person may do with the account at that moment."""
    found = frozenset[AccountRight]().union(*(_OF_ROLE[role] for role in roles))
    if standing is not None and standing.is_in_force(at):
        found |= _OF_CAPACITY[standing.capacity]
    return found


def sees_every_account(roles: Collection[Role]) -> bool:
    return any(AccountRight.SEE in _OF_ROLE[role] for role in roles)


_JOURNAL_OF_ROLE = {
    Role.MEMBER: frozenset[ActionGroup](),
    Role.CERTIFICATE_MANAGER: frozenset(
        {ActionGroup.CERTIFICATES, ActionGroup.TRUST, ActionGroup.RULES}
    ),
    Role.ADMINISTRATOR: frozenset(ActionGroup),
}


def readable_groups(roles: Collection[Role]) -> frozenset[ActionGroup]:
    """The parts of the journal that these roles read whole; what happened to mail of one's own
    accounts everybody reads."""
    return frozenset[ActionGroup]().union(*(_JOURNAL_OF_ROLE[role] for role in roles))
