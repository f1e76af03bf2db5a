"""Encrypt to recipients and open what was encrypted: EnvelopedData and AuthEnvelopedData.

RFC 5652 §6, 5083, 5084. CBC goes into EnvelopedData, GCM into AuthEnvelopedData; read is also
EnvelopedData with a GCM cipher and the tag behind the ciphertext, as BouncyCastle writes it.

Opening is total and answers every failure alike: a content key that does not come out is replaced
by a random one, so that nobody learns from us whether the padding of an RSA block was right
(RFC 3218 §2.3).
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer, Random
from siegel.base.errors import (
    DecryptionFailed,
    KeyUnavailable,
    LimitExceeded,
    MalformedMessage,
    UnsupportedAlgorithm,
)
from siegel.base.findings import Finding
from siegel.base.keys import DecryptionKey, Keyring
from siegel.base.limits import DEFAULT, Limits
from siegel.cms import authenveloped, content_cipher
from siegel.cms.algorithms import Use, cipher_to_write, read_algorithm
from siegel.cms.content_cipher import ContentAlgorithm
from siegel.cms.content_info import unwrap, wrapped_header
from siegel.cms.recipients import RecipientSpec, build_recipient, is_plain_transport
from siegel.cms.recipients_read import Door, RecipientView, content_key, read_recipient

__all__ = [
    "EnvelopedView",
    "Opened",
    "RecipientSpec",
    "RecipientView",
    "build_enveloped_data",
    "decrypt",
    "parse_enveloped",
]

_APPENDED_TAG = 16  # octets that BouncyCastle puts behind the ciphertext


def build_enveloped_data(
    content: Iterable[Buffer],
    recipients: Sequence[RecipientSpec],
    *,
    cipher: str = "aes256-cbc",
    rng: Random = os.urandom,
) -> list[Buffer]:
    """A ContentInfo for all ``recipients``, as buffers that follow one another.

    Raises ``UnsupportedAlgorithm`` for a cipher that is not written or a key that cannot be
    encrypted to, and ``ValueError`` without recipients.
    """
    if not recipients:
        raise ValueError("encrypted to nobody")
    chosen = cipher_to_write(cipher)
    key = rng(chosen.key_length)
    infos = der.set_of(*(build_recipient(recipient, key) for recipient in recipients))
    encrypted = content_cipher.encrypt(chosen, key, list(content), rng=rng)
    inside = _encrypted_content_info(encrypted.algorithm, encrypted.content)
    if chosen.authenticated:
        start, parts = authenveloped.shell(infos, inside, encrypted.tag)
        return _wrapped(oids.AUTH_ENVELOPED_DATA, start, parts)
    plain = all(map(is_plain_transport, recipients))
    return _wrapped(oids.ENVELOPED_DATA, der.integer(0 if plain else 2) + infos, inside)


def _encrypted_content_info(algorithm: bytes, content: list[Buffer]) -> list[Buffer]:
    length = sum(map(len, content))
    start = der.oid(oids.DATA) + algorithm + der.header(der.CONTEXT, length)
    return [der.header(der.SEQUENCE, len(start) + length) + start, *content]


def _wrapped(oid: str, start: bytes, parts: list[Buffer]) -> list[Buffer]:
    length = len(start) + sum(map(len, parts))
    sequence = der.header(der.SEQUENCE, length)
    return [wrapped_header(oid, len(sequence) + length) + sequence + start, *parts]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopedView:
    """An encrypted structure as it lies there; ``algorithm`` None for an unsupported cipher."""

    content_type: str
    recipients: tuple[RecipientView, ...]
    algorithm: ContentAlgorithm | None
    content: tuple[memoryview, ...]
    tag: bytes = b""
    aad: bytes = b""
    tag_appended: bool = False

    @property
    def authenticated(self) -> bool:
        """Whether the content cannot have been changed by one who does not hold its key."""
        return self.algorithm is not None and self.algorithm.cipher.authenticated

    @property
    def cipher(self) -> str | None:
        return None if self.algorithm is None else self.algorithm.cipher.name

    @property
    def weak(self) -> bool:
        return self.algorithm is not None and self.algorithm.cipher.use is Use.LEGACY


def parse_enveloped(data: Buffer, *, limits: Limits = DEFAULT) -> EnvelopedView:
    """Either kind of encrypted ContentInfo."""
    kind, fields = unwrap(data, oids.ENVELOPED_DATA, oids.AUTH_ENVELOPED_DATA, limits=limits)
    fields = fields[1:]  # the version says nothing that the fields do not
    if fields and fields[0].tag == 0xA0:  # originatorInfo
        fields = fields[1:]
    if len(fields) < 2:
        raise MalformedMessage("no EnvelopedData")
    infos = fields[0].expect(der.SET).children()
    if len(infos) > limits.recipients:
        raise LimitExceeded(f"{len(infos)} recipients", limit="recipients")
    recipients = tuple(map(read_recipient, infos))
    inner, algorithm, content = _encrypted_content(fields[1].expect(der.SEQUENCE).children())
    if kind == oids.ENVELOPED_DATA:
        return _enveloped(inner, recipients, algorithm, content)
    tag, aad = authenveloped.read_authentication(fields[2:])
    fits = algorithm is not None and algorithm.cipher.authenticated
    return EnvelopedView(
        content_type=inner,
        recipients=recipients,
        algorithm=algorithm if fits else None,
        content=tuple(content),
        tag=tag,
        aad=aad,
    )


def _encrypted_content(
    fields: list[ber.Element],
) -> tuple[str, ContentAlgorithm | None, list[memoryview]]:
    if len(fields) != 3 or fields[2].tag & ~der.CONSTRUCTED != der.CONTEXT:
        raise MalformedMessage("no EncryptedContentInfo with content")
    try:
        algorithm = content_cipher.read_content_algorithm(read_algorithm(fields[1]))
    except UnsupportedAlgorithm:
        algorithm = None
    return fields[0].expect(der.OID).oid(), algorithm, fields[2].octets()


def _enveloped(
    inner: str,
    recipients: tuple[RecipientView, ...],
    algorithm: ContentAlgorithm | None,
    content: list[memoryview],
) -> EnvelopedView:
    """EnvelopedData; with an authenticated cipher the tag is the end of the content."""
    tag = b""
    appended = algorithm is not None and algorithm.cipher.authenticated
    if appended:
        content, tag = _without_tail(content, _APPENDED_TAG)
    return EnvelopedView(
        content_type=inner,
        recipients=recipients,
        algorithm=algorithm,
        content=tuple(content),
        tag=tag,
        tag_appended=appended,
    )


def _without_tail(content: list[memoryview], length: int) -> tuple[list[memoryview], bytes]:
    tail = b""
    content = list(content)
    while content and len(tail) < length:
        last = content.pop()
        cut = max(len(last) - (length - len(tail)), 0)
        tail = bytes(last[cut:]) + tail
        content.append(last[:cut])
        if cut:
            break
        content.pop()
    return content, tail


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """``content`` None: it stays closed. ``matched`` tells per recipient whether we hold a key."""

    content: list[Buffer] | None
    matched: tuple[bool, ...]
    key_found: bool
    findings: tuple[Finding, ...] = ()


def decrypt(
    view: EnvelopedView, keyring: Keyring, *, rng: Random = os.urandom, limits: Limits = DEFAULT
) -> Opened:
    """Open with the keys of ``keyring``.

    Raises ``KeyUnavailable`` and nothing else: when no key fits but one could not be asked.
    """
    found = [list(_matching(recipient, keyring)) for recipient in view.recipients]
    matched = tuple(map(bool, found))
    doors = [pair for pairs in found for pair in pairs]
    weak = any(r.weak for r, pairs in zip(view.recipients, found, strict=True) if pairs)
    content, findings = _opened(view, doors[: limits.decryption_keys], rng)
    if content is not None and weak:
        findings = (*findings, Finding.WEAK_KEY_TRANSPORT)
    return Opened(content=content, matched=matched, key_found=any(matched), findings=findings)


def _matching(recipient: RecipientView, keyring: Keyring) -> Iterator[tuple[Door, DecryptionKey]]:
    for door in recipient.doors:
        for key in keyring.matching(door.identifier):
            yield door, key


def _opened(
    view: EnvelopedView, doors: list[tuple[Door, DecryptionKey]], rng: Random
) -> tuple[list[Buffer] | None, tuple[Finding, ...]]:
    if not doors:
        return None, (Finding.NO_DECRYPTION_KEY,)
    if view.algorithm is None or not any(door.supported for door, _ in doors):
        return None, (Finding.UNSUPPORTED,)
    for key in _content_keys(doors, view.algorithm.cipher.key_length, rng):
        try:
            content = _content(view, view.algorithm, key)
        except DecryptionFailed:
            continue
        return content, _seen(view)
    return None, (Finding.DECRYPTION_FAILED,)


def _content_keys(doors: list[tuple[Door, DecryptionKey]], length: int, rng: Random) -> list[bytes]:
    """The content keys that came out with the right length; else a random one, for all alike."""
    substitute = rng(length)
    keys: list[bytes] = []
    unavailable: KeyUnavailable | None = None
    for door, key in doors:
        try:
            found = content_key(door, key, length)
        except KeyUnavailable as error:
            unavailable = error
            continue
        if found is not None and found not in keys:
            keys.append(found)
    if not keys and unavailable is not None:
        raise unavailable
    return keys or [substitute]


def _content(view: EnvelopedView, algorithm: ContentAlgorithm, key: bytes) -> list[Buffer]:
    if algorithm.cipher.authenticated and len(view.tag) != _tag_length(view, algorithm):
        raise DecryptionFailed("an authentication tag of another length than announced")
    return content_cipher.decrypt(algorithm, key, view.content, tag=view.tag, aad=view.aad)


def _tag_length(view: EnvelopedView, algorithm: ContentAlgorithm) -> int:
    return _APPENDED_TAG if view.tag_appended else algorithm.tag_length


def _seen(view: EnvelopedView) -> tuple[Finding, ...]:
    findings = [Finding.WEAK_CIPHER] if view.weak else []
    if view.tag_appended:
        findings.append(Finding.TAG_APPENDED_TO_CONTENT)
    return tuple(findings)
