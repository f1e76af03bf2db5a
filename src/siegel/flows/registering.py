"""A partner hands in a certificate on a page: what came is looked at, and nothing is believed.

The link was mailed to the address, so whoever has it may propose for this address and no other.
Whether the certificate is used is a question of trust, as with mail: one of a trusted authority is
used at once, any other waits for a person. Private keys are refused before anything is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.errors import SiegelError
from siegel.flows import harvesting, unknown_roots
from siegel.flows.inbound import are_ours, known_of
from siegel.flows.invitations_of_partners import hash_of
from siegel.flows.ruling import rules_for_mail_from
from siegel.flows.trusting import trust_facts
from siegel.pki.bundle import parse_certificates
from siegel.pki.certificate import Certificate
from siegel.pki.keyguard import contains_private_key
from siegel.pki.verdict import PathVerdict, Purpose
from siegel.policy import harvest
from siegel.policy.actions import Action
from siegel.policy.harvest import HarvestItem, HarvestState
from siegel.policy.signers import Circumstances, by_fingerprint
from siegel.store.entry_rows import PartnerInvitationRow
from siegel.store.queries import (
    certificates,
    journal,
    organisation,
    partner_invitations,
    pending,
)
from siegel.store.queries.certificates import Source
from siegel.store.transaction import together

LARGEST = 256 * 1024  # octets; a certificate with its chain takes 10,000
MOST_CERTIFICATES = 50  # of one file
MOST_TRIES = 20  # uploads by one link; people need three


class HandedIn(StrEnum):
    """What became of a file."""

    TAKEN = "taken"
    WAITS = "waits"
    KNOWN = "known"
    PRIVATE_KEY = "private_key"
    NO_CERTIFICATE = "no_certificate"
    OTHER_ADDRESS = "other_address"
    OVER = "over"
    NOT_FOR_ENCRYPTION = "not_for_encryption"
    TOO_LARGE = "too_large"
    LINK_OVER = "link_over"

    @property
    def is_good(self) -> bool:
        return self in (HandedIn.TAKEN, HandedIn.WAITS, HandedIn.KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """``certificate``: the one that the outcome is about, if there was one."""

    outcome: HandedIn
    certificate: Certificate | None = None


def hand_in(token: str, data: bytes, *, at: datetime) -> Registered:
    """One file by one link. The link is used up when the certificate is taken or waits."""
    found = partner_invitations.find(hash_of(token), at=at)
    if found is None or not partner_invitations.try_once(found.id, most=MOST_TRIES):
        return Registered(outcome=HandedIn.LINK_OVER)
    if len(data) > LARGEST:
        return Registered(outcome=HandedIn.TOO_LARGE)
    if contains_private_key(data):
        return Registered(outcome=HandedIn.PRIVATE_KEY)
    try:
        given = parse_certificates(data)[:MOST_CERTIFICATES]
    except SiegelError:
        return Registered(outcome=HandedIn.NO_CERTIFICATE)
    return _best(given, found, at)


def _best(given: tuple[Certificate, ...], found: PartnerInvitationRow, at: datetime) -> Registered:
    """Of several that fit, the newest; what stands against all of them is told else."""
    leaves = [one for one in given if not one.is_ca]
    if not leaves:
        return Registered(outcome=HandedIn.NO_CERTIFICATE)
    named = [one for one in leaves if found.address in one.addresses]
    if not named:
        return Registered(outcome=HandedIn.OTHER_ADDRESS)
    in_time = [one for one in named if one.not_before <= at <= one.not_after]
    if not in_time:
        return Registered(outcome=HandedIn.OVER, certificate=named[0])
    fitting = [one for one in in_time if one.may_encrypt]
    if not fitting:
        return Registered(outcome=HandedIn.NOT_FOR_ENCRYPTION, certificate=in_time[0])
    newest = max(fitting, key=lambda one: one.not_before)
    return _registered(newest, given, found, at)


def _registered(
    certificate: Certificate,
    beside: tuple[Certificate, ...],
    found: PartnerInvitationRow,
    at: datetime,
) -> Registered:
    trust = trust_facts((certificate,), at).with_more(beside, ())
    verdicts = trust.verdicts((certificate,), Purpose.ANY)
    item = harvest.handed_in(certificate, _around(found.address, verdicts, at))
    with together():
        if not partner_invitations.use(found.id, certificate.fingerprint, at=at):
            return Registered(outcome=HandedIn.LINK_OVER)
        outcome = HandedIn.KNOWN if item is None else _keep(item, verdicts, beside, at)
        unknown_roots.note_imported((certificate,), trust)
        if outcome is not HandedIn.TAKEN:  # else the journal has it already
            about, detail = str(found.address), {"fingerprint": certificate.fingerprint}
            action = Action.PARTNER_HANDED_IN
            journal.write(at=at, actor=about, action=action, about=about, detail=detail)
    return Registered(outcome=outcome, certificate=certificate)


def _around(
    address: EmailAddress, verdicts: Mapping[str, PathVerdict], at: datetime
) -> Circumstances:
    return Circumstances(
        sender=address,
        sender_field=None,
        known=by_fingerprint(known_of([address])),
        verdicts=verdicts,
        at=at,
        rules=rules_for_mail_from(organisation.get_rules(), [address]),
        ours=are_ours([address]),
    )


def _keep(
    item: HarvestItem,
    verdicts: Mapping[str, PathVerdict],
    beside: tuple[Certificate, ...],
    at: datetime,
) -> HandedIn:
    """With the authorities between it and a trusted root: the next message comes without them."""
    if item.state is HarvestState.PENDING:
        pending.add_pending(
            item.certificate,
            item.address,
            reasons=[finding.value for finding in verdicts[item.certificate.fingerprint].findings],
            at=at,
            only_trust=item.only_trust,
            source=Source.HANDED_IN,
        )
        return HandedIn.WAITS
    by = str(item.address)
    harvesting.link(
        item, at=at, seen_at=None, source=Source.HANDED_IN, by=by, found=Action.PARTNER_HANDED_IN
    )
    path = verdicts[item.certificate.fingerprint].path
    for one in beside:
        if one.is_ca and one.fingerprint in path:
            certificates.add(one, source=Source.HANDED_IN, by=by, at=at)
    return HandedIn.TAKEN
