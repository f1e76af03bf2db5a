"""Is the installation well? Facts in, one verdict for each check out.

A check is *bad* when mail is not protected or stands still, *warn* when it will be if nobody looks,
and *unknown* when there is nothing to judge by: nobody is alarmed by that.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from siegel.policy import root_lists

WORKER_LATE = timedelta(minutes=30)  # its rounds are ten minutes apart, and fetching takes time
WORKER_GONE = timedelta(hours=1)
MAILBOX_TROUBLE = timedelta(minutes=30)  # a server that is away for a moment is nobody's alarm
MAILBOX_STANDS = timedelta(days=1)
FETCHING_FAILS = timedelta(days=1)  # revocation lists are mostly good for days
BACKUP_OLD = timedelta(days=8)  # a weekly backup that ran once too late
DISK_FULL = 500 * 1024**2  # octets; below, the store may stop in the middle of a write
DISK_LOW = 5 * 1024**3
DISK_LOW_SHARE = 0.1  # of the whole; both must be undercut, disks differ in size
COMPARED = 10  # signed messages of the last weeks that make a "usual"
USUAL_SHARE = 0.2  # of the mail is signed: below, an hour without says nothing
NONE_OF = 5  # messages, and none of them signed
FEW_OF = 20  # messages, and less than a quarter of the usual share signed


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


class Check(StrEnum):
    """In the order people read them: what stops mail first."""

    OUTBOUND_LISTENER = "outbound_listener"
    INBOUND_LISTENER = "inbound_listener"
    OUTBOUND_HOP = "outbound_hop"
    INBOUND_HOP = "inbound_hop"
    KEY_FILE = "key_file"
    HARDWARE = "hardware"
    SIGNING = "signing"
    CERTIFICATES = "certificates"
    MAILBOXES = "mailboxes"
    DISK = "disk"
    WORKER = "worker"
    ROOTS = "roots"
    FETCHING = "fetching"
    NOTICES = "notices"
    BACKUP = "backup"


Value = int | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """``values`` are what the words of this check and state speak of."""

    check: Check
    state: State
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfMail:
    """Outgoing mail that left, and how much of it was signed."""

    sent: int
    signed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """Rounds of the worker that had to fetch something. ``failing_since``: none has succeeded from
    then on."""

    last_at: datetime
    failing_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFacts:
    """As gathered at ``at``; None = not known. ``mail``: the last 24 hours first, then the 28 days
    before today. ``expiring``, ``expired``: accounts by the end of their last certificate.
    ``mailboxes_failing``: whose mail cannot be fetched, for longer than ``MAILBOX_TROUBLE``."""

    at: datetime
    outbound_listens: bool | None = None
    inbound_listens: bool | None = None
    outbound_hop: bool | None = None
    inbound_hop: bool | None = None
    key_file_fits: bool | None = None
    hardware_answers: bool | None = None
    mail: tuple[DayOfMail, ...] = ()
    expiring: int = 0
    expired: int = 0
    mailboxes_failing: int = 0
    mailboxes_failing_since: datetime | None = None
    disk_free: int | None = None
    disk_size: int | None = None
    worker_at: datetime | None = None
    roots_published_at: datetime
    fetching: Fetching | None = None
    notices_failed: int = 0
    backup_at: datetime | None = None


def judge(facts: HealthFacts) -> tuple[Checked, ...]:
    """Every check, in their order."""
    return tuple(_JUDGES[check](facts) for check in Check)


def worst(checks: tuple[Checked, ...]) -> State:
    """What the whole is; unknown counts as good."""
    states = {checked.state for checked in checks}
    return next((state for state in (State.BAD, State.WARN) if state in states), State.OK)


def _answers(check: Check, read: Callable[[HealthFacts], bool | None]) -> "_Judge":
    def judged(facts: HealthFacts) -> Checked:
        answer = read(facts)
        if answer is None:
            return Checked(check=check, state=State.UNKNOWN)
        return Checked(check=check, state=State.OK if answer else State.BAD)

    return judged


def _signing(facts: HealthFacts) -> Checked:
    """Signed mail of today against what is usual here. Without any mail nothing is said but
    on days that always had some."""
    if not facts.mail:
        return Checked(check=Check.SIGNING, state=State.UNKNOWN)
    today, before = facts.mail[0], facts.mail[1:]
    sent, signed = sum(day.sent for day in before), sum(day.signed for day in before)
    values: dict[str, Value] = {
        "sent": today.sent,
        "signed": today.signed,
        "usual": round(100 * signed / sent) if sent else 0,
    }
    return Checked(check=Check.SIGNING, state=_signing_state(today, before), values=values)


def _signing_state(today: DayOfMail, before: tuple[DayOfMail, ...]) -> State:
    sent, signed = sum(day.sent for day in before), sum(day.signed for day in before)
    if signed < COMPARED:
        return State.OK if today.signed else State.UNKNOWN
    share = signed / sent
    if share >= USUAL_SHARE and today.sent >= NONE_OF and not today.signed:
        return State.BAD
    few = today.sent >= FEW_OF and today.signed < today.sent * share / 4
    is_strange = (few and share >= USUAL_SHARE) or _is_strangely_silent(today, before)
    return State.WARN if is_strange else State.OK


def _is_strangely_silent(today: DayOfMail, before: tuple[DayOfMail, ...]) -> bool:
    """No mail in 24 hours that span two days of the week on which there always was some."""
    usual = (*before[6::7], *before[7::7])  # seven and eight days ago, and so on
    return not today.sent and bool(usual) and all(day.sent >= NONE_OF for day in usual)


def _certificates(facts: HealthFacts) -> Checked:
    values = {"expired": facts.expired, "expiring": facts.expiring}
    state = State.WARN if facts.expiring else State.OK
    return Checked(
        check=Check.CERTIFICATES, state=State.BAD if facts.expired else state, values=values
    )


def _mailboxes(facts: HealthFacts) -> Checked:
    since = facts.mailboxes_failing_since
    if since is None:
        return Checked(check=Check.MAILBOXES, state=State.OK)
    stands = facts.at - since > MAILBOX_STANDS
    return Checked(
        check=Check.MAILBOXES,
        state=State.BAD if stands else State.WARN,
        values={"number": facts.mailboxes_failing, "at": since},
    )


def _disk(facts: HealthFacts) -> Checked:
    if facts.disk_free is None or not facts.disk_size:
        return Checked(check=Check.DISK, state=State.UNKNOWN)
    values = {"free": facts.disk_free, "size": facts.disk_size}
    low = facts.disk_free < DISK_LOW and facts.disk_free < facts.disk_size * DISK_LOW_SHARE
    state = State.WARN if low else State.OK
    return Checked(
        check=Check.DISK, state=State.BAD if facts.disk_free < DISK_FULL else state, values=values
    )


def _worker(facts: HealthFacts) -> Checked:
    if facts.worker_at is None:
        return Checked(check=Check.WORKER, state=State.UNKNOWN)
    age = facts.at - facts.worker_at
    state = State.WARN if age > WORKER_LATE else State.OK
    return Checked(
        check=Check.WORKER,
        state=State.BAD if age > WORKER_GONE else state,
        values={"at": facts.worker_at},
    )


def _roots(facts: HealthFacts) -> Checked:
    old = root_lists.is_old(facts.roots_published_at, facts.at)
    return Checked(
        check=Check.ROOTS,
        state=State.WARN if old else State.OK,
        values={"at": facts.roots_published_at},
    )


def _fetching(facts: HealthFacts) -> Checked:
    found = facts.fetching
    if found is None:
        return Checked(check=Check.FETCHING, state=State.UNKNOWN)
    since = found.failing_since
    if since is None or facts.at - since < FETCHING_FAILS:
        return Checked(check=Check.FETCHING, state=State.OK, values={"at": found.last_at})
    return Checked(check=Check.FETCHING, state=State.WARN, values={"at": since})


def _notices(facts: HealthFacts) -> Checked:
    state = State.WARN if facts.notices_failed else State.OK
    return Checked(check=Check.NOTICES, state=state, values={"number": facts.notices_failed})


def _backup(facts: HealthFacts) -> Checked:
    if facts.backup_at is None:
        return Checked(check=Check.BACKUP, state=State.UNKNOWN)
    old = facts.at - facts.backup_at > BACKUP_OLD
    return Checked(
        check=Check.BACKUP,
        state=State.WARN if old else State.OK,
        values={"at": facts.backup_at},
    )


_Judge = Callable[[HealthFacts], Checked]
_JUDGES: Mapping[Check, _Judge] = {
    Check.OUTBOUND_LISTENER: _answers(Check.OUTBOUND_LISTENER, lambda f: f.outbound_listens),
    Check.INBOUND_LISTENER: _answers(Check.INBOUND_LISTENER, lambda f: f.inbound_listens),
    Check.OUTBOUND_HOP: _answers(Check.OUTBOUND_HOP, lambda f: f.outbound_hop),
    Check.INBOUND_HOP: _answers(Check.INBOUND_HOP, lambda f: f.inbound_hop),
    Check.KEY_FILE: _answers(Check.KEY_FILE, lambda f: f.key_file_fits),
    Check.HARDWARE: _answers(Check.HARDWARE, lambda f: f.hardware_answers),
    Check.SIGNING: _signing,
    Check.CERTIFICATES: _certificates,
    Check.MAILBOXES: _mailboxes,
    Check.DISK: _disk,
    Check.WORKER: _worker,
    Check.ROOTS: _roots,
    Check.FETCHING: _fetching,
    Check.NOTICES: _notices,
    Check.BACKUP: _backup,
}
