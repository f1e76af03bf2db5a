"""Gather what the decision about one outgoing message needs: a fixed number of queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.cms.capabilities import parse_capabilities
from siegel.flows import ruling
from siegel.flows.copies import hidden
from siegel.flows.outgoing_message import Outgoing
from siegel.flows.trusting import trust_facts
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import Purpose
from siegel.policy import selection
from siegel.policy.outbound import OutboundFacts
from siegel.policy.reading import Announcement
from siegel.policy.rule_levels import RuleBook
from siegel.policy.rules import OrganisationRules
from siegel.policy.usability import Candidate, Usable
from siegel.policy.wish import Wish
from siegel.store.queries import candidates as candidate_store
from siegel.store.queries import capabilities as capability_store
from siegel.store.rows import CandidateRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The facts, the trust they were judged with, the sender's own encryption certificates, and
    where the rules came from."""

    facts: OutboundFacts
    trust: TrustFacts
    own_encryption: tuple[Usable, ...]
    book: RuleBook


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a message says about itself, or one that somebody is still writing. ``hidden``: the
    recipients that its header does not name."""

    sender: EmailAddress | None
    envelope_from: EmailAddress | None
    recipients: tuple[EmailAddress, ...]
    hidden: frozenset[EmailAddress] = frozenset()
    wish: Wish = Wish.NONE
    bulk: bool = False
    calendar: bool = False
    already_protected: bool = False
    already_encrypted: bool = False
    holds_private_key: bool = False


def gather(outgoing: Outgoing, rules: OrganisationRules, at: datetime) -> Gathered:
    """Candidates for the sender and for every recipient, each with its path verdict."""
    asked = Question(
        sender=outgoing.sender,
        envelope_from=outgoing.envelope_from,
        recipients=tuple(dict.fromkeys(outgoing.recipients.values())),
        hidden=hidden(outgoing.recipients.values(), outgoing.message),
        wish=outgoing.wish,
        bulk=outgoing.bulk,
        calendar=outgoing.calendar,
        already_protected=outgoing.already_protected,
        already_encrypted=outgoing.already_encrypted,
        holds_private_key=outgoing.holds_private_key,
    )
    return gather_for(asked, rules, at)


def gather_for(asked: Question, rules: OrganisationRules, at: datetime) -> Gathered:
    """As ``gather``, also for what is no message yet."""
    rows = candidate_store.outbound(
        sender=asked.sender, envelope_from=asked.envelope_from, recipients=asked.recipients
    )
    book = ruling.book(rules, asked.sender, rows.partners)
    known = (*rows.own, *(row for found in rows.partners.values() for row in found))
    trust = trust_facts((row.certificate for row in known), at)
    announced = _announced(known)
    facts = OutboundFacts(
        sender=asked.sender,
        sender_entitled=rows.entitled,
        recipients=asked.recipients,
        at=at,
        rules=book.for_message(asked.sender, rows.partners),
        rules_of={address: book.for_partner(address) for address in rows.partners},
        internal=rows.internal,
        hidden=asked.hidden,
        bulk=asked.bulk,
        calendar=asked.calendar,
        already_protected=asked.already_protected,
        already_encrypted=asked.already_encrypted,
        wish=asked.wish,
        holds_private_key=asked.holds_private_key,
        signing=judged(rows.own, trust, announced),
        encryption={a: judged(found, trust, announced) for a, found in rows.partners.items()},
    )
    own: tuple[Usable, ...] = ()
    if asked.sender is not None:
        own = selection.for_own_copy(facts.signing, asked.sender, at, facts.rules)
    return Gathered(facts=facts, trust=trust, own_encryption=own, book=book)


def _announced(rows: Iterable[CandidateRow]) -> Mapping[str, Announcement]:
    """What the owners of these keys said that they read, by key; one query for all."""
    latest = capability_store.latest({row.certificate.spki_sha256 for row in rows})
    parsed = ((spki, row, parse_capabilities(row.der)) for spki, row in latest.items())
    return {
        spki: Announcement(capabilities=capabilities, signed_at=row.signing_time)
        for spki, row, capabilities in parsed
        if capabilities is not None
    }


def judged(
    rows: Iterable[CandidateRow], trust: TrustFacts, announced: Mapping[str, Announcement]
) -> tuple[Candidate, ...]:
    """Rows of the store with the verdict on their paths."""
    return tuple(
        Candidate(
            certificate=row.certificate,
            path=trust.verdict(row.certificate, Purpose.ANY),
            has_private_key=row.has_private_key,
            has_account=row.has_account,
            linked_to=row.linked_to,
            pending=row.pending,
            change_unconfirmed=row.change_unconfirmed,
            last_seen_at=row.last_seen_at,
            announced=announced.get(row.certificate.spki_sha256),
            signs_until=row.signs_until,
        )
        for row in rows
    )
