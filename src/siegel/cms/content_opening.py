"""Decrypt content where it lies: the ciphertext's buffer becomes the plaintext, nothing is copied.

Whatever is wrong with a ciphertext ends in the same ``DecryptionFailed`` and an empty buffer, and
authenticated plaintext is not handed out before its tag holds. CCM and ChaCha20-Poly1305 are
decrypted as a whole, because ``cryptography`` offers them in no other way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography import exceptions
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import AEADDecryptionContext, Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.ciphers.algorithms import AES

from siegel.base.buffers import Buffer, joined
from siegel.base.errors import DecryptionFailed
from siegel.cms.algorithms import CipherMode
from siegel.cms.content_algorithm import BLOCK, ContentAlgorithm, block_cipher, derived_key

_SLACK = 15  # octets that ``update_into`` wants to have behind its output
_NOTHING = bytes(BLOCK)


@dataclass(frozen=True, slots=True)
class Extent:
    """Octets of a buffer that belongs to nobody else: from ``start`` to ``stop``.

    No view of the buffer may be left when it is cut.
    """

    buffer: bytearray
    start: int
    stop: int

    @classmethod
    def copied(cls, content: Sequence[Buffer]) -> "Extent":
        buffer = bytearray().join(content)
        return cls(buffer, 0, len(buffer))

    def cut(self, length: int) -> bytearray:
        """The buffer with the first ``length`` octets of the extent and nothing else.

        Neither end of a bytearray is moved when it goes, so that this costs nothing.
        """
        del self.buffer[self.start + length :]
        del self.buffer[: self.start]
        return self.buffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A ciphertext with all that was written beside it, and its tag if the cipher has one."""

    algorithm: ContentAlgorithm
    extent: Extent
    tag: bytes
    aad: bytes


def decrypt(sealed: Sealed, keys: Sequence[bytes]) -> bytearray:
    """The plaintext under the first key that fits, or ``DecryptionFailed`` for whatever reason.

    Several keys are tried without changing the ciphertext; the last stands for none that fits, so
    that it is decrypted once, whatever the keys are worth.
    """
    keys = [_actual(sealed.algorithm, key) for key in keys]
    with memoryview(sealed.extent.buffer) as whole:
        room = whole[sealed.extent.start : sealed.extent.stop]
        try:
            key = next((key for key in keys[:-1] if _fits(sealed, key, room)), keys[-1])
            length = _DECRYPT[sealed.algorithm.cipher.mode](sealed, key, room)
        except _FAILURES as error:
            _wipe(room)
            raise DecryptionFailed("the content could not be decrypted") from error
        finally:
            room.release()
    return sealed.extent.cut(length)


_FAILURES = (exceptions.InvalidTag, exceptions.UnsupportedAlgorithm, ValueError)


def _actual(algorithm: ContentAlgorithm, key: bytes) -> bytes:
    return key if algorithm.derived is None else derived_key(key, algorithm.derived)


def _wipe(room: memoryview) -> None:
    for start in range(0, len(room), BLOCK):
        block = room[start : start + BLOCK]
        block[:] = _NOTHING[: len(block)]


def _decrypt_cbc(sealed: Sealed, key: bytes, room: memoryview) -> int:
    cipher = block_cipher(sealed.algorithm.cipher, key)
    context = Cipher(cipher, modes.CBC(sealed.algorithm.nonce)).decryptor()
    _through(room, context.update, context.update_into)
    context.finalize()
    size = cipher.block_size // 8
    return len(room) - size + _unpadded(room[-size:], size)


def _unpadded(block: Buffer, size: int) -> int:
    """How many octets of the last block are content (RFC 5652 §6.3)."""
    unpadder = padding.PKCS7(size * 8).unpadder()
    return len(unpadder.update(block)) + len(unpadder.finalize())


def _decrypt_gcm(sealed: Sealed, key: bytes, room: memoryview) -> int:
    context = _gcm(sealed, key)
    _through(room, context.update, context.update_into)
    context.finalize_with_tag(sealed.tag)
    return len(room)


def _gcm(sealed: Sealed, key: bytes) -> AEADDecryptionContext:
    nonce, least = sealed.algorithm.nonce, sealed.algorithm.tag_length
    context = Cipher(AES(key), modes.GCM(nonce, None, min_tag_length=least)).decryptor()
    context.authenticate_additional_data(sealed.aad)
    return context


def _through(
    room: memoryview,
    update: Callable[[Buffer], bytes],
    update_into: Callable[[Buffer, Buffer], int],
) -> None:
    """Every block decrypted to its own place; the last goes another way, as it has no slack."""
    for start in range(0, len(room), BLOCK):
        block = room[start : start + BLOCK]
        if start + len(block) + _SLACK <= len(room):
            update_into(block, room[start:])
        else:
            block[:] = update(block)


def _decrypt_ccm(sealed: Sealed, key: bytes, room: memoryview) -> int:
    whole = AESCCM(key, sealed.algorithm.tag_length)
    room[:] = whole.decrypt(sealed.algorithm.nonce, joined((room, sealed.tag)), sealed.aad)
    return len(room)


def _decrypt_chacha(sealed: Sealed, key: bytes, room: memoryview) -> int:
    octets = joined((room, sealed.tag))
    room[:] = ChaCha20Poly1305(key).decrypt(sealed.algorithm.nonce, octets, sealed.aad)
    return len(room)


_DECRYPT = {
    CipherMode.CBC: _decrypt_cbc,
    CipherMode.GCM: _decrypt_gcm,
    CipherMode.CCM: _decrypt_ccm,
    CipherMode.CHACHA20_POLY1305: _decrypt_chacha,
}


def _fits(sealed: Sealed, key: bytes, room: memoryview) -> bool:
    """Whether ``key`` would decrypt, found out without touching the ciphertext."""
    try:
        _TRY[sealed.algorithm.cipher.mode](sealed, key, room)
    except _FAILURES:
        return False
    return True


def _try_cbc(sealed: Sealed, key: bytes, room: memoryview) -> None:
    """The padding of the last block; the block before it is its initialisation vector."""
    cipher = block_cipher(sealed.algorithm.cipher, key)
    size = cipher.block_size // 8
    before = bytes(room[-2 * size : -size]) or sealed.algorithm.nonce
    context = Cipher(cipher, modes.CBC(before)).decryptor()
    _unpadded(context.update(room[-size:]) + context.finalize(), size)


def _try_gcm(sealed: Sealed, key: bytes, room: memoryview) -> None:
    context = _gcm(sealed, key)
    scratch = bytearray(BLOCK + _SLACK)
    for start in range(0, len(room), BLOCK):
        context.update_into(room[start : start + BLOCK], scratch)
    context.finalize_with_tag(sealed.tag)


def _try_whole(sealed: Sealed, key: bytes, room: memoryview) -> None:
    copy = memoryview(bytearray(room))
    _DECRYPT[sealed.algorithm.cipher.mode](sealed, key, copy)


_TRY = {
    CipherMode.CBC: _try_cbc,
    CipherMode.GCM: _try_gcm,
    CipherMode.CCM: _try_whole,
    CipherMode.CHACHA20_POLY1305: _try_whole,
}
