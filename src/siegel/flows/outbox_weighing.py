"""What may become of an accepted message now: the gateway's own decision, and the least that the
writer was promised when it was accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import journaling, outbound
from siegel.flows.outbound import Weighed
from siegel.flows.outgoing_message import read_outgoing
from siegel.flows.site import Site
from siegel.mime.parse import parse_message
from siegel.policy.outbound import OutboundDecision, Refuse, Send, encryption_is_demanded
from siegel.policy.reasons import Reason
from siegel.policy.wish import Wish
from siegel.store.queries import organisation
from siegel.transport.envelope import Envelope, Role

PLANS = ("", "plain", "sign", "sign_and_encrypt")
"""The names of plans, the least protection first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is to be sent: for whom, from which account, and whether it waits until it can be
    encrypted."""

    account: EmailAddress
    recipients: Sequence[str]
    raw: bytes
    waits: bool

    @property
    def envelope(self) -> Envelope:
        return Envelope(
            role=Role.OUTBOUND, sender=str(self.account), recipients=tuple(self.recipients)
        )


def weighed(parcel: Parcel, site: Site, *, at: datetime) -> Weighed:
    """Raises what ``parse_message`` raises. To wait for encryption is to wish it."""
    rules = organisation.get_rules()
    message = parse_message(parcel.raw, limits=site.limits)
    outgoing = read_outgoing(parcel.envelope, message, rules, site.limits)
    if parcel.waits:
        outgoing = replace(outgoing, wish=Wish.ENCRYPT)
    return outbound.weigh(parcel.envelope, outgoing, rules, at=at)


def may_leave(decision: OutboundDecision, least: str) -> Send | None:
    """The decision, if it is to send with at least the protection that was promised."""
    if isinstance(decision, Refuse):
        return None
    enough = PLANS.index(journaling.plan_name(decision)) >= PLANS.index(least)
    return decision if enough else None


def least_of(found: Weighed) -> str:
    """The least protection from now on. What is held for its encryption never leaves without it,
    even when the rule that held it is gone: then its writer decides anew."""
    decision, facts = found.decision, found.gathered.facts
    if isinstance(decision, Send):
        return journaling.plan_name(decision)
    if encryption_is_demanded(facts) or Reason.NO_COMMON_CIPHER in decision.reasons:
        return "sign_and_encrypt"
    return "sign" if facts.wish is Wish.SIGN else ""


def obstacles(decision: OutboundDecision) -> Mapping[str, tuple[str, ...]]:
    """By recipient; what keeps the sender's certificate from signing, under the empty name."""
    found = {
        str(address): tuple(each.value for each in many)
        for address, many in decision.recipients.items()
        if many
    }
    own = tuple(each.value for each in journaling.against_signing(decision))
    return {**found, "": own} if own else found
