"""The test robot answers: what it saw of a mail, and what its sender can do next.

An answer is made the same way again after a crash – same Message-ID, same date –, so that a second
one at most is the same one. It leaves through the outbound flow, marked as automatic (RFC 3834 §5).
"""

import logging
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress, SiegelError
from siegel.flows import journaling, outbound
from siegel.flows.candidates import Gathered, Question, gather_for
from siegel.flows.delivery import deliver, transaction_key
from siegel.flows.filing import read_and_judged
from siegel.flows.outbound import Weighed
from siegel.flows.outgoing_message import read_outgoing, the_one_sender
from siegel.flows.robot_language import languages_of
from siegel.flows.site import Site
from siegel.mime.build import field
from siegel.mime.fields import message_id
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from siegel.mime.transfer import encode_quoted_printable
from siegel.policy import outbound as deciding
from siegel.policy.actions import Action
from siegel.policy.inbound import InboundJudgement
from siegel.policy.outbound import OutboundDecision, Plain, Refuse
from siegel.policy.robot import (
    MARKER_FIELD,
    Given,
    RobotMail,
    RobotRules,
    Silence,
    own_message_id,
    why_silent,
)
from siegel.policy.robot_report import report
from siegel.policy.wish import Wish
from siegel.smime.layers import OpenedMessage
from siegel.store.entry_rows import RobotMailRow
from siegel.store.queries import journal, messages, organisation, robot_mail
from siegel.store.queries.robot_mail import RobotState
from siegel.transport.authenticated_domain import sent_by
from siegel.transport.envelope import Envelope, Role
from siegel.transport.header_fields import to_value
from siegel.transport.replies import TRY_LATER, Reply
from siegel.wording.letters import Letter
from siegel.wording.robot_letters import Sending, robot_letter

log = logging.getLogger(__name__)

ACTOR = "system:robot"
MOST = 20  # answers of one round
TRIES = 6  # then it is given up: the sender tries again himself
AGAIN_AFTER = timedelta(minutes=5)  # times the tries before
GUIDE = "/partner/"  # of ``directory:home``
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_MARK = 32  # digits of the message's hash in the Message-ID of its answer
_SAFE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]{3,200}>")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A test, opened and judged."""

    message: Message
    opened: OpenedMessage
    judgement: InboundJudgement


def answer_due(site: Site, *, at: datetime, most: int = MOST) -> int:
    """Answer what waits, or leave it without an answer for good; how many were answered."""
    rows = [row for row in robot_mail.waiting(limit=most) if _is_time(row, at)]
    answered = sum(_settled(row, site, at) for row in rows)
    site.transactions.forget(at)  # nobody waits for our answer, so nobody sends it again
    return answered


def _is_time(row: RobotMailRow, at: datetime) -> bool:
    return row.begun_at is None or at >= row.begun_at + AGAIN_AFTER * row.tries


def _settled(row: RobotMailRow, site: Site, at: datetime) -> bool:
    robot = site.robot
    if robot is None:
        return _silent(row, Silence.SWITCHED_OFF, at)
    try:
        seen = _seen(row, robot, site, at)
    except SiegelError as error:
        log.info("test cannot be read: %s", error.code)
        return _silent(row, Silence.UNREADABLE, at)
    silence = why_silent(_facts(row, seen, robot), robot, _ours(site), _given(row, at), at)
    sender = the_one_sender(seen.message)
    if silence is not None or sender is None:
        return _silent(row, silence or Silence.NO_SENDER, at)
    return _answered(row, seen, sender, robot, site, at)


def _seen(row: RobotMailRow, robot: RobotRules, site: Site, at: datetime) -> _Seen:
    message = parse_message(messages.raw(row.message_sha256), limits=site.limits)
    opened, judged = read_and_judged(robot.address, message, site, at=at, fetch=False)
    return _Seen(message, opened, judged.judgement)


def _facts(row: RobotMailRow, seen: _Seen, robot: RobotRules) -> RobotMail:
    sender, signer = the_one_sender(seen.message), seen.judgement.signer
    results = [each.value for each in seen.message.get_all("Authentication-Results")]
    return RobotMail(
        sender=sender,
        envelope_from=_folded(row.envelope_from),
        fields=[(each.name, each.value) for each in seen.message.fields],
        received_at=row.received_at,
        signed=signer is not None and signer.counts and not signer.by_organisation,
        authenticated=sender is not None and sent_by(sender.domain, results, robot.authserv_ids),
    )


def _given(row: RobotMailRow, at: datetime) -> Given:
    if row.sender is None:
        return Given(address=0, domain=0, hour=0)
    counted = robot_mail.counted(row.sender, since=at - _DAY, all_since=at - _HOUR)
    return Given(address=counted.address, domain=counted.group, hour=counted.all)


def _ours(site: Site) -> tuple[EmailAddress, ...]:
    return () if site.notices_from is None else (site.notices_from,)


def _answered(
    row: RobotMailRow,
    seen: _Seen,
    to: EmailAddress,
    robot: RobotRules,
    site: Site,
    at: datetime,
) -> bool:
    begun = robot_mail.begin(row.id, at=at)
    gathered, decision = _decided(robot, to, begun)
    if isinstance(decision, Refuse):
        return _silent(row, Silence.FORBIDDEN, at)
    letter = _letter(seen, to, gathered, decision, site)
    raw = _message(row, seen.message, to, letter, robot, site, begun)
    reply = _relayed(raw, to, gathered, decision, robot, site, at)
    if not reply.accepted:
        gives_up = row.tries + 1 >= TRIES
        return _silent(row, Silence.NOT_TAKEN, at) if gives_up else False
    robot_mail.end(row.id, RobotState.ANSWERED, "", at=at)
    journal.write(at=at, actor=ACTOR, action=Action.ROBOT_ANSWERED, about=str(to))
    return True


def _decided(
    robot: RobotRules, to: EmailAddress, at: datetime
) -> tuple[Gathered, OutboundDecision]:
    """Encrypted if that can be, else signed, else as it is. One answer for one person who asked for
    it is no bulk mail, although it is written by a machine."""
    asked = Question(
        sender=robot.address, envelope_from=robot.address, recipients=(to,), wish=Wish.ENCRYPT
    )
    gathered = gather_for(asked, organisation.get_rules(), at)
    decision = deciding.decide(gathered.facts)
    if deciding.encrypts(decision):
        return gathered, decision
    facts = replace(gathered.facts, wish=Wish.NONE, bulk=True)
    return replace(gathered, facts=facts), deciding.decide(facts)


def _letter(
    seen: _Seen, to: EmailAddress, gathered: Gathered, decision: deciding.Send, site: Site
) -> Letter:
    found = deciding.selected_for_encryption(gathered.facts)[to]
    said = report(seen.opened, seen.judgement, found.obstacles, usable=bool(found.usable))
    sending = Sending(
        organisation=organisation.get().name or "Siegel",
        signed=not isinstance(decision.plan, Plain),
        encrypted=deciding.encrypts(decision),
        page=f"{site.pages_at}{GUIDE}" if site.pages_at else "",
    )
    return robot_letter(languages_of(seen.opened), said, sending)


def _message(
    row: RobotMailRow,
    asked: Message,
    to: EmailAddress,
    letter: Letter,
    robot: RobotRules,
    site: Site,
    begun: datetime,
) -> bytes:
    text = "\r\n".join([*letter.text.splitlines(), ""]).encode("utf-8", "replace")
    mark = own_message_id(row.message_sha256[:_MARK], site.hostname)
    header = [
        field("From", to_value(str(robot.address))),
        field("To", to_value(str(to))),
        field("Subject", letter.subject),
        field("Date", format_datetime(begun)),
        field("Message-ID", mark),
        *_in_thread(asked),
        field("Auto-Submitted", "auto-replied"),
        field("X-Auto-Response-Suppress", "All"),
        field(MARKER_FIELD, "answer"),
        field("MIME-Version", "1.0"),
        field("Content-Type", "text/plain; charset=utf-8"),
        field("Content-Transfer-Encoding", "quoted-printable"),
    ]
    return b"".join([*header, b"\r\n", encode_quoted_printable(text)])


def _in_thread(asked: Message) -> list[bytes]:
    """Only an identifier that looks like one: it is the one thing that goes back as it came."""
    named = message_id(asked) or ""
    if not _SAFE_ID.fullmatch(named):
        return []
    return [field("In-Reply-To", named), field("References", named)]


def _relayed(
    raw: bytes,
    to: EmailAddress,
    gathered: Gathered,
    decision: deciding.Send,
    robot: RobotRules,
    site: Site,
    at: datetime,
) -> Reply:
    envelope = Envelope(role=Role.OUTBOUND, sender=str(robot.address), recipients=(str(to),))
    try:
        message = parse_message(raw, limits=site.limits)
        outgoing = read_outgoing(envelope, message, organisation.get_rules(), site.limits)
        weighed = Weighed(
            envelope=envelope, outgoing=outgoing, gathered=gathered, decision=decision
        )
        number = journaling.outbound(envelope, outgoing, decision, at, actor=ACTOR)
        copies = outbound.protected_copies(weighed, decision, number, site)
        return deliver(envelope, message, transaction_key(envelope, raw), copies, site, at)
    except SiegelError as error:
        log.warning("answer not made code=%s", error.code)
        return TRY_LATER


def _silent(row: RobotMailRow, why: Silence, at: datetime) -> bool:
    robot_mail.end(row.id, RobotState.SILENT, why.value, at=at)
    about = "" if row.sender is None else str(row.sender)
    detail = {"reason": why.value}
    journal.write(at=at, actor=ACTOR, action=Action.ROBOT_SILENT, about=about, detail=detail)
    return False


def _folded(text: str) -> str:
    try:
        return str(EmailAddress.parse(text))
    except MalformedAddress:
        return ""
