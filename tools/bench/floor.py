"""The floor: the bare primitives of each operation, without base64, MIME, ASN.1 or any check."""

import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.hashes import SHA256

from tools.bench.engine import RECIPIENT, SIGNER

_BLOCK = 64 * 1024
_ATTRIBUTES = bytes(400)  # about as long as signed attributes are
_KEY, _IV, _NONCE = bytes(32), bytes(16), bytes(12)


def operations(content: bytes) -> dict[str, Callable[[], object]]:
    """The same names as the engine's, over content of the same length."""
    signing, reading = SIGNER.private_key, RECIPIENT.private_key
    assert isinstance(signing, rsa.RSAPrivateKey)
    assert isinstance(reading, rsa.RSAPrivateKey)
    verifying, wrapping = signing.public_key(), reading.public_key()
    padding, digest = PKCS1v15(), SHA256()
    signature = signing.sign(_ATTRIBUTES, padding, digest)
    wrapped = wrapping.encrypt(_KEY, padding)
    sealed = _sealed(content)

    def sign() -> None:
        hashlib.sha256(content).digest()
        signing.sign(_ATTRIBUTES, padding, digest)

    def verify() -> None:
        hashlib.sha256(content).digest()
        verifying.verify(signature, _ATTRIBUTES, padding, digest)

    def sign_and_encrypt(crypt: Callable[[], None]) -> None:
        sign()
        wrapping.encrypt(_KEY, padding)
        crypt()

    def decrypt_and_verify(crypt: Callable[[], None]) -> None:
        reading.decrypt(wrapped, padding)
        crypt()
        verify()

    return {
        "sign": sign,
        "verify": verify,
        "sign+encrypt CBC": lambda: sign_and_encrypt(lambda: _encrypt(modes.CBC(_IV), content)),
        "sign+encrypt GCM": lambda: sign_and_encrypt(lambda: _encrypt(modes.GCM(_NONCE), content)),
        "decrypt+verify CBC": lambda: decrypt_and_verify(lambda: _decrypt_cbc(content)),
        "decrypt+verify GCM": lambda: decrypt_and_verify(lambda: _decrypt_gcm(*sealed)),
    }


def _sealed(content: bytes) -> tuple[bytes, bytes]:
    context = Cipher(AES(_KEY), modes.GCM(_NONCE)).encryptor()
    sealed = context.update(content)
    context.finalize()
    return sealed, context.tag


def _encrypt(mode: modes.CBC | modes.GCM, content: bytes) -> None:
    context = Cipher(AES(_KEY), mode).encryptor()
    _through(context.update_into, content)
    if isinstance(mode, modes.GCM):
        context.finalize()


def _decrypt_cbc(content: bytes) -> None:
    _through(Cipher(AES(_KEY), modes.CBC(_IV)).decryptor().update_into, content)


def _decrypt_gcm(sealed: bytes, tag: bytes) -> None:
    context = Cipher(AES(_KEY), modes.GCM(_NONCE, tag)).decryptor()
    _through(context.update_into, sealed)
    context.finalize()


def _through(update_into: Callable[[memoryview, bytearray], int], content: bytes) -> None:
    """Block after block into one buffer that stays in the processor's cache."""
    view, room = memoryview(content), bytearray(_BLOCK + 16)
    for start in range(0, len(view), _BLOCK):
        update_into(view[start : start + _BLOCK], room)
