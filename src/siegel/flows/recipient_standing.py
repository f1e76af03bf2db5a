"""Beside each recipient, while somebody writes: can it be encrypted to, and if not, why.

The facts and the decision are the gateway's own (``candidates.gather_for``, ``outbound.decide``
and ``offer``); nothing about mail is decided here. A fixed number of queries.
"""

from dataclasses import dataclass
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows.candidates import Gathered, Question, gather_for
from siegel.pki.certificate import Certificate
from siegel.pki.verdict import Purpose
from siegel.policy import outbound
from siegel.policy.bulk import is_bulk
from siegel.policy.next_steps import Step, step_for
from siegel.policy.outbound import EncryptionOffer, OutboundDecision, Plain, Send
from siegel.policy.reasons import Obstacle
from siegel.policy.rules import OrganisationRules
from siegel.policy.selection import Selection
from siegel.policy.unknown_roots import chains_of, ends_nowhere
from siegel.policy.wanting import worth_looking_for
from siegel.policy.wish import PROTECT_FIELD, Wish, wish_of_the_writer
from siegel.store.queries import organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A mail as far as it is written. ``account``: who hands it over (MAIL FROM)."""

    account: EmailAddress
    sender: EmailAddress
    to: tuple[EmailAddress, ...] = ()
    cc: tuple[EmailAddress, ...] = ()
    bcc: tuple[EmailAddress, ...] = ()
    subject: str = ""
    wish: Wish = Wish.NONE
    calendar: bool = False
    holds_private_key: bool = False

    @property
    def everybody(self) -> tuple[EmailAddress, ...]:
        return tuple(dict.fromkeys((*self.to, *self.cc, *self.bcc)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientStanding:
    """One recipient. ``obstacle``: what explains most, None when ready. ``at``: until when the
    certificate is valid, or since or from when it is not. ``certificate``: the one this is about.
    ``root``: the mark of the unknown root in the trust centre. ``demanded``: a rule lets nothing
    but encrypted mail go there."""

    address: EmailAddress
    obstacle: Obstacle | None
    step: Step | None
    at: datetime | None
    certificate: str | None
    root: str | None
    demanded: bool

    @property
    def ready(self) -> bool:
        return self.obstacle is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """``decision`` is what happens to the mail as it is asked for, ``encryption`` what is possible
    beside that. ``signer``: the certificate that fits the sender. ``wanted``: whose certificates a
    rule lets the worker look for."""

    recipients: tuple[RecipientStanding, ...]
    decision: OutboundDecision
    encryption: EncryptionOffer
    sender: EmailAddress
    signer: str | None
    wanted: tuple[EmailAddress, ...] = ()

    @property
    def signed(self) -> bool:
        return isinstance(self.decision, Send) and not isinstance(self.decision.plan, Plain)

    @property
    def encrypted(self) -> bool:
        return outbound.encrypts(self.decision)

    @property
    def held(self) -> bool:
        """It would not leave like this."""
        return not isinstance(self.decision, Send)

    @property
    def ready(self) -> int:
        return sum(each.ready for each in self.recipients)

    @property
    def demanded(self) -> bool:
        return any(each.demanded for each in self.recipients)

    @property
    def may_sign(self) -> bool:
        """Encryption is a question at all; nothing is encrypted that is not signed."""
        return self.signer is not None


def standings(asking: Asking, *, at: datetime) -> Standings:
    rules = organisation.get_rules()
    gathered = gather_for(_question(asking, rules), rules, at)
    offer = outbound.offer(gathered.facts)
    signer = outbound.fitting_certificate(gathered.facts)
    selected = outbound.selected_for_encryption(gathered.facts)
    return Standings(
        recipients=tuple(
            _standing(address, selected[address], offer.on_wish, gathered)
            for address in asking.everybody
        ),
        decision=offer.decision,
        encryption=offer.encryption,
        sender=asking.sender,
        signer=signer.certificate.fingerprint if signer is not None else None,
        wanted=worth_looking_for(gathered.facts),
    )


def _question(asking: Asking, rules: OrganisationRules) -> Question:
    pairs = [("Subject", asking.subject)]
    if asking.wish is not Wish.NONE:
        pairs.append((PROTECT_FIELD, asking.wish.value))
    everybody = asking.everybody
    return Question(
        sender=asking.sender,
        envelope_from=asking.account,
        recipients=everybody,
        hidden=frozenset(everybody) - {*asking.to, *asking.cc},
        wish=wish_of_the_writer(pairs, rules.subject_word).wish,
        bulk=is_bulk((), asking.sender, len(everybody), rules),
        calendar=asking.calendar,
        holds_private_key=asking.holds_private_key,
    )


def _standing(
    address: EmailAddress, found: Selection, on_wish: OutboundDecision, gathered: Gathered
) -> RecipientStanding:
    against = on_wish.recipients.get(address, found.obstacles)
    obstacle = against[0] if against else None
    certificate = _certificate_of(found)
    return RecipientStanding(
        address=address,
        obstacle=obstacle,
        step=step_for(obstacle) if obstacle is not None else None,
        at=_moment_of(obstacle, certificate, gathered.facts.at),
        certificate=certificate.fingerprint if certificate is not None else None,
        root=_root_of(certificate, gathered) if obstacle is Obstacle.NOT_TRUSTED else None,
        demanded=outbound.must_be_encrypted_to(address, gathered.facts.rules),
    )


def _certificate_of(found: Selection) -> Certificate | None:
    if found.usable:
        return max((one.certificate for one in found.usable), key=lambda one: one.not_after)
    return found.nearest.certificate if found.nearest is not None else None


def _moment_of(
    obstacle: Obstacle | None, certificate: Certificate | None, now: datetime
) -> datetime | None:
    if certificate is None:
        return None
    if obstacle is Obstacle.NOT_YET_VALID:
        return certificate.not_before
    if obstacle is None:
        return certificate.not_after
    expired = obstacle is Obstacle.EXPIRED and certificate.not_after < now
    return certificate.not_after if expired else None


def _root_of(certificate: Certificate | None, gathered: Gathered) -> str | None:
    """Where the chain ends that nobody judged; None where no comparing would help."""
    trust = gathered.trust
    if certificate is None or not ends_nowhere(trust.verdict(certificate, Purpose.ANY)):
        return None
    return next((chain.top.mark for chain in chains_of([certificate], trust)), None)
