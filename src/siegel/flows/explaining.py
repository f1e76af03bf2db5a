"""What would happen to a mail from X to Y, and why: the same facts and rules as for a real one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.limits import DEFAULT
from siegel.flows.candidates import gather
from siegel.flows.copies import as_json, encrypted_copies
from siegel.flows.journaling import against_signing, obstacles_by_recipient, plan_name
from siegel.flows.outgoing_message import read_outgoing
from siegel.mime.parse import parse_message
from siegel.policy.outbound import Offer, OutboundDecision, offer
from siegel.policy.reasons import Obstacle
from siegel.policy.rule_levels import RuleLayer
from siegel.policy.wish import Wish
from siegel.store.queries import organisation
from siegel.transport.envelope import Envelope, Role
from siegel.wording.encryption import said_of
from siegel.wording.lookup import words
from siegel.wording.words import Language, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The decision without a further word, and what a writer would be offered. ``layers`` are the
    rules of domains, partners and the account that had a say."""

    offer: Offer
    layers: tuple[RuleLayer, ...] = ()

    @property
    def decision(self) -> OutboundDecision:
        return self.offer.decision

    def to_json(self) -> dict[str, object]:
        return {
            "plan": plan_name(self.decision),
            "reasons": [reason.value for reason in self.decision.reasons],
            "encryption": self.offer.encryption.value,
            "sender": [obstacle.value for obstacle in self.decision.sender],
            "recipients": obstacles_by_recipient(self.decision.recipients),
            "copies": as_json(encrypted_copies(self.decision)),
            "levels": [
                {"level": one.level.value, "name": one.name, "rules": dict(one.values)}
                for one in self.layers
            ],
        }

    def lines(self, language: Language) -> list[str]:
        """In words: the plan and its reasons, every copy with its cipher and why, and each
        recipient with what keeps him from more."""
        decision = self.decision
        lines = [_PLANS[language][plan_name(decision)]]
        for reason in decision.reasons:
            said = words(reason, language)
            lines += [f"  {said.sentence}", *_next(said)]
        for obstacle in against_signing(decision):
            lines += _obstacle(obstacle, language)
        lines += [f"  {said_of(copy, language)}" for copy in encrypted_copies(decision)]
        for address, obstacles in decision.recipients.items():
            lines.append(f"{address}: {_READY[language] if not obstacles else ''}".rstrip())
            for obstacle in obstacles:
                lines += _obstacle(obstacle, language)
        return lines


def _obstacle(obstacle: Obstacle, language: Language) -> list[str]:
    said = words(obstacle, language)
    return [f"  {said.title}: {said.sentence}", *_next(said)]


def _next(said: Words) -> list[str]:
    return [f"    → {said.next_step}"] if said.next_step else []


_PLANS = {
    Language.DE: {
        "plain": "Die Nachricht geht ohne Schutz hinaus.",
        "sign": "Die Nachricht wird signiert.",
        "sign_and_encrypt": "Die Nachricht wird signiert und verschlüsselt.",
        "refused": "Die Nachricht wird nicht gesendet.",
    },
    Language.EN: {
        "plain": "The message goes out without protection.",
        "sign": "The message is signed.",
        "sign_and_encrypt": "The message is signed and encrypted.",
        "refused": "The message is not sent.",
    },
}
_READY = {Language.DE: "Verschlüsselung möglich", Language.EN: "encryption possible"}


def explain(sender: str, recipients: Sequence[str], wish: str, *, at: datetime) -> Explanation:
    """Raises ``MalformedAddress`` for what is no address."""
    for text in (sender, *recipients):
        EmailAddress.parse(text)
    envelope = Envelope(role=Role.OUTBOUND, sender=sender, recipients=tuple(recipients))
    raw = f"From: <{sender}>\r\nTo: {', '.join(f'<{r}>' for r in recipients)}\r\n\r\n".encode()
    rules = organisation.get_rules()
    outgoing = read_outgoing(envelope, parse_message(raw), rules, DEFAULT)
    gathered = gather(replace(outgoing, wish=Wish(wish)), rules, at)
    facts = gathered.facts
    layers = gathered.book.concerning(facts.sender, facts.recipients)
    return Explanation(offer=offer(facts), layers=layers)
