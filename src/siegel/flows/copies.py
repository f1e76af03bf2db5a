"""Who is seen by whom: the named recipients share copies, every Bcc gets his own (RFC 9787 §9.4.1).

The recipients of one encrypted copy can be read from it by everybody who gets it; a gateway sees
a Bcc only by its absence from To and Cc.
"""

from collections.abc import Iterable, Mapping

from siegel.base.address import EmailAddress
from siegel.mime.fields import addresses
from siegel.mime.message import Message
from siegel.policy.algorithms import EncryptedCopy
from siegel.policy.outbound import OutboundDecision, Send, SignAndEncrypt
from siegel.store.text import Json


def hidden(recipients: Iterable[EmailAddress], message: Message) -> frozenset[EmailAddress]:
    """Recipients of the envelope that the header does not name."""
    named = {
        mailbox.address
        for name in ("To", "Cc")
        for mailbox in addresses(message, name)
        if mailbox.address is not None
    }
    return frozenset(recipients) - named


def audiences(
    copies: Iterable[EncryptedCopy], recipients: Mapping[str, EmailAddress]
) -> list[tuple[EncryptedCopy, tuple[str, ...]]]:
    """Each copy with its envelope recipients as written, in the order of the envelope."""
    found = [
        (copy, tuple(text for text, address in recipients.items() if address in copy.recipients))
        for copy in copies
    ]
    order = {text: place for place, text in enumerate(recipients)}
    return sorted(found, key=lambda pair: order[pair[1][0]])


def encrypted_copies(decision: OutboundDecision) -> tuple[EncryptedCopy, ...]:
    """None where nothing is encrypted."""
    if isinstance(decision, Send) and isinstance(decision.plan, SignAndEncrypt):
        return decision.plan.copies
    return ()


def as_json(copies: Iterable[EncryptedCopy]) -> list[Json]:
    """For the journal and for programs: who shares which copy, how it is encrypted, and why."""
    return [
        {
            "recipients": _texts(copy.recipients),
            "cipher": copy.cipher,
            "content_key_derived": copy.cek_hkdf,
            "key_transport": sorted({scheme.kind.value for scheme in copy.transports.values()}),
            "to_sender": bool(copy.to_self),
            "why": [
                {"reason": why.reason.value, "addresses": _texts(why.addresses)} for why in copy.why
            ],
        }
        for copy in copies
    ]


def _texts(addresses: Iterable[EmailAddress]) -> list[Json]:
    return [str(address) for address in addresses]
