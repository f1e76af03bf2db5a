"""Send mail to many: a few recipients at a time, each message signed, none encrypted.

Facts are gathered once for the recipients of a batch; the decision is made for each of them. What
the next hop took is recorded at once, so that only a kill between its 250 and that record can send
a message twice, with the same Message-ID.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.buffers import Buffer
from siegel.base.errors import SiegelError
from siegel.flows import bulk as many
from siegel.flows import bulk_merge, mailboxes, notices, outbox_filing, outbox_telling
from siegel.flows.bulk import Job, Text
from siegel.flows.candidates import Gathered, gather
from siegel.flows.identities import signing_identity
from siegel.flows.outbox_sending import GIVE_UP_AFTER, pause
from siegel.flows.outbox_weighing import PLANS, Parcel
from siegel.flows.outgoing_message import Outgoing, any_address, read_outgoing
from siegel.flows.points import Point
from siegel.flows.site import Site
from siegel.mime.parse import parse_message
from siegel.policy.actions import Action
from siegel.policy.outbound import Plain, Refuse, Send, Sign, decide
from siegel.policy.rules import OrganisationRules
from siegel.smime.protect import sign
from siegel.smime.sign import SigningIdentity
from siegel.store.bulk_rows import BulkItemRow, JobRow
from siegel.store.queries import bulk, organisation
from siegel.store.queries.bulk import BulkState
from siegel.store.queries.mail_folders import FolderRole
from siegel.store.transaction import together
from siegel.transport import trace
from siegel.transport.envelope import MailOptions
from siegel.transport.submission import NextHop
from siegel.wording.outbox_letters import bulk_letter

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=15)  # for a batch; one message may take five
MOST_TRIES = 36  # with the pauses between them five days
PROTECTION_LOST, NOT_REACHED = "protection_lost", "not_reached"
"""Why a job stopped by itself: its messages would leave with less than was promised; nobody took
them for days."""


@dataclass(slots=True)
class _Batch:
    """What the messages of one batch have in common."""

    job: JobRow
    text: Text
    rules: OrganisationRules
    hop: NextHop
    gathered: Gathered
    site: Site
    at: datetime
    identity: SigningIdentity | None = None


def send_some(site: Site, *, limit: int, at: datetime) -> int:
    """Send to at most ``limit`` recipients of the jobs that run; how many were dealt with."""
    done = 0
    for job in bulk.running():
        if done >= limit:
            break
        items = bulk.take(job.id, limit=limit - done, at=at, until=at + LEASE)
        if items:
            site.passes(Point.BULK_TAKEN)
            _send(job, items, site, at)
            done += len(items)
        _end_if_done(job, at)
    for job in bulk.unreported():
        _report(job, site, at)
    return done


def _send(job: JobRow, items: Sequence[BulkItemRow], site: Site, at: datetime) -> None:
    """Whatever goes wrong on our side, nobody is left out: the rest waits for its next try."""
    rest = list(items)
    try:
        batch = _batch(job, items, site, at)
        while rest:
            if not _send_one(rest[0], batch):
                bulk.put_back([each.id for each in rest], "", next_try_at=None)
                return
            rest.pop(0)
    except SiegelError as error:
        log.warning("mail to many not sent job=%s code=%s", job.id, error.code)
        tries, answer = rest[0].attempts, f"451 4.4.0 {error.code}"
        bulk.put_back([each.id for each in rest], answer, next_try_at=at + pause(tries))
        if tries >= MOST_TRIES:
            _stop(job, NOT_REACHED, at)


def _batch(job: JobRow, items: Sequence[BulkItemRow], site: Site, at: datetime) -> _Batch:
    text = many.text_of(job, site)
    rules = organisation.get_rules()
    first = _outgoing(job, text, items[0], rules, site)
    everybody = {each.address: any_address(each.address) for each in items}
    gathered = gather(replace(first, recipients=everybody), rules, at)
    hop = mailboxes.next_hop(job.account, site, at)
    return _Batch(job=job, text=text, rules=rules, hop=hop, gathered=gathered, site=site, at=at)


def _outgoing(
    job: JobRow, text: Text, item: BulkItemRow, rules: OrganisationRules, site: Site
) -> Outgoing:
    values = many.values_of(item, text, job.id, site)
    raw = bulk_merge.message(
        sender=job.sender,
        name=text.name,
        to=EmailAddress.parse(item.address),
        subject=bulk_merge.merged(text.subject, values),
        text=bulk_merge.merged(text.text, values),
        message_id=item.message_id,
        unsubscribe=text.unsubscribe,
        at=job.started_at or job.created_at,
    )
    parcel = Parcel(account=job.account, recipients=[item.address], raw=raw, waits=False)
    message = parse_message(raw, limits=site.limits)
    return read_outgoing(parcel.envelope, message, rules, site.limits)


def _send_one(item: BulkItemRow, batch: _Batch) -> bool:
    """False when the job has stopped by itself."""
    outgoing = _outgoing(batch.job, batch.text, item, batch.rules, batch.site)
    decision = decide(_facts(outgoing, item, batch).facts)
    if isinstance(decision, Refuse):
        reasons = ",".join(reason.value for reason in decision.reasons)
        bulk.failed_for_good(item.id, reasons, at=batch.at)
        return True
    name = "plain" if isinstance(decision.plan, Plain) else "sign"
    if PLANS.index(name) < PLANS.index(batch.job.plan):
        _stop(batch.job, PROTECTION_LOST, batch.at)
        return False
    _hand_over(item, _chunks(outgoing, decision, item, batch), batch)
    return True


def _facts(outgoing: Outgoing, item: BulkItemRow, batch: _Batch) -> Gathered:
    """The gathered facts as they are for one of the recipients."""
    gathered = batch.gathered
    address = any_address(item.address)
    facts = replace(
        gathered.facts,
        recipients=(address,),
        hidden=frozenset[EmailAddress](),
        rules=gathered.book.for_message(outgoing.sender, [address]),
        bulk=outgoing.bulk,
        wish=outgoing.wish,
        holds_private_key=outgoing.holds_private_key,
    )
    return replace(gathered, facts=facts)


def _chunks(outgoing: Outgoing, decision: Send, item: BulkItemRow, batch: _Batch) -> list[Buffer]:
    site, plan = batch.site, decision.plan
    envelope = Parcel(
        account=batch.job.account, recipients=[item.address], raw=b"", waits=False
    ).envelope
    received = trace.received_field(
        envelope,
        hostname=site.hostname,
        identifier=f"bulk-{batch.job.id}-{item.number}",
        at=batch.at,
    )
    if not isinstance(plan, Sign):
        return [received, outgoing.message.raw]
    if batch.identity is None:
        gathered = batch.gathered
        batch.identity = signing_identity(
            plan.signer, gathered.own_encryption, site.vault, gathered.trust, gathered.facts.rules
        )
    signed = sign(outgoing.message, [batch.identity], at=batch.at, rng=site.rng, limits=site.limits)
    return [received, *signed.chunks()]


def _hand_over(item: BulkItemRow, chunks: Sequence[Buffer], batch: _Batch) -> None:
    """Raises ``TransportFailure`` where the next hop says nothing."""
    site, at = batch.site, batch.at
    receipt = batch.hop.submit(
        str(batch.job.account), (item.address,), chunks, options=MailOptions()
    )
    site.passes(Point.BULK_SUBMITTED)
    refusal = receipt.refused.get(item.address)
    if refusal is None:
        bulk.sent(item.id, at=at)
        site.passes(Point.BULK_RECORDED)
        return
    answer = f"{refusal.code} {refusal.enhanced} {refusal.text}"
    over = at - (batch.job.started_at or at) >= GIVE_UP_AFTER
    if refusal.permanent or over:
        bulk.failed_for_good(item.id, answer, at=at)
    else:
        bulk.put_back([item.id], answer, next_try_at=at + pause(item.attempts))


def _stop(job: JobRow, problem: str, at: datetime) -> None:
    with together():
        to = BulkState.STOPPED
        if bulk.change(job.id, come_from=BulkState.RUNNING, to=to, problem=problem):
            many.note(_job(job.id), Action.BULK_STOPPED, by="system:bulk", at=at)


def _end_if_done(job: JobRow, at: datetime) -> None:
    if not bulk.is_done(job.id):
        return
    with together():
        if bulk.change(job.id, come_from=BulkState.RUNNING, to=BulkState.DONE, ended_at=at):
            many.note(_job(job.id), Action.BULK_DONE, by="system:bulk", at=at)


def _report(job: JobRow, site: Site, at: datetime) -> None:
    """Who started it finds the figures in the inbox, once."""
    figures = _job(job.id).figures
    language = outbox_telling.language_of(job.user, site, at)
    letter = bulk_letter(language, job.subject, sent=figures.sent, failed=figures.failed)
    message_id = f"<bulk-{job.id}-done@{site.hostname}>"
    raw = notices.written(
        site,
        outbox_telling.writer(site, job.account),
        job.account,
        letter.subject,
        letter.text,
        at,
        message_id,
    )
    outbox_filing.put(job.account, FolderRole.INBOX, message_id, raw, site, seen=False, at=at)
    bulk.note(job.id, reported_at=at)


def _job(id_: int) -> Job:
    return Job(row=bulk.get(id_), figures=bulk.figures([id_]).get(id_, many.NOBODY))
