"""What happens to one outgoing message („Was passiert beim Senden …“).

Pure: facts in, decision out. Nothing here reads a store, a clock or a network. A plan that
encrypts without signing does not exist, so no rule has to forbid it; and nothing is ever sent in
clear that the organisation or its writer wants encrypted – it is refused, with the reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain
from types import MappingProxyType

from siegel.base.address import EmailAddress
from siegel.base.verdict import Verdict
from siegel.policy import selection
from siegel.policy.algorithms import EncryptedCopy, NoCommonCipher, Why, choose_algorithms
from siegel.policy.reasons import Obstacle, Reason
from siegel.policy.rules import CalendarRule, Mode, OrganisationRules
from siegel.policy.sharing import Known
from siegel.policy.usability import Candidate, Purpose, Usable
from siegel.policy.wish import Wish


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundFacts:
    """One message and its envelope, as gathered. ``recipients`` are all of this transaction, Bcc
    among them; ``sender`` is None when From names nobody, several, or what cannot be read.

    ``signing`` are the sender's own certificates of every use, ``encryption`` those known for each
    recipient. ``hidden`` are recipients that no other one is to see. ``already_encrypted`` says
    that the protection it came with includes encryption. ``rules`` are those of the mail as a
    whole, ``rules_of`` those of recipients that have others.
    """

    sender: EmailAddress | None
    sender_entitled: bool
    recipients: tuple[EmailAddress, ...]
    at: datetime
    rules: OrganisationRules
    internal: frozenset[EmailAddress] = frozenset()
    hidden: frozenset[EmailAddress] = frozenset()
    bulk: bool = False
    calendar: bool = False
    already_protected: bool = False
    already_encrypted: bool = False
    wish: Wish = Wish.NONE
    holds_private_key: bool = False
    may_send_keys: bool = False
    signing: tuple[Candidate, ...] = ()
    encryption: Mapping[EmailAddress, tuple[Candidate, ...]] = field(default_factory=dict)
    rules_of: Mapping[EmailAddress, OrganisationRules] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plain:
    """Leave the message as it is, octet for octet."""


@dataclass(frozen=True, slots=True)
class Sign:
    signer: Usable

    def __post_init__(self) -> None:
        _require(Purpose.SIGN, self.signer)


@dataclass(frozen=True, slots=True)
class SignAndEncrypt:
    """„Ein Einsatz ohne S/MIME-Signatur ist zwar technisch möglich, wird aber von cmxOrganize
    nicht erlaubt.“ The only plan that encrypts has a signer.

    Every recipient is in exactly one of the ``copies``.
    """

    signer: Usable
    copies: tuple[EncryptedCopy, ...]

    def __post_init__(self) -> None:
        _require(Purpose.SIGN, self.signer)
        for copy in self.copies:
            _require(Purpose.ENCRYPT, *copy.to_self, *chain.from_iterable(copy.recipients.values()))
        addresses = [address for copy in self.copies for address in copy.recipients]
        if len(addresses) != len(self.recipients):
            raise ValueError("a recipient of two encrypted copies")
        if not addresses or not all(self.recipients.values()):
            raise ValueError("an encrypted message has recipients, each with a certificate")

    @property
    def recipients(self) -> Mapping[EmailAddress, tuple[Usable, ...]]:
        return {a: found for copy in self.copies for a, found in copy.recipients.items()}


ProtectionPlan = Plain | Sign | SignAndEncrypt


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Verdict):
    """Send it like this. ``recipients`` names what keeps each one from being encrypted to (empty:
    nothing), ``sender`` what keeps the sender's certificate from signing."""

    plan: ProtectionPlan
    reasons: tuple[Reason, ...]
    recipients: Mapping[EmailAddress, tuple[Obstacle, ...]]
    sender: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(Verdict):
    """Do not send it at all. ``temporary``: trying the same again may help (never so by rule)."""

    reasons: tuple[Reason, ...]
    recipients: Mapping[EmailAddress, tuple[Obstacle, ...]]
    sender: tuple[Obstacle, ...] = ()
    temporary: bool = False


OutboundDecision = Send | Refuse


def decide(facts: OutboundFacts) -> OutboundDecision:
    if carries_a_private_key(facts):
        return _refuse(facts, Reason.PRIVATE_KEY_ATTACHED)
    if facts.already_protected:
        return _untouched(facts)
    why_unsigned = may_not_sign(facts)
    if why_unsigned is not None:
        return _unsigned(facts, why_unsigned)
    signer = fitting_certificate(facts)
    if signer is None:
        return _unsigned(facts, Reason.NO_FITTING_CERTIFICATE)
    return _signed(facts, signer)


def carries_a_private_key(facts: OutboundFacts) -> bool:
    """„ACHTUNG: Versenden Sie niemals den privaten Schlüssel!“"""
    named = facts.sender is not None and str(facts.sender) in facts.rules.private_key_senders
    return facts.holds_private_key and not (facts.may_send_keys or named)


def may_not_sign(facts: OutboundFacts) -> Reason | None:
    """Nobody signs in another's name: From is one address, and the writer may use it."""
    if facts.sender is None:
        return Reason.FROM_AMBIGUOUS
    return None if facts.sender_entitled else Reason.SENDER_NOT_ENTITLED


def fitting_certificate(facts: OutboundFacts) -> Usable | None:
    """„Wird in einer Konversation eine Absenderadresse verwendet, für welche ein passendes
    Zertifikat importiert wurde, wird an die E-Mail automatisch eine digitale Signatur angehangen.“
    """
    found = selected_for_signing(facts).usable
    return found[0] if found else None


def encryption_is_demanded(facts: OutboundFacts) -> tuple[Reason, ...]:
    """A rule about a recipient or the wish of the writer: encrypted, or not at all."""
    rule = any(must_be_encrypted_to(address, facts.rules) for address in facts.recipients)
    return (
        *((Reason.ENCRYPTION_REQUIRED,) if rule else ()),
        *((Reason.WISH_OF_THE_WRITER,) if facts.wish is Wish.ENCRYPT else ()),
    )


def must_be_encrypted_to(address: EmailAddress, rules: OrganisationRules) -> bool:
    """A domain means what lies below it, too: a rule too wide is noticed, one too narrow is not."""
    labels = address.domain.split(".")
    domains = {".".join(labels[start:]) for start in range(len(labels))}
    return str(address) in rules.must_encrypt_partners or bool(domains & rules.must_encrypt_domains)


def encryption_is_impossible(facts: OutboundFacts) -> Reason | None:
    """What no wish and no rule can overcome."""
    if goes_out_in_bulk(facts):
        return Reason.BULK_MAIL
    if not facts.recipients:
        return Reason.NO_RECIPIENT
    if recipients_without_certificate(facts):
        return Reason.RECIPIENT_WITHOUT_CERTIFICATE
    return None


def encryption_is_not_meant(facts: OutboundFacts) -> Reason | None:
    """Possible, but not of our own accord: it waits for a wish or a rule."""
    if facts.calendar and facts.rules.calendar is CalendarRule.SIGN:
        return Reason.CALENDAR_PART
    if stays_inside(facts):
        return Reason.INTERNAL_MAIL
    return Reason.ENCRYPTION_NOT_CHOSEN if facts.rules.mode is Mode.OFFERED else None


def goes_out_in_bulk(facts: OutboundFacts) -> bool:
    """„E-Mailverschlüsselung ist nicht für den Massenmailversand (Kommunikation, Mailversand über
    Report/Sammelabrechnung) verfügbar.“
    """
    return facts.bulk


def recipients_without_certificate(facts: OutboundFacts) -> tuple[EmailAddress, ...]:
    """„Zudem muss für jeden Adressat ein Zertifkat für dessen genaue E-Mailadresse vorliegen“ –
    for every one: without it nobody gets an encrypted copy while another gets a readable one.
    """
    return tuple(a for a, found in selected_for_encryption(facts).items() if not found.usable)


def stays_inside(facts: OutboundFacts) -> bool:
    """Every recipient has an account here."""
    return bool(facts.recipients) and facts.internal.issuperset(facts.recipients)


class EncryptionOffer(StrEnum):
    """What a writer is shown before sending."""

    IMPOSSIBLE = "impossible"
    OFFERED = "offered"
    AUTOMATIC = "automatic"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Verdict):
    """``decision`` is what happens without a further word, ``on_wish`` what happens on wish."""

    encryption: EncryptionOffer
    decision: OutboundDecision
    on_wish: OutboundDecision


def offer(facts: OutboundFacts) -> Offer:
    """„Wenn alle Voraussetzungen erfüllt ist, wird Ihnen die Verschlüsselung beim Schreiben der
    Mail angeboten oder automatisch aktiviert“
    """
    now, on_wish = decide(facts), decide(replace(facts, wish=Wish.ENCRYPT))
    if not encrypts(on_wish):
        state = EncryptionOffer.IMPOSSIBLE
    elif not encrypts(now):
        state = EncryptionOffer.OFFERED
    else:
        demanded = bool(encryption_is_demanded(facts))
        state = EncryptionOffer.REQUIRED if demanded else EncryptionOffer.AUTOMATIC
    return Offer(encryption=state, decision=now, on_wish=on_wish)


def encrypts(decision: OutboundDecision) -> bool:
    return isinstance(decision, Send) and isinstance(decision.plan, SignAndEncrypt)


def _untouched(facts: OutboundFacts) -> OutboundDecision:
    """What a mail program has protected stays as it is – unless it would leave readable."""
    demanded = () if facts.already_encrypted else encryption_is_demanded(facts)
    if demanded:
        return _refuse(facts, Reason.ALREADY_PROTECTED, *demanded)
    return _send(facts, Plain(), Reason.ALREADY_PROTECTED)


def _unsigned(facts: OutboundFacts, why: Reason) -> OutboundDecision:
    demanded = encryption_is_demanded(facts)
    if facts.wish is Wish.SIGN:
        demanded = (*demanded, Reason.WISH_OF_THE_WRITER)
    if demanded:
        return _refuse(facts, why, *demanded)
    return _send(facts, Plain(), why)


def _signed(facts: OutboundFacts, signer: Usable) -> OutboundDecision:
    demanded = encryption_is_demanded(facts)
    why_not = encryption_is_impossible(facts)
    if why_not is not None and demanded:
        return _refuse(facts, why_not, *demanded)
    if why_not is None and not demanded:
        why_not = encryption_is_not_meant(facts)
    if why_not is not None:
        return _send(facts, Sign(signer), why_not)
    copies = _copies(facts, signer)
    if isinstance(copies, NoCommonCipher):
        return _no_common_cipher(facts, copies, demanded)
    plan = SignAndEncrypt(signer, copies)
    return _send(facts, plan, Reason.EVERY_RECIPIENT_HAS_A_CERTIFICATE, *demanded)


def _copies(facts: OutboundFacts, signer: Usable) -> tuple[EncryptedCopy, ...] | NoCommonCipher:
    found = choose_algorithms(
        {address: found.usable for address, found in selected_for_encryption(facts).items()},
        selection.for_own_copy(facts.signing, signer.address, facts.at, facts.rules),
        Known(candidates=facts.encryption, hidden=facts.hidden, at=facts.at, rules=facts.rules),
    )
    return found if isinstance(found, NoCommonCipher) else tuple(map(_labelled, found))


def _labelled(copy: EncryptedCopy) -> EncryptedCopy:
    """Who gets it by way of a certificate that is not his own, but his organisation's."""
    through = tuple(
        address
        for address, found in copy.recipients.items()
        if any(address not in one.certificate.addresses for one in found)
    )
    label = (Why(Reason.ORGANISATION_CERTIFICATE, through),) if through else ()
    return replace(copy, why=(*copy.why, *label))


def _no_common_cipher(
    facts: OutboundFacts, found: NoCommonCipher, demanded: tuple[Reason, ...]
) -> Refuse:
    """Neither weaker than they read nor in clear: what their programs announced is no permission
    to send a mail open that would be encrypted otherwise."""
    refused = _refuse(facts, Reason.NO_COMMON_CIPHER, *demanded)
    against = dict.fromkeys(found.addresses, (Obstacle.NO_COMMON_CIPHER,))
    return replace(refused, recipients=MappingProxyType({**refused.recipients, **against}))


def _send(facts: OutboundFacts, plan: ProtectionPlan, *reasons: Reason) -> Send:
    return Send(plan=plan, reasons=reasons, recipients=_ready(facts), sender=_standing(facts))


def _refuse(facts: OutboundFacts, *reasons: Reason) -> Refuse:
    return Refuse(reasons=reasons, recipients=_ready(facts), sender=_standing(facts))


def _ready(facts: OutboundFacts) -> Mapping[EmailAddress, tuple[Obstacle, ...]]:
    return MappingProxyType(
        {a: found.obstacles for a, found in selected_for_encryption(facts).items()}
    )


def _standing(facts: OutboundFacts) -> tuple[Obstacle, ...]:
    return selected_for_signing(facts).obstacles if facts.sender is not None else ()


def selected_for_encryption(facts: OutboundFacts) -> dict[EmailAddress, selection.Selection]:
    """For every recipient the certificates to use, or what keeps the best one from it."""
    return {
        address: selection.for_encryption(
            facts.encryption.get(address, ()),
            address,
            facts.at,
            facts.rules_of.get(address, facts.rules),
        )
        for address in sorted(set(facts.recipients))
    }


def selected_for_signing(facts: OutboundFacts) -> selection.Selection:
    if facts.sender is None:
        return selection.Selection(usable=(), obstacles=())
    return selection.for_signing(facts.signing, facts.sender, facts.at, facts.rules)


def _require(purpose: Purpose, *certificates: Usable) -> None:
    if any(one.purpose is not purpose for one in certificates):
        raise ValueError(f"a certificate checked for another purpose than to {purpose}")
