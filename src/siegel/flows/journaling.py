"""What the journal keeps of a decision, and what the writer is told: never bodies or subjects."""

import logging
from collections.abc import Mapping
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import copies
from siegel.flows.outgoing_message import Outgoing
from siegel.mime.message import Message
from siegel.policy.actions import Action
from siegel.policy.inbound import InboundJudgement
from siegel.policy.outbound import OutboundDecision, Plain, Refuse, Send, Sign
from siegel.policy.reasons import Obstacle
from siegel.store.queries import journal
from siegel.transport import replies
from siegel.transport.envelope import Envelope, Role
from siegel.transport.replies import Reply
from siegel.wording.lookup import words
from siegel.wording.words import Language

log = logging.getLogger(__name__)
MAX_ID = 200  # characters of a Message-ID kept; longer ones are cut


def outbound(
    envelope: Envelope,
    outgoing: Outgoing,
    decision: OutboundDecision,
    at: datetime,
    actor: str = "gateway",
) -> int:
    """Write the decision down; the number identifies it for people."""
    plan = plan_name(decision)
    number = journal.write(
        at=at,
        actor=actor,
        action=Action(f"outbound.{plan}"),
        about=str(outgoing.sender or envelope.sender),
        message_id=message_id(outgoing.message),
        recipients=[str(a) for a in outgoing.recipients.values()],
        reasons=[reason.value for reason in decision.reasons],
        detail={
            "recipients": obstacles_by_recipient(decision.recipients),
            "sender": [obstacle.value for obstacle in against_signing(decision)],
            "copies": copies.as_json(copies.encrypted_copies(decision)),
        },
    )
    reasons = ",".join(decision.reasons)
    log.info("outbound decided plan=%s reasons=%s journal=%s", plan, reasons, number)
    return number


def inbound(
    envelope: Envelope,
    recipients: tuple[str, ...],
    message: Message,
    judgement: InboundJudgement,
    at: datetime,
) -> int:
    """Write the judgement down for the recipients whose reading it is."""
    number = journal.write(
        at=at,
        actor="gateway",
        action=Action(f"inbound.{judgement.summary.value}"),
        about=envelope.sender,
        message_id=message_id(message),
        recipients=recipients,
        reasons=[reason.value for reason in judgement.reasons],
        detail={"findings": [finding.value for finding in judgement.findings]},
    )
    reasons = ",".join(judgement.reasons)
    log.info("inbound judged summary=%s reasons=%s journal=%s", judgement.summary, reasons, number)
    return number


def refusal(role: Role, number: int, decision: Refuse, language: Language) -> Reply:
    """550 with the reasons of each recipient, in words, for the writer."""
    if decision.temporary:
        return replies.held_by_policy(role, str(number))
    lines: dict[str, list[str]] = {}
    general = [words(reason, language).sentence for reason in decision.reasons]
    lines["sender"] = [*general, *(words(o, language).sentence for o in against_signing(decision))]
    for address, obstacles in decision.recipients.items():
        lines[str(address)] = [words(obstacle, language).sentence for obstacle in obstacles]
    return replies.refused_by_policy(role, str(number), lines)


def against_signing(decision: OutboundDecision) -> tuple[Obstacle, ...]:
    """What keeps the sender's certificate from signing. That there is none is a reason already,
    worded for the owner; the obstacle's words are for partners."""
    return tuple(o for o in decision.sender if o is not Obstacle.NO_CERTIFICATE)


def plan_name(decision: OutboundDecision) -> str:
    if isinstance(decision, Send):
        if isinstance(decision.plan, Plain):
            return "plain"
        return "sign" if isinstance(decision.plan, Sign) else "sign_and_encrypt"
    return "refused"


def obstacles_by_recipient(
    recipients: Mapping[EmailAddress, tuple[Obstacle, ...]],
) -> dict[str, list[str]]:
    return {str(address): [o.value for o in found] for address, found in recipients.items()}


def message_id(message: Message) -> str:
    field = message.get("Message-ID")
    return field.value.strip()[:MAX_ID] if field else ""
