"""One incoming message: open it for those entitled, judge it, keep it, mark it, hand it over.

Eingehende Signaturen werden immer überprüft. A copy is opened only with keys of accounts that are
envelope recipients of this very copy: a ciphertext for one person, sent on to another, stays
closed for the other. What cannot be opened passes untouched; what is no message at all is refused.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedAddress, SiegelError
from siegel.base.keys import EmptyKeyring, Keyring
from siegel.base.limits import Limits
from siegel.flows import (
    acme_mail,
    evidence_store,
    harvesting,
    journaling,
    marks,
    own_mailboxes,
    robot,
)
from siegel.flows.delivery import Copy, deliver, transaction_key
from siegel.flows.evidence import Gathering
from siegel.flows.keyrings import entitled_keyrings
from siegel.flows.network import gathering
from siegel.flows.opened_mail import opened_content, opened_fields
from siegel.flows.points import Point
from siegel.flows.reading import Desk
from siegel.flows.ruling import rules_for_mail_from
from siegel.flows.site import Site
from siegel.flows.trusting import trust_facts
from siegel.mime.fields import from_addresses
from siegel.mime.message import Field, Message
from siegel.mime.parse import parse_header, parse_message
from siegel.policy.harvest import certificates_to_judge
from siegel.policy.inbound import CryptographicSummary, InboundJudgement
from siegel.policy.judging import Judged, judge_opened
from siegel.policy.rules import OrganisationRules
from siegel.policy.signers import KnownCertificate
from siegel.smime.layers import EncryptedLayer, Layer, OpenedMessage
from siegel.smime.open import open_message
from siegel.store.queries import accounts, candidates, organisation
from siegel.transport import replies, trace
from siegel.transport.envelope import Envelope
from siegel.transport.replies import Reply
from siegel.transport.subject_tags import with_tag

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The message as some of its recipients may see it."""

    recipients: tuple[str, ...]
    opened: OpenedMessage

    @property
    def was_opened(self) -> bool:
        return any(layer.opened for layer in self.opened.encrypted_layers)


def receive(envelope: Envelope, raw: bytes, site: Site, *, at: datetime) -> Reply:
    """Handle one transaction; the reply is 250 only when every copy was accepted."""
    site.passes(Point.RECEIVED)
    try:
        message = _read(raw, site.limits)
    except SiegelError as error:
        return replies.for_error(error)
    if trace.has_looped([field.raw for field in message.fields], site.hostname):
        return replies.LOOP
    acme_mail.notice(message, _recipients(envelope), at=at)
    rules = organisation.get_rules()
    known = known_of_senders(message)
    readings = read_for_all(envelope.recipients, message, known, site)
    work = gathering(site.network)
    judged = [judged_now(reading.opened, known, rules, at, work) for reading in readings]
    if work is not None:
        evidence_store.keep(work, at)
    site.passes(Point.DECIDED)
    here = own_mailboxes.behind(envelope.recipients)
    copies = [
        copy
        for reading, each in zip(readings, judged, strict=True)
        for copy in _copies(envelope, reading, each, here, rules, site, at)
    ]
    site.passes(Point.PROTECTED)
    return deliver(envelope, message, transaction_key(envelope, raw), copies, site, at)


def _read(raw: bytes, limits: Limits) -> Message:
    """What has too many parts for us is not bounced for that: it passes as a whole, unopened."""
    try:
        return parse_message(raw, limits=limits)
    except LimitExceeded:
        return parse_header(raw, limits=limits)


def _recipients(envelope: Envelope) -> Iterator[EmailAddress]:
    for text in envelope.recipients:
        with suppress(MalformedAddress):
            yield EmailAddress.parse(text)


def known_of_senders(message: Message) -> tuple[KnownCertificate, ...]:
    """What the store knows of the addresses in From, pending and rejected ones included."""
    return known_of(from_addresses(message))


def known_of(senders: Sequence[EmailAddress]) -> tuple[KnownCertificate, ...]:
    rows = candidates.for_addresses(senders)
    rejected = (
        KnownCertificate(certificate=certificate, rejected=True)
        for certificate in candidates.rejected(senders)
    )
    accepted = (
        KnownCertificate(
            certificate=row.certificate,
            pending=row.pending,
            bound=row.bound,
            last_seen_at=row.last_seen_at,
        )
        for found in rows.values()
        for row in found
    )
    return (*accepted, *rejected)


def judged_now(
    opened: OpenedMessage,
    known: Sequence[KnownCertificate],
    rules: OrganisationRules,
    at: datetime,
    work: Gathering | None = None,
) -> Judged:
    """With what is trusted now and the certificates that came along or are known.

    With ``work`` what is missing is fetched as long as its time lasts; then it stays unknown.
    """
    seen = (*opened.certificates, *(each.certificate for each in known))
    senders = from_addresses(opened.message)
    ours = are_ours(senders)
    rules = rules_for_mail_from(rules, senders)
    trust = trust_facts(seen, at)
    if work is not None:
        work.complete(
            certificates_to_judge(opened), trust.with_more(opened.certificates, opened.crls)
        )
        trust = work.added(trust)
    return judge_opened(opened, trust, rules, known, ours=ours)


def are_ours(senders: Sequence[EmailAddress]) -> bool:
    """Whether one of them belongs to an account here."""
    owners = accounts.known(senders)
    return any(owners.owner(sender) is not None for sender in senders)


def read_for_all(
    recipients: Sequence[str],
    message: Message,
    known: Sequence[KnownCertificate],
    desk: Desk,
) -> list[Reading]:
    """Each recipient sees what his own keys open; who sees the same shares a reading."""
    # „eingehende E-Mailsignaturen überprüfen“: also those that came without their certificate
    stored = [each.certificate for each in known if not (each.pending or each.rejected)]

    def read(keyring: Keyring) -> OpenedMessage:
        return open_message(message, keyring, certificates=stored, limits=desk.limits, rng=desk.rng)

    closed = read(EmptyKeyring())
    if not any(not layer.opened for layer in closed.encrypted_layers):
        return [Reading(recipients=tuple(recipients), opened=closed)]
    readings: list[Reading] = []
    shut: list[str] = []
    for recipient, keyring in entitled_keyrings(recipients, desk.vault):
        reading = Reading(recipients=(recipient,), opened=read(keyring))
        if reading.was_opened:
            _add(reading, readings)
        else:
            shut.append(recipient)
    if shut:
        readings.append(Reading(recipients=tuple(shut), opened=closed))
    return readings


def _add(reading: Reading, readings: list[Reading]) -> None:
    """Whoever opened the same text shares it: a mail to fifty of us lies in memory once."""
    for place, other in enumerate(readings):
        if _shows_the_same(reading.opened, other.opened):
            recipients = (*other.recipients, *reading.recipients)
            readings[place] = replace(other, recipients=recipients)
            return
    readings.append(reading)


def _shows_the_same(one: OpenedMessage, other: OpenedMessage) -> bool:
    """All but whose key it was."""
    same_layers = _nameless(one.layers) == _nameless(other.layers)
    return same_layers and bytes(one.payload.exact) == bytes(other.payload.exact)


def _nameless(layers: Sequence[Layer]) -> list[Layer]:
    return [
        replace(layer, recipients=()) if isinstance(layer, EncryptedLayer) else layer
        for layer in layers
    ]


def _copies(
    envelope: Envelope,
    reading: Reading,
    judged: Judged,
    here: Mapping[str, EmailAddress],
    rules: OrganisationRules,
    site: Site,
    at: datetime,
) -> Iterator[Copy]:
    """Write down what was seen, then put together what is delivered: by the next hop, and to
    mailboxes that lie here."""
    opened, judgement = reading.opened, judged.judgement
    number = journaling.inbound(envelope, reading.recipients, opened.message, judgement, at)
    tests = robot.recipients_of_robot(reading.recipients, site)
    filed = {each: here[each] for each in reading.recipients if each in here and each not in tests}
    if opened.layers or (filed and judgement.findings):
        seen_by = (*reading.recipients, *(str(account) for account in filed.values()))
        harvesting.keep(envelope, tuple(dict.fromkeys(seen_by)), opened, judged, site, at)
    if filed:
        mailboxes = own_mailboxes.Mailboxes(filed, opened, judged, site, at)
        yield Copy(recipients=tuple(filed), chunks=[opened.message.raw], taken_by=mailboxes)
    if tests:
        aside = robot.TakenAside(opened.message, site, at)
        yield Copy(recipients=tests, chunks=[opened.message.raw], taken_by=aside)
    others = tuple(each for each in reading.recipients if each not in {*filed, *tests})
    if others:
        for_others = replace(reading, recipients=others)
        yield _copy(envelope, for_others, judgement, number, rules, site, at)


def _copy(
    envelope: Envelope,
    reading: Reading,
    judgement: InboundJudgement,
    number: int,
    rules: OrganisationRules,
    site: Site,
    at: datetime,
) -> Copy:
    """What the next hop gets."""
    ours = [
        trace.received_field(envelope, hostname=site.hostname, identifier=str(number), at=at),
        *marks.result_fields(judgement, site.hostname, number),
    ]
    chunks = delivered(reading, judgement, rules, site)
    return Copy(recipients=reading.recipients, chunks=[*ours, *chunks], opened=reading.was_opened)


def delivered(
    reading: Reading, judgement: InboundJudgement, rules: OrganisationRules, site: Site
) -> list[Buffer]:
    """Signed or unprotected: the very octets that came. Opened: the payload under the outer fields.

    Field names that only we may write are taken out in both cases. What cannot be put together
    within the limits stays closed: the reader loses nothing that came.
    """
    opened = reading.opened
    if reading.was_opened:
        try:
            return _opened(opened, judgement, rules, site)
        except LimitExceeded as error:
            log.warning("opened mail stays closed: %s", error.code)
    return [*_clean(opened.message.fields, site), b"\r\n", opened.message.root.body]


def _opened(
    opened: OpenedMessage, judgement: InboundJudgement, rules: OrganisationRules, site: Site
) -> list[Buffer]:
    counts = judgement.summary in (CryptographicSummary.VERIFIED, CryptographicSummary.CONFIDENTIAL)
    fields = _clean(opened_fields(opened, authenticated=counts), site)
    if rules.subject_tag:
        by_organisation = judgement.by_organisation
        tag = marks.tag(judgement.summary, site.language, by_organisation=by_organisation)
        fields = with_tag(fields, tag)
    return [*fields, *opened_content(opened, site, authenticated=counts)]


def _clean(fields: Sequence[Field], site: Site) -> tuple[bytes, ...]:
    raw = [field.raw for field in fields]
    return trace.strip_inbound(raw, authserv_id=site.hostname, tags=marks.all_tags())
