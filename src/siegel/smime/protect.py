"""Protect a message: sign it once, encrypt the signed entity for as many copies as needed.

The shape of the types is the rule „Verschlüsselung ohne Signatur wird nicht erlaubt“: encryption
takes a ``SignedMessage``, and only ``sign`` makes one. Header fields outside travel as the very
octets that came in; ``Content-*`` moves inside with the content (RFC 8551 §3.1).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from siegel.base.buffers import Buffer, Random, joined
from siegel.base.limits import DEFAULT, Limits
from siegel.cms.recipients import RecipientSpec
from siegel.mime.canonical import canonical, is_signable, signable
from siegel.mime.message import Message
from siegel.mime.parse import parse_entity
from siegel.smime.encrypt import encrypt_entity
from siegel.smime.sign import SigningIdentity, sign_entity

_DEFAULT_TYPE = b"Content-Type: text/plain; charset=us-ascii\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedMessage:
    """The outer header section and the signed entity below it. Made by ``sign`` only."""

    outer: bytes
    entity: tuple[Buffer, ...]

    def chunks(self) -> list[Buffer]:
        """The clear-signed message, ready to send."""
        return [self.outer, *self.entity]


def sign(
    message: Message,
    identities: Sequence[SigningIdentity],
    *,
    at: datetime,
    opaque: bool = False,
    rng: Random = os.urandom,
    limits: Limits = DEFAULT,
) -> SignedMessage:
    """Sign the content of ``message`` with every identity.

    Leaves that a mail server might change are re-encoded before (``mime.canonical.signable``).
    """
    if not identities:
        raise ValueError("a signature needs a signer")
    entity = payload_of(message, rng=rng, limits=limits)
    signed = sign_entity(entity, identities, at=at, opaque=opaque, rng=rng)
    return SignedMessage(outer=_outer(message), entity=tuple(signed))


def encrypt(
    signed: SignedMessage,
    recipients: Sequence[RecipientSpec],
    *,
    cipher: str = "aes256-cbc",
    cek_hkdf: bool = False,
    rng: Random = os.urandom,
) -> list[Buffer]:
    """One encrypted copy of a signed message for exactly these recipients.

    ``cek_hkdf`` derives the content key once more (RFC 9709); all of them must know that.
    """
    if not recipients:
        raise ValueError("an encrypted copy needs a recipient")
    entity = list(signed.entity)
    return [
        signed.outer,
        *encrypt_entity(entity, recipients, cipher=cipher, cek_hkdf=cek_hkdf, rng=rng),
    ]


def payload_of(
    message: Message, *, rng: Random = os.urandom, limits: Limits = DEFAULT
) -> list[Buffer]:
    """The entity that will be signed: the message's ``Content-*`` fields and body, 7-bit-safe.

    Most content is fine as it is; then it is looked at once and its body is not copied.
    """
    header = b"".join(f.raw for f in message.fields if f.lower.startswith("content-"))
    if message.get("Content-Type") is None:
        header = _DEFAULT_TYPE + header
    entity: list[Buffer] = [header + b"\r\n", message.root.body]
    if is_signable(message.root, entity):
        return entity
    whole = parse_entity(canonical(joined(entity)), limits=limits)
    return [signable(whole, rng=rng)]


def _outer(message: Message) -> bytes:
    """Every field that stays outside, octet for octet; Bcc never leaves (RFC 9787 §9.4.1)."""
    kept = b"".join(
        field.raw
        for field in message.fields
        if not field.lower.startswith("content-") and field.lower not in ("mime-version", "bcc")
    )
    return bytes(canonical(kept)) + b"MIME-Version: 1.0\r\n"
