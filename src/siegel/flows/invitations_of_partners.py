"""Partners are invited to hand in their certificate: a signed mail with a link that works once, for
two weeks. What comes by it is handed in (``registering``).
"""

import hashlib
from datetime import datetime, timedelta
from email.utils import format_datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, Conflict, NotFound, TooManyAttempts
from siegel.flows import mail_access, outbound
from siegel.flows.partner_certificates import is_ours
from siegel.flows.site import Site
from siegel.mime.build import field
from siegel.mime.transfer import encode_quoted_printable
from siegel.policy.actions import Action
from siegel.policy.wish import PROTECT_FIELD
from siegel.store.entry_rows import PartnerInvitationRow
from siegel.store.queries import journal, organisation, partner_invitations
from siegel.store.transaction import together
from siegel.transport.envelope import Envelope, Role
from siegel.transport.header_fields import to_value
from siegel.transport.replies import Reply
from siegel.wording.letters import Letter
from siegel.wording.partner_letters import invitation_letter
from siegel.wording.words import Language

VALID_FOR = timedelta(days=14)
MOST_OF_ADDRESS = 3  # invitations a week; more is a nuisance
PATH = "/partner/joining/invitation/"  # of ``joining:invitation``; a test compares
_WEEK = timedelta(days=7)
_TOKEN = 32  # octets


def invite(
    address: EmailAddress,
    sender: EmailAddress,
    language: Language,
    site: Site,
    *,
    person: EmailAddress,
    at: datetime,
) -> Reply:
    """Send the link, signed or not at all; 250 when the next hop has it, else there is no link.

    Raises ``NotFound`` for an account that the person does not write for, ``Conflict`` for one of
    our own addresses, ``TooManyAttempts``, ``ConfigurationError`` without an address of the pages.
    """
    _require_allowed(address, sender, person, site, at)
    token, by = site.rng(_TOKEN).hex(), f"user:{person}"
    ends_at = at + VALID_FOR
    link = f"{site.pages_at}{PATH}{token}/"
    letter = letter_of(address, sender, language, link=link, ends_at=ends_at)
    # first the link, then the mail: a kill in between leaves a link that nobody knows
    number = partner_invitations.add(
        address, hash_of(token), sender=sender, by=by, at=at, ends_at=ends_at
    )
    envelope = Envelope(role=Role.OUTBOUND, sender=str(sender), recipients=(str(address),))
    reply = outbound.relay(envelope, _message(letter, sender, address, site, at), site, at=at)
    if reply.accepted:
        _note(Action.PARTNER_INVITED, address, by, at)
    else:
        partner_invitations.revoke(number, by=by, at=at)
    return reply


def letter_of(
    address: EmailAddress, sender: EmailAddress, language: Language, *, link: str, ends_at: datetime
) -> Letter:
    """What the partner reads; shown before it goes, then with a link that opens nothing."""
    return invitation_letter(
        language,
        organisation=organisation.get().name,
        sender=str(sender),
        address=str(address),
        link=link,
        ends_at=ends_at,
    )


def senders(person: EmailAddress, *, at: datetime) -> tuple[EmailAddress, ...]:
    """Accounts in whose name this person may invite."""
    return mail_access.writable(person, at=at)


def invitation(token: str, *, at: datetime) -> PartnerInvitationRow | None:
    """None for every link that opens nothing (any more)."""
    return partner_invitations.find(hash_of(token), at=at)


def listing(*, before: int | None = None, limit: int) -> tuple[PartnerInvitationRow, ...]:
    return partner_invitations.listed(before=before, limit=limit)


def get(number: int) -> PartnerInvitationRow:
    """Raises ``NotFound``."""
    return partner_invitations.get(number)


def withdraw(number: int, *, by: str, at: datetime) -> None:
    """Raises ``NotFound`` for a link that is over already."""
    with together():
        row = partner_invitations.revoke(number, by=by, at=at)
        _note(Action.PARTNER_INVITATION_WITHDRAWN, row.address, by, at)


def hash_of(token: str) -> str:
    """The store has nothing else of it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _require_allowed(
    address: EmailAddress, sender: EmailAddress, person: EmailAddress, site: Site, at: datetime
) -> None:
    if not site.pages_at:
        raise ConfigurationError(
            "web.url is empty: a link in a mail needs the address of the pages"
        )
    if sender not in senders(person, at=at):
        raise NotFound(f"no account {sender}")
    if is_ours(address):
        raise Conflict(f"{address} is one of ours")
    if partner_invitations.sent_since(address, at - _WEEK) >= MOST_OF_ADDRESS:
        raise TooManyAttempts(f"{address} was invited {MOST_OF_ADDRESS} times this week")


def _message(
    letter: Letter, sender: EmailAddress, address: EmailAddress, site: Site, at: datetime
) -> bytes:
    text = "\r\n".join([*letter.text.splitlines(), ""]).encode("utf-8")
    header = [
        field("From", to_value(str(sender))),
        field("To", to_value(str(address))),
        field("Subject", letter.subject),
        field("Date", format_datetime(at)),
        field("Message-ID", f"<{site.rng(16).hex()}@{site.hostname}>"),
        field(PROTECT_FIELD, "sign"),
        field("MIME-Version", "1.0"),
        field("Content-Type", "text/plain; charset=utf-8"),
        field("Content-Transfer-Encoding", "quoted-printable"),
    ]
    return b"".join([*header, b"\r\n", encode_quoted_printable(text)])


def _note(action: Action, address: EmailAddress, by: str, at: datetime) -> None:
    journal.write(at=at, actor=by, action=action, about=str(address))
