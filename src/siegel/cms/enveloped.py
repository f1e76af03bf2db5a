"""Encrypt to recipients and open what was encrypted: EnvelopedData and AuthEnvelopedData.

RFC 5652 §6, 5083, 5084. CBC goes into EnvelopedData, GCM and ChaCha20-Poly1305 into
AuthEnvelopedData.

Opening is total and answers every failure alike: a content key that does not come out is replaced
by a random one, so that nobody learns from us whether the padding of an RSA block was right
(RFC 3218 §2.3). A caller that owns the buffer can have it opened where it lies: then a message of
any size takes no memory beside it.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import cast

from siegel.base import der, oids
from siegel.base.buffers import Buffer, Random
from siegel.base.errors import DecryptionFailed, KeyUnavailable
from siegel.base.findings import Finding
from siegel.base.keys import Keyring
from siegel.base.limits import DEFAULT, Limits
from siegel.cms import authenveloped, content_cipher, content_opening
from siegel.cms.algorithms import cipher_to_write
from siegel.cms.content_algorithm import TAG, ContentAlgorithm
from siegel.cms.content_cipher import Encrypted
from siegel.cms.content_info import wrapped_header
from siegel.cms.content_opening import Extent, Sealed
from siegel.cms.doors import Attempt, content_key
from siegel.cms.enveloped_read import EnvelopedView, parse_enveloped, parse_enveloped_in_place
from siegel.cms.recipients import RecipientSpec, build_recipient, version_of_all
from siegel.cms.recipients_read import RecipientView

__all__ = [
    "EnvelopedView",
    "Opened",
    "RecipientSpec",
    "RecipientView",
    "build_enveloped_data",
    "decrypt",
    "parse_enveloped",
    "parse_enveloped_in_place",
]


def build_enveloped_data(
    content: Iterable[Buffer],
    recipients: Sequence[RecipientSpec],
    *,
    cipher: str = "aes256-cbc",
    cek_hkdf: bool = False,
    rng: Random = os.urandom,
) -> Iterator[Buffer]:
    """A ContentInfo for all ``recipients``, as buffers that follow one another.

    Content is encrypted when its buffer is taken; whatever can fail fails before.
    ``cek_hkdf`` derives the key from the content key (RFC 9709), which all must be able to read.

    Raises ``UnsupportedAlgorithm`` for a cipher that is not written or a key that cannot be
    encrypted to, and ``ValueError`` without recipients.
    """
    if not recipients:
        raise ValueError("encrypted to nobody")
    chosen = cipher_to_write(cipher)
    key = rng(chosen.key_length)
    infos = der.set_of(*(build_recipient(recipient, key) for recipient in recipients))
    encrypted = content_cipher.encrypt(chosen, key, list(content), rng=rng, cek_hkdf=cek_hkdf)
    if encrypted.tag is None:
        oid, before, behind = (
            oids.ENVELOPED_DATA,
            der.integer(version_of_all(recipients)) + infos,
            0,
        )
    else:
        oid, before, behind = oids.AUTH_ENVELOPED_DATA, authenveloped.before(infos), 2 + TAG
    before += _content_start(encrypted)
    length = len(before) + encrypted.length + behind
    sequence = der.header(der.SEQUENCE, length)
    return _written(wrapped_header(oid, len(sequence) + length) + sequence + before, encrypted)


def _content_start(encrypted: Encrypted) -> bytes:
    """EncryptedContentInfo up to its content."""
    length = encrypted.length
    start = der.oid(oids.DATA) + encrypted.algorithm + der.header(der.CONTEXT, length)
    return der.header(der.SEQUENCE, len(start) + length) + start


def _written(shell: bytes, encrypted: Encrypted) -> Iterator[Buffer]:
    yield shell
    yield from encrypted.content
    if encrypted.tag is not None:
        yield der.octet_string(encrypted.tag())


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """``content`` None: it stays closed. ``matched`` tells per recipient whether we hold a key.

    ``rounds`` is what passwords have cost, of ``Limits.password_rounds``.
    """

    content: list[Buffer] | None
    matched: tuple[bool, ...]
    key_found: bool
    findings: tuple[Finding, ...] = ()
    rounds: int = field(default=0, compare=False)


def decrypt(
    view: EnvelopedView, keyring: Keyring, *, rng: Random = os.urandom, limits: Limits = DEFAULT
) -> Opened:
    """Open with the keys of ``keyring``; a view that was parsed in place is used up by it.

    Raises ``KeyUnavailable`` and nothing else: when no key opens it and one could not be asked.
    """
    found = [list(recipient.attempts(keyring)) for recipient in view.recipients]
    matched = tuple(map(bool, found))
    weak = any(r.weak for r, attempts in zip(view.recipients, found, strict=True) if attempts)
    attempts = list(chain.from_iterable(found))
    affordable = _affordable(attempts, limits)
    content, findings = _opened(view, attempts, affordable, rng)
    if content is not None and weak:
        findings = (*findings, Finding.WEAK_KEY_TRANSPORT)
    return Opened(
        content=content,
        matched=matched,
        key_found=any(matched),
        findings=findings,
        rounds=sum(attempt.rounds for attempt in affordable),
    )


def _opened(
    view: EnvelopedView, attempts: list[Attempt], affordable: list[Attempt], rng: Random
) -> tuple[list[Buffer] | None, tuple[Finding, ...]]:
    if not attempts:
        return None, (Finding.NO_DECRYPTION_KEY,)
    if view.algorithm is None or not any(attempt.supported for attempt in attempts):
        return None, (Finding.UNSUPPORTED,)
    if not affordable:
        return None, (Finding.TOO_COMPLEX,)
    keys, unavailable = _content_keys(affordable, view.algorithm.cipher.key_length, rng)
    if not keys and unavailable is not None:
        raise unavailable
    try:
        content = _plaintext(view, view.algorithm, keys)
    except DecryptionFailed:
        if unavailable is not None:
            raise unavailable from None
        return None, (Finding.DECRYPTION_FAILED,)
    return [content], _seen(view)


def _affordable(attempts: list[Attempt], limits: Limits) -> list[Attempt]:
    """Those that the limits allow, passwords last: they cost the most and open the least."""
    rounds = limits.password_rounds
    chosen: list[Attempt] = []
    supported = [attempt for attempt in attempts if attempt.supported]
    for attempt in sorted(supported, key=lambda attempt: attempt.rounds)[: limits.decryption_keys]:
        rounds -= attempt.rounds
        if rounds < 0:
            break
        chosen.append(attempt)
    return chosen


def _content_keys(
    attempts: list[Attempt], length: int, rng: Random
) -> tuple[list[bytes], KeyUnavailable | None]:
    """The content keys of the right length that came out, each once.

    Where a failure must not show, a random key stands in its place, so that as many keys are tried
    as if it had not failed; and one stands for all when nothing came out. Those come last: one of
    256 seems to fit content in CBC, and must not be taken for the key that does.
    """
    keys: dict[bytes, None] = {}
    substitutes: list[bytes] = []
    unavailable: KeyUnavailable | None = None
    for attempt in attempts:
        substitute = rng(length)
        try:
            found = content_key(attempt, length)
        except KeyUnavailable as error:
            unavailable = error
            continue
        if found is not None:
            keys[found] = None
        elif attempt.hides_failure:
            substitutes.append(substitute)
    if not keys and not substitutes and unavailable is None:
        substitutes.append(substitute)
    return [*keys, *substitutes], unavailable


def _plaintext(view: EnvelopedView, algorithm: ContentAlgorithm, keys: list[bytes]) -> bytearray:
    if len(view.tag) != view.tag_length:
        raise DecryptionFailed("an authentication tag of another length than announced")
    extent = _extent(view)
    sealed = Sealed(algorithm=algorithm, extent=extent, tag=view.tag, aad=view.aad)
    return content_opening.decrypt(sealed, keys)


def _extent(view: EnvelopedView) -> Extent:
    """The ciphertext to be overwritten: where it lies, or a copy."""
    if view.place is None or not view.content:
        return Extent.copied(view.content)
    (content,) = view.content
    buffer, length = cast("bytearray", content.obj), len(content)
    content.release()  # a buffer that is still looked at cannot be cut
    return Extent(buffer, view.place, view.place + length)


def _seen(view: EnvelopedView) -> tuple[Finding, ...]:
    findings = [Finding.WEAK_CIPHER] if view.weak else []
    if view.tag_appended:
        findings.append(Finding.TAG_APPENDED_TO_CONTENT)
    return tuple(findings)
