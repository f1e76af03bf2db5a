"""Certificates over ACME (RFC 8555, RFC 8823): where an order stands, what ended it, and which
challenge mail is answered.

„Auf eine fremde Mail antwortet Siegel nie: Die Mail muss von der Zertifizierungsstelle stammen, an
die dieses Konto gerade einen Antrag gestellt hat.“
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from siegel.base.address import EmailAddress

MAIL_WITHIN = timedelta(hours=24)  # S/MIME BR §3.2.2.2: what a random value is good for


class AcmeReason(StrEnum):
    """Why an order waits, or why it ended without a certificate; each has words of its own."""

    # it waits
    TO_BE_PLACED = "to_be_placed"
    AWAITING_MAIL = "awaiting_mail"
    MAIL_ANSWERED = "mail_answered"
    BEING_ISSUED = "being_issued"
    RATE_LIMITED = "rate_limited"
    NOT_REACHED = "not_reached"
    SERVER_TROUBLE = "server_trouble"
    ANSWER_NOT_SENT = "answer_not_sent"
    KEY_NOT_FOUND_NOW = "key_not_found_now"  # the name server does not answer
    # it has ended
    NOT_CONFIGURED = "not_configured"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"  # of the server, by the guard of fetches
    TERMS_NOT_AGREED = "terms_not_agreed"
    ACCOUNT_BINDING_NEEDED = "account_binding_needed"
    ACCOUNT_REFUSED = "account_refused"
    IDENTIFIER_REFUSED = "identifier_refused"
    NO_EMAIL_CHALLENGE = "no_email_challenge"
    NO_MAIL_CAME = "no_mail_came"
    CHALLENGE_FAILED = "challenge_failed"
    REQUEST_REFUSED = "request_refused"
    ORDER_GONE = "order_gone"
    WRONG_CERTIFICATE = "wrong_certificate"
    WITHDRAWN = "withdrawn"


WAITING = frozenset(
    {
        AcmeReason.TO_BE_PLACED,
        AcmeReason.AWAITING_MAIL,
        AcmeReason.MAIL_ANSWERED,
        AcmeReason.BEING_ISSUED,
        AcmeReason.RATE_LIMITED,
        AcmeReason.NOT_REACHED,
        AcmeReason.SERVER_TROUBLE,
        AcmeReason.ANSWER_NOT_SENT,
        AcmeReason.KEY_NOT_FOUND_NOW,
    }
)
"""What is tried again by itself."""

_OF_KIND = {
    "unreachable": AcmeReason.NOT_REACHED,
    "refusedAddress": AcmeReason.ADDRESS_NOT_ALLOWED,
    "rateLimited": AcmeReason.RATE_LIMITED,
    "serverInternal": AcmeReason.SERVER_TROUBLE,
    "badNonce": AcmeReason.SERVER_TROUBLE,
    "orderNotReady": AcmeReason.SERVER_TROUBLE,
    "userActionRequired": AcmeReason.TERMS_NOT_AGREED,
    "externalAccountRequired": AcmeReason.ACCOUNT_BINDING_NEEDED,
    "accountDoesNotExist": AcmeReason.ACCOUNT_REFUSED,
    "unauthorized": AcmeReason.ACCOUNT_REFUSED,
    "invalidContact": AcmeReason.ACCOUNT_REFUSED,
    "unsupportedContact": AcmeReason.ACCOUNT_REFUSED,
    "rejectedIdentifier": AcmeReason.IDENTIFIER_REFUSED,
    "unsupportedIdentifier": AcmeReason.IDENTIFIER_REFUSED,
    "caa": AcmeReason.IDENTIFIER_REFUSED,
    "incorrectResponse": AcmeReason.CHALLENGE_FAILED,
    "badCSR": AcmeReason.REQUEST_REFUSED,
    "badPublicKey": AcmeReason.REQUEST_REFUSED,
    "notFound": AcmeReason.ORDER_GONE,
}


def reason_of(kind: str) -> AcmeReason:
    """For an error of the server by its type (RFC 8555 §6.7); what is unknown is a refusal."""
    return _OF_KIND.get(kind, AcmeReason.REQUEST_REFUSED)


class MailRefusal(StrEnum):
    """Why a mail that calls itself a challenge is not answered."""

    MALFORMED = "malformed"
    OTHER_SENDER = "other_sender"
    OTHER_RECIPIENT = "other_recipient"
    OUT_OF_TIME = "out_of_time"
    ANSWERED_BEFORE = "answered_before"
    TOO_MANY = "too_many"
    NOT_SIGNED = "not_signed"
    OTHER_DOMAIN = "other_domain"
    FIELDS_NOT_SIGNED = "fields_not_signed"


class MailStanding(StrEnum):
    """What became of a mail that calls itself a challenge; of a refused one, ``MailRefusal``."""

    ANSWERED = "answered"
    WAITS = "waits"
    UNASKED = "unasked"  # nobody here had asked for a certificate


MUST_BE_SIGNED = frozenset(
    {
        "from", "sender", "reply-to", "to", "cc", "subject", "date", "in-reply-to", "references",
        "message-id", "auto-submitted", "content-type", "content-transfer-encoding",
    }
)  # fmt: skip
"""RFC 8823 §3.1 (6): what a DKIM signature covers, whether the field is there or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainSignature:
    """A DKIM signature that verifies: whose, and over which fields (names in lower case)."""

    domain: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeFacts:
    """A mail that calls itself a challenge, beside the order it would belong to.

    ``asked_for``: whose certificate was ordered; ``authority``: the address that the challenge
    object names; ``in_time``: it came after the order began; ``answers_before``: how many mails
    were answered for this order; ``signed_by_sender``: an S/MIME signature of the sender that
    covers the header, too.
    """

    sender: EmailAddress
    recipients: tuple[EmailAddress, ...]
    asked_for: EmailAddress
    authority: EmailAddress
    in_time: bool
    token_seen: bool
    answers_before: int
    signatures: Collection[DomainSignature]
    signed_by_sender: bool = False


MOST_ANSWERS = 3  # for one order: a place broke off and was taken up again leaves a mail too many


def refusal(facts: ChallengeFacts) -> MailRefusal | None:
    """None: it is answered. The most certain reason against it first."""
    if facts.sender != facts.authority:
        return MailRefusal.OTHER_SENDER
    if facts.recipients != (facts.asked_for,):
        return MailRefusal.OTHER_RECIPIENT
    if not facts.in_time:
        return MailRefusal.OUT_OF_TIME
    if facts.token_seen:
        return MailRefusal.ANSWERED_BEFORE
    if facts.answers_before >= MOST_ANSWERS:
        return MailRefusal.TOO_MANY
    return None if facts.signed_by_sender else _unproved(facts)


def _unproved(facts: ChallengeFacts) -> MailRefusal | None:
    """The sender is proved by DKIM, and by his own domain (RFC 8823 §3.1)."""
    if not facts.signatures:
        return MailRefusal.NOT_SIGNED
    own = [each for each in facts.signatures if each.domain == facts.sender.domain]
    if not own:
        return MailRefusal.OTHER_DOMAIN
    if not any(each.fields >= MUST_BE_SIGNED for each in own):
        return MailRefusal.FIELDS_NOT_SIGNED
    return None
