"""Whether the test robot answers a message: in every doubt it does not.

An answer to a forged sender would fill a stranger's mailbox (backscatter, RFC 3834 §4), one to
another robot would go round for ever. So the robot answers only whoever has shown to be the sender:
by a signature that counts, or by what our own mail server found out about From.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.policy.bulk import is_sign_of_bulk

MARKER_FIELD = "X-Siegel-Robot"
MOST_IN_A_THREAD = 3  # answers of ours in one thread; a person is content with fewer
ANSWERED_WITHIN = timedelta(days=2)  # later nobody waits for it; an old mailbox is no test
_MARK = "siegel-robot."
_OWN_ID = re.compile(rf"<{re.escape(_MARK)}[0-9a-f]+@[^<>\s]*>")
_NO_PERSONS = frozenset(  # RFC 2142, RFC 3834 §2: names behind which nobody reads
    {"mailer-daemon", "postmaster", "bounce", "bounces", "noreply", "no-reply", "donotreply",
     "do-not-reply", "listserv", "majordomo", "root", "abuse"}
)  # fmt: skip
_NO_PERSON = re.compile(r"(owner-.*|.*-(request|bounces|owner))\Z")  # RFC 3834 §2


class Silence(StrEnum):
    """Why there is no answer. The journal keeps it."""

    SWITCHED_OFF = "switched_off"
    UNREADABLE = "unreadable"
    TOO_OLD = "too_old"
    NO_SENDER = "no_sender"
    AUTOMATIC = "automatic"
    NO_PERSON = "no_person"
    LOOP = "loop"
    SENDER_DIFFERS = "sender_differs"
    SENDER_NOT_PROVED = "sender_not_proved"
    TOO_MANY_FROM_ADDRESS = "too_many_from_address"
    TOO_MANY_FROM_DOMAIN = "too_many_from_domain"
    TOO_MANY = "too_many"
    FORBIDDEN = "forbidden"  # a rule of ours lets nothing out to this address unencrypted
    NOT_TAKEN = "not_taken"  # by the next hop, as often as was tried


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotRules:
    """The robot of an installation. ``authserv_ids``: names under which our own mail servers write
    Authentication-Results; nobody else's results count."""

    address: EmailAddress
    authserv_ids: tuple[str, ...] = ()
    per_address: int = 5
    per_domain: int = 50
    per_hour: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotMail:
    """What is known of a message to the robot. ``fields``: (name, unfolded value) of its header.

    ``signed``: by a signature that counts for this From. ``authenticated``: our mail server found
    that the domain of From sent it.
    """

    sender: EmailAddress | None
    envelope_from: str
    fields: Sequence[tuple[str, str]]
    received_at: datetime
    signed: bool
    authenticated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Answers given lately: in a day to this address and to its domain, in an hour to all."""

    address: int
    domain: int
    hour: int


def why_silent(
    mail: RobotMail, robot: RobotRules, ours: Iterable[EmailAddress], given: Given, at: datetime
) -> Silence | None:
    """None: it is answered. ``ours``: addresses from which this installation writes by itself."""
    if at - mail.received_at > ANSWERED_WITHIN:
        return Silence.TOO_OLD
    if mail.sender is None or not mail.envelope_from:
        return Silence.NO_SENDER
    if is_automatic(mail.fields):
        return Silence.AUTOMATIC
    if is_no_person(mail.sender) or mail.sender in {robot.address, *ours}:
        return Silence.NO_PERSON
    if has_gone_round(mail.fields):
        return Silence.LOOP
    return _unproved(mail) or _too_often(robot, given)


def is_automatic(fields: Iterable[tuple[str, str]]) -> bool:
    """Lists and automatic mail, and whatever a robot like this one wrote."""
    named = [(name.lower(), value.strip().lower()) for name, value in fields]
    return any(
        is_sign_of_bulk(name, value)
        or name == MARKER_FIELD.lower()
        or (name == "x-auto-response-suppress" and value not in ("", "none"))
        or (name == "content-type" and value.startswith("multipart/report"))
        for name, value in named
    )


def is_no_person(address: EmailAddress) -> bool:
    local = address.local.partition("+")[0]
    return local in _NO_PERSONS or _NO_PERSON.match(local) is not None


def has_gone_round(fields: Iterable[tuple[str, str]]) -> bool:
    """A person may answer our answer, as it asks for; whoever goes on and on is no person."""
    named = (value for name, value in fields if name.lower() in ("references", "in-reply-to"))
    return len({found for value in named for found in _OWN_ID.findall(value)}) >= MOST_IN_A_THREAD


def own_message_id(mark: str, hostname: str) -> str:
    """Of an answer; ``mark`` are hexadecimal digits."""
    return f"<{_MARK}{mark}@{hostname}>"


def _unproved(mail: RobotMail) -> Silence | None:
    """The answer goes to MAIL FROM, where From and MAIL FROM are the same address."""
    if mail.envelope_from != str(mail.sender):
        return Silence.SENDER_DIFFERS
    return None if mail.signed or mail.authenticated else Silence.SENDER_NOT_PROVED


def _too_often(robot: RobotRules, given: Given) -> Silence | None:
    if given.address >= robot.per_address:
        return Silence.TOO_MANY_FROM_ADDRESS
    if given.domain >= robot.per_domain:
        return Silence.TOO_MANY_FROM_DOMAIN
    return Silence.TOO_MANY if given.hour >= robot.per_hour else None
