"""Challenge mails: noticed when they come, judged when their order is worked on, answered once.

„Auf eine fremde Mail antwortet Siegel nie.“ Noticing only keeps the octets, and only while an
order is open for the account: the name server is asked by the worker, never while mail waits. The
answer is prepared and kept before it leaves; the same octets are handed over until they are taken,
so that after a kill nothing is answered twice (see ``flows.delivery``).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime

from siegel.base.address import EmailAddress
from siegel.base.buffers import Random
from siegel.base.errors import MalformedMessage, SiegelError, TransportFailure
from siegel.flows import delivery, mailboxes
from siegel.flows.acme_desk import AcmeDesk, AcmeStep
from siegel.flows.delivery import Copy
from siegel.mime import acme_challenge
from siegel.mime.acme_challenge import ChallengeMail
from siegel.mime.build import field
from siegel.mime.message import Message
from siegel.mime.parse import parse_message
from siegel.policy.acme import ChallengeFacts, MailRefusal, MailStanding, refusal
from siegel.policy.actions import Action
from siegel.store.acme_rows import AcmeMailRow, AcmeOrderRow
from siegel.store.queries import acme, deliveries, journal
from siegel.store.transaction import together
from siegel.transport.dkim_check import domain_signatures
from siegel.transport.envelope import Envelope, Role
from siegel.transport.header_fields import to_value

BY = "system:acme"  # who answers, in the journal


def notice(message: Message, accounts: Iterable[EmailAddress], *, at: datetime) -> None:
    """Called for every mail that comes; asks the store only for what calls itself a challenge."""
    if len(message.raw) > acme_challenge.MAX_SIZE:
        return
    if acme_challenge.calls_itself_challenge(message):
        acme.keep_mail(accounts, bytes(message.raw), at=at)


def standing_of(message: Message, account: EmailAddress) -> MailStanding | MailRefusal | None:
    """What became of a mail of the account, for whoever reads it; None: it is an ordinary one."""
    if not acme_challenge.calls_itself_challenge(message):
        return None
    refused = acme.refusal_of(account, bytes(message.raw))
    if refused:
        return MailRefusal(refused)
    try:
        if acme.token_seen(acme_challenge.read_challenge(message).token):
            return MailStanding.ANSWERED
    except MalformedMessage:
        return MailRefusal.MALFORMED
    return MailStanding.UNASKED if refused is None else MailStanding.WAITS


def answer_what_came(order: AcmeOrderRow, thumbprint: str, desk: AcmeDesk, *, at: datetime) -> bool:
    """Judge and answer what has come for the order; whether any mail of it is answered now.

    Raises ``TransportFailure`` where a name server or our next hop does not do its part.
    """
    for mail in acme.mails(order.id):
        if mail.judged_at is None:
            _judge(order, mail, thumbprint, desk, at)
    found = acme.mails(order.id)
    for mail in found:
        if mail.answer and mail.answered_at is None:
            _hand_over(order, mail, desk, at)
    return any(mail.answer or mail.answered_at for mail in found)


def _judge(
    order: AcmeOrderRow, mail: AcmeMailRow, thumbprint: str, desk: AcmeDesk, at: datetime
) -> None:
    against, challenge = _weighed(order, mail, desk)
    if challenge is None or against is not None:
        _refuse(order, mail, against or MailRefusal.MALFORMED, at)
        return
    digest = acme_challenge.key_authorization_digest(challenge.token, order.token, thumbprint)
    raw = _answer(order.address, challenge, digest, desk.site.hostname, desk.site.rng, at)
    with together():
        acme.prepare_answer(mail.id, challenge.token, raw, challenge.answer_to, at=at)
        journal.write(
            at=at,
            actor=BY,
            action=Action.CERTIFICATE_CHALLENGE_ANSWERED,
            about=str(order.address),
            message_id=challenge.message_id,
            recipients=[str(challenge.answer_to)],
            detail={"request": order.id},
        )
    desk.passes(AcmeStep.ANSWER_PREPARED)


def _weighed(
    order: AcmeOrderRow, mail: AcmeMailRow, desk: AcmeDesk
) -> tuple[MailRefusal | None, ChallengeMail | None]:
    """Whether the mail is genuine and for this order. The name server is asked last: only for
    what would be answered otherwise."""
    try:
        challenge = acme_challenge.read_challenge(parse_message(mail.raw))
        authority = EmailAddress.parse(order.authority)
    except SiegelError:
        return MailRefusal.MALFORMED, None
    facts = ChallengeFacts(
        sender=challenge.sender,
        recipients=challenge.recipients,
        asked_for=order.address,
        authority=authority,
        in_time=mail.received_at >= order.begun_at,
        token_seen=acme.token_seen(challenge.token),
        answers_before=sum(bool(each.answered_at) for each in acme.mails(order.id)),
        signatures=(),
    )
    against = refusal(facts)
    if against is MailRefusal.NOT_SIGNED:
        against = refusal(replace(facts, signatures=domain_signatures(mail.raw, desk.lookup)))
    return against, challenge


def _refuse(order: AcmeOrderRow, mail: AcmeMailRow, why: MailRefusal, at: datetime) -> None:
    with together():
        acme.refuse_mail(mail.id, why.value, at=at)
        journal.write(
            at=at,
            actor=BY,
            action=Action.CERTIFICATE_CHALLENGE_REFUSED,
            about=str(order.address),
            detail={"request": order.id, "why": why.value},
        )


def _answer(
    account: EmailAddress,
    challenge: ChallengeMail,
    digest: str,
    hostname: str,
    rng: Random,
    at: datetime,
) -> bytes:
    """RFC 8823 §3.2. No signature of ours around it: the authority reads text/plain, and the mail
    server proves our domain with DKIM."""
    if not str(account).isascii() or not str(challenge.answer_to).isascii():
        raise MalformedMessage("an address above ASCII")
    header = [
        field("From", to_value(str(account))),
        field("To", to_value(str(challenge.answer_to))),
        field("Subject", f"Re: ACME: {challenge.token}"),
        field("Date", format_datetime(at)),
        field("Message-ID", f"<{rng(16).hex()}@{hostname}>"),
        field("In-Reply-To", challenge.message_id),
        field("References", challenge.message_id),
        field("Auto-Submitted", "auto-replied"),
        field("MIME-Version", "1.0"),
        field("Content-Type", "text/plain; charset=us-ascii"),
        field("Content-Transfer-Encoding", "7bit"),
    ]
    return b"".join([*header, b"\r\n", acme_challenge.answer_text(digest)])


def _hand_over(order: AcmeOrderRow, mail: AcmeMailRow, desk: AcmeDesk, at: datetime) -> None:
    """To the next hop of the account, as its other mail. It is neither signed nor encrypted: what
    an authority is told stands in its certificate anyway."""
    envelope = Envelope(role=Role.OUTBOUND, sender=str(order.address), recipients=(mail.answer_to,))
    hop = mailboxes.next_hop(order.address, desk.site, at)
    there = replace(desk.site, hops={Role.OUTBOUND: hop})
    key = delivery.transaction_key(envelope, mail.answer)
    copies = [Copy(recipients=envelope.recipients, chunks=[mail.answer])]
    handed = delivery.hand_over(envelope, key, copies, there, at)
    if not handed.accepted:
        refused = next(iter(handed.refused.values()))
        raise TransportFailure(f"{refused.code} {refused.enhanced} {refused.text}")
    desk.passes(AcmeStep.ANSWER_TAKEN)
    with together():
        acme.answered(mail.id, at=at)
        deliveries.finish(key)
    desk.passes(AcmeStep.ANSWER_NOTED)
