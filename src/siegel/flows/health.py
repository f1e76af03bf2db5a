"""How the installation is: every check judged, and the numbers beside them.

Looks at ports, disks and the store; sends nothing. The worker looks every round and tells people
(``alarm``), the page and the metrics look when they are asked.
"""

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from siegel import __version__
from siegel.base.errors import KeyUnavailable
from siegel.config.schema import Settings
from siegel.config.values import Listen, MaildirHop, NextHop, SqliteUrl
from siegel.flows.evidence import Attempt
from siegel.flows.public_roots import in_force
from siegel.flows.vaults import hardware_of
from siegel.policy.actions import Action
from siegel.policy.health import (
    MAILBOX_TROUBLE,
    Checked,
    DayOfMail,
    Fetching,
    HealthFacts,
    judge,
)
from siegel.policy.reasons import Reason
from siegel.store.queries import figures, mailboxes, operation
from siegel.store.queries.figures import Asked
from siegel.store.rows import PulseRow
from siegel.store.vault import fits
from siegel.transport import probe
from siegel.transport.envelope import Role
from siegel.transport.fetching import Outcome

SOON = timedelta(days=30)  # time to get a new certificate before the old one ends
LATE = timedelta(days=60)  # an account without a certificate for longer is meant to be so
WEEKS = 4  # of mail that make a "usual"
WORKER, FETCHING, BACKUP = "worker", "fetching", "backup"  # names of the signs of life
FETCHES = "fetch|"  # of the counters: "fetch|timed_out"

_COUNTED = {
    "signed": Asked(action=Action.OUTBOUND_SIGN),  # „… Signieren vor Verschlüsseln“: both begin so
    "encrypted": Asked(action=Action.OUTBOUND_SIGN_AND_ENCRYPT),
    "opened": Asked(action="inbound.", reason=Reason.ENCRYPTED.value),
    "refused": Asked(action=Action.OUTBOUND_REFUSED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCounts:
    """Messages since one moment. An encrypted one is signed, too, and counts as both."""

    signed: int
    encrypted: int
    opened: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Numbers without a verdict. ``last``: when mail was signed, encrypted, opened, refused last;
    ``store_octets`` is None on PostgreSQL."""

    version: str
    last_day: MailCounts
    last_month: MailCounts
    last: Mapping[str, datetime | None]
    accounts: int
    own: int
    partners: int
    alerts: int
    pending: int
    store_octets: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    at: datetime
    checks: tuple[Checked, ...]
    figures: Figures


def look(settings: Settings, at: datetime) -> Health:
    """Everything once. The number of queries does not depend on the number of rows."""
    return Health(at=at, checks=judge(gather(settings, at)), figures=count(settings, at))


def gather(settings: Settings, at: datetime) -> HealthFacts:
    """What the checks are judged by."""
    gateway, signs = settings.gateway, operation.pulses()
    expiring, expired = figures.accounts_by_end(at, soon=SOON, late=LATE)
    failing, failing_since = mailboxes.failing(before=at - MAILBOX_TROUBLE)
    free, size = _disk(settings)
    return HealthFacts(
        at=at,
        outbound_listens=_listens(gateway.outbound.listen),
        inbound_listens=_listens(gateway.inbound.listen),
        outbound_hop=_reachable(gateway.outbound.next_hop),
        inbound_hop=_reachable(gateway.inbound.next_hop),
        key_file_fits=fits(settings.keys.file),
        hardware_answers=_hardware_answers(settings),
        mail=tuple(
            DayOfMail(sent=sent, signed=signed)
            for sent, signed in figures.mail_by_day(at, days=7 * WEEKS)
        ),
        expiring=expiring,
        expired=expired,
        mailboxes_failing=failing,
        mailboxes_failing_since=failing_since,
        disk_free=free,
        disk_size=size,
        worker_at=_at(signs, WORKER),
        roots_published_at=in_force(at).published_at,
        fetching=_fetching(signs) if settings.revocation.fetch else None,
        notices_failed=figures.written(Action.NOTICE_NOT_SENT, since=at - timedelta(days=1)),
        backup_at=_at(signs, BACKUP),
    )


def count(settings: Settings, at: datetime) -> Figures:
    since = {"day": at - timedelta(days=1), "month": at - timedelta(days=30)}
    found = figures.journal_counts(_COUNTED, since)
    day, month = ({kind: found[kind, moment] for kind in _COUNTED} for moment in since)
    return Figures(
        version=__version__,
        last_day=MailCounts(**day),
        last_month=MailCounts(**month),
        last=figures.last_of(_COUNTED),
        accounts=figures.active_accounts(),
        own=figures.own_certificates(),
        partners=figures.partner_certificates(at=at),
        alerts=figures.open_alerts(),
        pending=figures.pending_certificates(),
        store_octets=_store_octets(settings),
    )


def mail_of_last_day(at: datetime) -> MailCounts:
    """What happened to mail within 24 hours; one query."""
    found = figures.journal_counts(_COUNTED, {"day": at - timedelta(days=1)})
    return MailCounts(**{kind: found[kind, "day"] for kind in _COUNTED})


def answering(settings: Settings) -> Mapping[Role, bool]:
    """Whether each listener greets: the shortest look, for programs that watch us."""
    gateway = settings.gateway
    return {
        Role.OUTBOUND: _listens(gateway.outbound.listen),
        Role.INBOUND: _listens(gateway.inbound.listen),
    }


def store_answers() -> bool:
    """Whether the store can be asked at all."""
    return figures.can_be_asked()


def note_worker(*, at: datetime) -> None:
    operation.beat(WORKER, at=at)


def note_backup(*, at: datetime) -> None:
    operation.beat(BACKUP, at=at)


def note_fetching(attempts: Sequence[Attempt], *, at: datetime) -> None:
    """A round of the worker that had to fetch something: its outcomes are counted, and whether
    anything came at all."""
    if not attempts:
        return
    outcomes = Counter(attempt.outcome for attempt in attempts)
    operation.count({f"{FETCHES}{outcome.value}": many for outcome, many in outcomes.items()})
    before = operation.pulses().get(FETCHING)
    since = before.detail.get("failing_since") if before is not None else None
    failing = None if outcomes[Outcome.FETCHED] else since or at.isoformat()
    operation.beat(FETCHING, {"failing_since": failing}, at=at)


def _hardware_answers(settings: Settings) -> bool | None:
    hardware = hardware_of(settings)
    if hardware is None:
        return None
    try:
        hardware.look()
    except KeyUnavailable:
        return False
    return True


def _listens(listen: Listen) -> bool:
    return probe.answers(listen.host, listen.port)


def _reachable(hop: NextHop) -> bool:
    if isinstance(hop, MaildirHop):
        return hop.path.is_dir() or hop.path.parent.is_dir()
    return probe.answers(hop.host, hop.port)


def _disk(settings: Settings) -> tuple[int | None, int | None]:
    """The fuller one of the disks we write to."""
    folders = [settings.store.data_dir]
    if isinstance(settings.store.url, SqliteUrl):
        folders.append(Path(settings.store.url.path).parent)
    usages = []
    for folder in folders:
        try:
            usages.append(shutil.disk_usage(folder))
        except OSError:
            return None, None
    least = min(usages, key=lambda usage: usage.free)
    return least.free, least.total


def _store_octets(settings: Settings) -> int | None:
    if not isinstance(settings.store.url, SqliteUrl):
        return None
    path = Path(settings.store.url.path)
    files = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.is_file())


def _at(signs: Mapping[str, PulseRow], name: str) -> datetime | None:
    found = signs.get(name)
    return None if found is None else found.at


def _fetching(signs: Mapping[str, PulseRow]) -> Fetching | None:
    found = signs.get(FETCHING)
    if found is None:
        return None
    since = found.detail.get("failing_since")
    return Fetching(
        last_at=found.at, failing_since=datetime.fromisoformat(since) if since else None
    )
