"""How the installation is: numbers and states without any address or name, for the status page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel import __version__
from siegel.flows.certificates import CertificateState, listing
from siegel.flows.public_roots import in_force
from siegel.policy import root_lists
from siegel.policy.actions import Action
from siegel.policy.reasons import Obstacle, Reason
from siegel.store.queries import figures
from siegel.store.queries.figures import Asked
from siegel.transport import probe
from siegel.transport.envelope import Role

SOON = timedelta(days=30)  # time to get a new certificate before the old one ends

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
class Status:
    """What the page says. ``own_judged`` of the own certificates were judged, the newest first;
    ``own_usable`` of these can be used, and ``expiring`` of these end soon."""

    at: datetime
    version: str
    listening: Mapping[Role, bool]
    last_day: MailCounts
    last_month: MailCounts
    accounts: int
    own: int
    own_judged: int
    own_usable: int
    expiring: int
    partners: int
    alerts: int
    pending: int
    roots_read_at: datetime

    @property
    def roots_are_old(self) -> bool:
        return root_lists.is_old(self.roots_read_at, self.at)


def gather(listeners: Mapping[Role, tuple[str, int]], at: datetime) -> Status:
    """Look at everything once. The number of queries does not depend on the number of rows."""
    own = [state for state in listing(None, own_only=True, at=at) if not state.row.is_ca]
    usable = [state for state in own if is_of_use(state)]
    day, month = _mail(at)
    return Status(
        at=at,
        version=__version__,
        listening=listening(listeners),
        last_day=day,
        last_month=month,
        accounts=figures.active_accounts(),
        own=figures.own_certificates(),
        own_judged=len(own),
        own_usable=len(usable),
        expiring=sum(state.row.not_after - at <= SOON for state in usable),
        partners=figures.partner_certificates(at=at),
        alerts=figures.open_alerts(),
        pending=figures.pending_certificates(),
        roots_read_at=in_force(at).published_at,
    )


def listening(listeners: Mapping[Role, tuple[str, int]]) -> Mapping[Role, bool]:
    return {role: probe.answers(host, port) for role, (host, port) in listeners.items()}


def store_answers() -> bool:
    """Whether the store can be asked at all."""
    return figures.can_be_asked()


def is_of_use(state: CertificateState) -> bool:
    """An own certificate without an obstacle: it signs, or it is one that only encrypts."""
    if not state.signing:
        return True
    return set(state.signing) == {Obstacle.WRONG_USAGE} and not state.encryption


def mail_of_last_day(at: datetime) -> MailCounts:
    """What happened to mail within 24 hours; one query."""
    found = figures.journal_counts(_COUNTED, {"day": at - timedelta(days=1)})
    return MailCounts(**{kind: found[kind, "day"] for kind in _COUNTED})


def _mail(at: datetime) -> tuple[MailCounts, MailCounts]:
    since = {"day": at - timedelta(days=1), "month": at - timedelta(days=30)}
    found = figures.journal_counts(_COUNTED, since)
    day, month = ({kind: found[kind, moment] for kind in _COUNTED} for moment in since)
    return MailCounts(**day), MailCounts(**month)
