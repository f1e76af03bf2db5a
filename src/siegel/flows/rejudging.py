"""After trust has changed: kept mail is judged anew, and what waited for trust alone is linked.

What is due is derived from the decisions and lists that have no finished row of this work, and each
message is settled in one transaction with the place to go on at; so a kill loses nothing. A message
gets a new judgement only where the decision made the difference: with the trust before and the
trust of now, at one moment, the outcomes differ. Earlier judgements stay as they were.

Mail is not delivered again: the judgement and the journal say what is thought of it today.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.errors import Conflict, SiegelError
from siegel.flows import harvesting, journaling
from siegel.flows.inbound import Reading, are_ours, known_of, known_of_senders, read_for_all
from siegel.flows.reading import Desk
from siegel.flows.ruling import rules_for_mail_from
from siegel.flows.trust_changes import Cause, cause_of
from siegel.flows.trusting import facts_under
from siegel.mime.fields import from_addresses
from siegel.mime.parse import parse_message
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import PathVerdict, Purpose
from siegel.policy.actions import Action
from siegel.policy.harvest import link_after_decision
from siegel.policy.inbound import InboundJudgement
from siegel.policy.judging import Judged, judge_opened
from siegel.policy.message_state import state_of
from siegel.policy.rules import OrganisationRules
from siegel.policy.signers import Circumstances, KnownCertificate, by_fingerprint
from siegel.store.queries import (
    certificates,
    journal,
    judgements,
    mail_waiting,
    message_signers,
    messages,
    organisation,
    pending,
    rejudgements,
)
from siegel.store.queries.certificates import Source
from siegel.store.rows import (
    JudgementRow,
    PendingRow,
    RejudgementRow,
    StoredMessageRow,
)
from siegel.store.transaction import together

log = logging.getLogger(__name__)
ONE_RUN = 200  # messages; each is opened and judged, some hundred of them take seconds
_AT_ONCE = 50  # messages asked of the store at a time
_MOST_WAITING = 1000  # pending certificates below one root


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejudged:
    """Messages looked at and with a new judgement, certificates linked; whether more is due."""

    looked_at: int = 0
    changed: int = 0
    linked: int = 0
    more: bool = False

    def __add__(self, other: "Rejudged") -> "Rejudged":
        return Rejudged(
            looked_at=self.looked_at + other.looked_at,
            changed=self.changed + other.changed,
            linked=self.linked + other.linked,
            more=self.more or other.more,
        )


def judge_anew(
    desk: Desk,
    *,
    at: datetime,
    most: int = ONE_RUN,
    told: Callable[[int], None] = lambda _: None,
) -> Rejudged:
    """Work off what is due, ``most`` messages of it. ``told`` hears how many were looked at."""
    done = Rejudged()
    for row in rejudgements.due():
        if done.looked_at >= most:
            return replace(done, more=True)
        try:
            done += _work_off(row, desk, at, most - done.looked_at, told)
        except Conflict:  # the worker and a command met; one of them goes on
            return replace(done, more=True)
    return done


def _work_off(
    row: RejudgementRow, desk: Desk, at: datetime, most: int, told: Callable[[int], None]
) -> Rejudged:
    cause = cause_of(row, at)
    rules = organisation.get_rules()
    before = row
    while row.looked_at - before.looked_at < most:
        limit = min(_AT_ONCE, most - (row.looked_at - before.looked_at))
        found = message_signers.signed_under(
            cause.names, after=row.last_message, at=at, limit=limit
        )
        if not found:
            row = _finish(row, cause, rules, at)
            return _since(before, row, more=False)
        for number, message in found:
            row = _settle(row, number, message, cause, desk, rules, at)
            told(1)
    return _since(before, row, more=True)


def _since(before: RejudgementRow, row: RejudgementRow, *, more: bool) -> Rejudged:
    return Rejudged(
        looked_at=row.looked_at - before.looked_at,
        changed=row.changed - before.changed,
        linked=row.linked - before.linked,
        more=more,
    )


def _settle(
    row: RejudgementRow,
    number: int,
    message: StoredMessageRow,
    cause: Cause,
    desk: Desk,
    rules: OrganisationRules,
    at: datetime,
) -> RejudgementRow:
    """One message, and the place behind it."""
    readings = list(_readings(message, cause, desk, rules, at))
    with together():
        changed = sum(_judged_anew(message, *each, cause, at) for each in readings)
        row = replace(
            row,
            last_message=number,
            looked_at=row.looked_at + 1,
            changed=row.changed + bool(changed),
        )
        return rejudgements.save(row, at=at, finished=False)


def _readings(
    message: StoredMessageRow,
    cause: Cause,
    desk: Desk,
    rules: OrganisationRules,
    at: datetime,
) -> Iterator[tuple[Reading, InboundJudgement, Judged]]:
    """As each recipient may see it, judged with the trust before and now. What cannot be read does
    not keep the others back."""
    try:
        parsed = parse_message(messages.raw(message.sha256), limits=desk.limits)
        known = known_of_senders(parsed)
        for reading in read_for_all(message.recipients, parsed, known, desk):
            yield reading, *_twice(reading, known, cause, rules, at)
    except SiegelError as error:
        log.error("kept message cannot be judged anew sha256=%s: %s", message.sha256, error)


def _twice(
    reading: Reading,
    known: tuple[KnownCertificate, ...],
    cause: Cause,
    rules: OrganisationRules,
    at: datetime,
) -> tuple[InboundJudgement, Judged]:
    opened = reading.opened
    senders = from_addresses(opened.message)
    ours = are_ours(senders)
    rules = rules_for_mail_from(rules, senders)
    seen = (*opened.certificates, *(each.certificate for each in known))
    now = facts_under(cause.now, seen, at).with_more(cause.kept, ())
    then = now.under(cause.before.anchors(at))
    before = judge_opened(opened, then, rules, known, ours=ours).judgement
    return before, judge_opened(opened, now, rules, known, ours=ours)


def _judged_anew(
    message: StoredMessageRow,
    reading: Reading,
    before: InboundJudgement,
    judged: Judged,
    cause: Cause,
    at: datetime,
) -> bool:
    after = judged.judgement
    if (before.summary, before.reasons) == (after.summary, after.reasons):
        return False
    earlier = _earlier(message.sha256, reading.recipients)
    if earlier is not None and _says(earlier, after):
        return False
    harvesting.record(
        message.sha256, reading.recipients, reading.opened, judged, seen_at=message.received_at
    )
    mail_waiting.follow(message.sha256, reading.recipients, state_of(after))
    journal.write(
        at=at,
        actor=cause.who,
        action=Action.MESSAGE_JUDGED_ANEW,
        about=message.envelope_from,
        message_id=journaling.message_id(reading.opened.message),
        recipients=reading.recipients,
        reasons=[reason.value for reason in after.reasons],
        detail={
            "summary": after.summary.value,
            "before": earlier.summary if earlier is not None else "",
            "cause": cause.what,
            "fingerprints": [one.fingerprint for one in cause.about[:_NAMED]],
            "received_at": message.received_at.isoformat(),
        },
    )
    return True


_NAMED = 10  # certificates named as the cause of one new judgement; a whole list may have changed


def _earlier(sha256: str, recipients: tuple[str, ...]) -> JudgementRow | None:
    """The newest judgement of what these recipients saw."""
    for row in judgements.history(sha256):
        if set(recipients) <= set(row.verdicts.get("recipients", recipients)):
            return row
    return None


def _says(row: JudgementRow, judgement: InboundJudgement) -> bool:
    return (row.summary, row.reasons) == (judgement.summary.value, tuple(judgement.reasons))


def _finish(
    row: RejudgementRow, cause: Cause, rules: OrganisationRules, at: datetime
) -> RejudgementRow:
    """After the messages: certificates that waited for trust alone, and what leads to the root."""
    with together():
        linked = _link_waiting(cause, rules, at)
        return rejudgements.save(replace(row, linked=row.linked + linked), at=at, finished=True)


def _link_waiting(cause: Cause, rules: OrganisationRules, at: datetime) -> int:
    found = pending.issued_under(cause.names, limit=_MOST_WAITING)
    waiting = [row for row in found if row.only_trust]
    asked = [row.certificate for row in waiting]
    facts = facts_under(cause.now, asked, at).with_more(cause.kept, ())
    verdicts = facts.verdicts(asked, Purpose.ANY)
    linked = 0
    for row in waiting:
        item = link_after_decision(row.certificate, row.seen_at, _around(row, verdicts, rules, at))
        if item is None:
            continue
        harvesting.link(item, at=at, seen_at=row.seen_at)
        _keep_path(verdicts[row.fingerprint], cause.kept, at)
        linked += 1
    return linked


def _keep_path(path: PathVerdict, kept: Iterable[Certificate], at: datetime) -> None:
    """The authorities that the certificate needs come into use with it."""
    for one in kept:
        if one.fingerprint in path.path:
            certificates.add(one, source=Source.HARVESTED, by=harvesting.ACTOR, at=at)


def _around(
    row: PendingRow,
    verdicts: Mapping[str, PathVerdict],
    rules: OrganisationRules,
    at: datetime,
) -> Circumstances:
    """Read anew for each: the one before may have been of the same address."""
    return Circumstances(
        sender=row.address,
        sender_field=None,
        known=by_fingerprint(known_of((row.address,))),
        verdicts=verdicts,
        at=at,
        rules=rules_for_mail_from(rules, (row.address,)),
        ours=are_ours((row.address,)),
    )
