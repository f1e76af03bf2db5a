"""The writer's own copy of what has left: protected as it left, readable for the writer.

Signed mail is kept signed, encrypted mail encrypted to the writer's own certificates. The blind
recipients stand in it for the writer only: inside the protection where there is one.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from siegel.base.buffers import Buffer, joined
from siegel.cms.recipients import RecipientSpec
from siegel.flows.outbound import Weighed, signed_message
from siegel.flows.site import Site
from siegel.mime.build import field
from siegel.mime.fields import addresses
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from siegel.policy.algorithms import EncryptedCopy
from siegel.policy.outbound import Plain, ProtectionPlan, Refuse, Sign, SignAndEncrypt
from siegel.smime.layers import OpenedMessage
from siegel.smime.protect import encrypt
from siegel.smime.schemes import recipient_spec

BCC_FIELD = "Content-Bcc"
"""Among the fields of the content, so that it goes inside whatever protects it (RFC 2045 §9)."""


def sent_copy(weighed: Weighed, plan: str, blind: Iterable[str], site: Site) -> bytes | None:
    """As it left by ``plan``. None if the writer has no certificate to encrypt it to, or if what
    protected it is not there any more: then no copy may lie on a mail server."""
    named = ", ".join(blind)
    made = _plan(weighed, plan)
    if made is None:
        return None
    outer = [field("Bcc", named)] if named else []
    match made:
        case Plain():
            return joined([*outer, weighed.outgoing.message.raw])
        case Sign():
            message = _with_blind(weighed.outgoing.message, named, site)
            return joined([*outer, *signed_message(message, made, weighed.gathered, site).chunks()])
        case SignAndEncrypt():
            return _encrypted(weighed, made, named, site)
    assert_never(made)


def blind_recipients(opened: OpenedMessage) -> tuple[str, ...]:
    """Whom a copy names blind, as its writer is told: inside first, where nobody else could add
    anything; only for the writer's own copy, a stranger's means nothing."""
    inside = addresses(opened.payload, BCC_FIELD)
    found = inside or addresses(opened.message, "Bcc")
    return tuple(dict.fromkeys(str(each.address) for each in found if each.address is not None))


def _plan(weighed: Weighed, name: str) -> ProtectionPlan | None:
    """What is decided now may be more than what was done: the copy shows what was done."""
    decision = weighed.decision
    if isinstance(decision, Refuse):
        return None
    plan = decision.plan
    if name == "plain":
        return Plain()
    if name == "sign":
        return None if isinstance(plan, Plain) else Sign(plan.signer)
    return plan if isinstance(plan, SignAndEncrypt) else None


def _encrypted(weighed: Weighed, plan: SignAndEncrypt, named: str, site: Site) -> bytes | None:
    copy = next((each for each in plan.copies if each.to_self), None)
    if copy is None:
        return None
    message = _with_blind(weighed.outgoing.message, named, site)
    signed = signed_message(message, plan, weighed.gathered, site)
    chunks: list[Buffer] = encrypt(
        signed, _own(copy), cipher=copy.cipher, cek_hkdf=copy.cek_hkdf, rng=site.rng
    )
    return joined(chunks)


def _own(copy: EncryptedCopy) -> list[RecipientSpec]:
    return [
        recipient_spec(one.certificate, transport=copy.transports.get(one.certificate.fingerprint))
        for one in copy.to_self
    ]


def _with_blind(message: Message, named: str, site: Site) -> Message:
    if not named:
        return message
    limits = replace(site.limits, message_size=site.limits.message_size + len(named) + 1000)
    return parse_message(joined([field(BCC_FIELD, named), message.raw]), limits=limits)
