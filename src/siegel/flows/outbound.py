"""One outgoing message: gather facts, decide, protect, hand over („Was passiert beim Senden …“).

Fail closed: once the plan says sign or encrypt, no trouble of ours sends a plain copy – the
answer is "try again later". What a mail program has protected already passes octet for octet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from siegel.base.buffers import Buffer
from siegel.base.errors import SiegelError
from siegel.flows import journaling
from siegel.flows.candidates import Gathered, gather
from siegel.flows.copies import audiences
from siegel.flows.delivery import Copy, deliver, transaction_key
from siegel.flows.identities import signing_identity
from siegel.flows.outgoing_message import Outgoing, read_outgoing
from siegel.flows.points import Point
from siegel.flows.site import Site
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from siegel.policy.algorithms import EncryptedCopy
from siegel.policy.outbound import (
    OutboundDecision,
    Plain,
    Refuse,
    Send,
    Sign,
    SignAndEncrypt,
    decide,
)
from siegel.policy.rules import OrganisationRules
from siegel.policy.wanting import worth_looking_for
from siegel.smime.protect import SignedMessage, encrypt, sign
from siegel.smime.schemes import recipient_spec
from siegel.store.queries import lookups, organisation
from siegel.transport import replies, trace
from siegel.transport.envelope import Envelope
from siegel.transport.replies import Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One message with the facts about it and the decision that follows from them."""

    envelope: Envelope
    outgoing: Outgoing
    gathered: Gathered
    decision: OutboundDecision


def relay(envelope: Envelope, raw: bytes, site: Site, *, at: datetime) -> Reply:
    """Handle one transaction; the reply is 250 only when every copy was accepted."""
    site.passes(Point.RECEIVED)
    rules = organisation.get_rules()
    try:
        message = parse_message(raw, limits=site.limits)
        outgoing = read_outgoing(envelope, message, rules, site.limits)
    except SiegelError as error:
        return replies.for_error(error)
    if trace.has_looped([field.raw for field in message.fields], site.hostname):
        return replies.LOOP
    weighed = weigh(envelope, outgoing, rules, at=at)
    site.passes(Point.DECIDED)
    decision = weighed.decision
    number = journaling.outbound(envelope, outgoing, decision, at)
    # asked for by the worker: this mail does not wait, the next one may be encrypted
    lookups.want(worth_looking_for(weighed.gathered.facts), by="gateway", at=at)
    if isinstance(decision, Refuse):
        return journaling.refusal(envelope.role, number, decision, site.language)
    copies = protected_copies(weighed, decision, number, site)
    site.passes(Point.PROTECTED)
    return deliver(envelope, message, transaction_key(envelope, raw), copies, site, at)


def weigh(
    envelope: Envelope, outgoing: Outgoing, rules: OrganisationRules, *, at: datetime
) -> Weighed:
    """Gather and decide."""
    gathered = gather(outgoing, rules, at)
    return Weighed(
        envelope=envelope, outgoing=outgoing, gathered=gathered, decision=decide(gathered.facts)
    )


def protected_copies(weighed: Weighed, decision: Send, number: int, site: Site) -> Iterable[Copy]:
    """Signed at once, encrypted one after the other as they are handed over: of many blind copies
    only one lies in memory."""
    envelope, outgoing, gathered = weighed.envelope, weighed.outgoing, weighed.gathered
    received = trace.received_field(
        envelope, hostname=site.hostname, identifier=str(number), at=gathered.facts.at
    )
    plan = decision.plan
    match plan:
        case Plain():
            chunks: list[Buffer] = [received, outgoing.message.raw]
            return [Copy(recipients=envelope.recipients, chunks=chunks)]
        case Sign():
            signed = signed_message(outgoing.message, plan, gathered, site)
            return [Copy(recipients=envelope.recipients, chunks=[received, *signed.chunks()])]
        case SignAndEncrypt():
            signed = signed_message(outgoing.message, plan, gathered, site)
            return (
                Copy(
                    recipients=audience,
                    chunks=[received, *_encrypted(signed, copy, site)],
                    encrypted=True,
                )
                for copy, audience in audiences(plan.copies, outgoing.recipients)
            )
    assert_never(plan)


def signed_message(
    message: Message, plan: Sign | SignAndEncrypt, gathered: Gathered, site: Site
) -> SignedMessage:
    """The message signed as the plan says."""
    facts = gathered.facts
    identity = signing_identity(
        plan.signer, gathered.own_encryption, site.vault, gathered.trust, facts.rules
    )
    return sign(message, [identity], at=facts.at, rng=site.rng, limits=site.limits)


def _encrypted(signed: SignedMessage, copy: EncryptedCopy, site: Site) -> list[Buffer]:
    """One copy: to all certificates of its readers and to the sender's own."""
    specs = [
        recipient_spec(certificate, transport=copy.transports.get(certificate.fingerprint))
        for certificate in copy.certificates
    ]
    return encrypt(signed, specs, cipher=copy.cipher, cek_hkdf=copy.cek_hkdf, rng=site.rng)
