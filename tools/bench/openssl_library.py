"""OpenSSL's own S/MIME without a process: libcrypto by ctypes, memory in and memory out.

The strongest yardstick: C code, keys loaded once. Whole messages on both sides, as the candidate
(``SMIME_read_CMS``, ``SMIME_write_CMS``); the path of the signer is not checked on either.
"""

from collections.abc import Callable
from ctypes import CDLL, POINTER, byref, c_char_p, c_int, c_long, c_uint, c_void_p
from ctypes.util import find_library
from functools import partial
from typing import Any, Final

from tools.bench.engine import CIPHERS, RECIPIENT, SIGNER, Inputs

_DETACHED, _BINARY, _CRLFEOL, _STREAM, _NO_PATH = 0x40, 0x80, 0x800, 0x1000, 0x20
_WRITE: Final = _BINARY | _CRLFEOL | _STREAM
_CIPHER_FUNCTIONS: Final = {"CBC": "EVP_aes_256_cbc", "GCM": "EVP_aes_256_gcm"}
_FUNCTIONS: Final = {
    "BIO_new_mem_buf": (c_void_p, [c_char_p, c_int]),
    "BIO_new": (c_void_p, [c_void_p]),
    "BIO_s_mem": (c_void_p, []),
    "BIO_free": (c_int, [c_void_p]),
    "BIO_ctrl": (c_long, [c_void_p, c_int, c_long, c_void_p]),
    "PEM_read_bio_X509": (c_void_p, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "PEM_read_bio_PrivateKey": (c_void_p, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "OPENSSL_sk_new_null": (c_void_p, []),
    "OPENSSL_sk_push": (c_int, [c_void_p, c_void_p]),
    "EVP_aes_256_cbc": (c_void_p, []),
    "EVP_aes_256_gcm": (c_void_p, []),
    "CMS_sign": (c_void_p, [c_void_p, c_void_p, c_void_p, c_void_p, c_uint]),
    "CMS_verify": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_uint]),
    "CMS_encrypt": (c_void_p, [c_void_p, c_void_p, c_void_p, c_uint]),
    "CMS_decrypt": (c_int, [c_void_p, c_void_p, c_void_p, c_void_p, c_void_p, c_uint]),
    "CMS_ContentInfo_free": (None, [c_void_p]),
    "SMIME_write_CMS": (c_int, [c_void_p, c_void_p, c_void_p, c_int]),
    "SMIME_read_CMS": (c_void_p, [c_void_p, POINTER(c_void_p)]),
}


class Library:
    """libcrypto with the keys of Alice and Huber. Every step asserts that it worked."""

    def __init__(self) -> None:
        name = find_library("crypto")
        assert name is not None, "no libcrypto on this machine"
        self._c: Any = CDLL(name)
        for function, (result, arguments) in _FUNCTIONS.items():
            getattr(self._c, function).restype = result
            getattr(self._c, function).argtypes = arguments
        self._signer = self._certificate(SIGNER.certificate_pem)
        self._signing_key = self._key(SIGNER.key_pem)
        self._chain = self._stack(*(one.pem for one in SIGNER.intermediates))
        self._reader = self._certificate(RECIPIENT.certificate_pem)
        self._reading_key = self._key(RECIPIENT.key_pem)
        self._recipients = self._stack(RECIPIENT.certificate_pem)

    def sign(self, plain: bytes) -> None:
        self._c.BIO_free(self._signed(plain))

    def verify(self, signed: bytes) -> None:
        given = self._given(signed)
        self._verified(given)
        self._c.BIO_free(given)

    def sign_and_encrypt(self, plain: bytes, mode: str) -> None:
        c, signed, out = self._c, self._signed(plain), self._memory()
        cipher = getattr(c, _CIPHER_FUNCTIONS[mode])()
        cms = _made(c.CMS_encrypt(self._recipients, signed, cipher, _BINARY | _STREAM))
        assert c.SMIME_write_CMS(out, cms, signed, _WRITE) == 1
        c.CMS_ContentInfo_free(cms)
        for bio in (signed, out):
            c.BIO_free(bio)

    def decrypt_and_verify(self, encrypted: bytes) -> None:
        c, given, out = self._c, self._given(encrypted), self._memory()
        cms = _made(c.SMIME_read_CMS(given, None))
        assert c.CMS_decrypt(cms, self._reading_key, self._reader, None, out, _BINARY) == 1
        c.CMS_ContentInfo_free(cms)
        self._verified(out)
        for bio in (given, out):
            c.BIO_free(bio)

    def operations(self, inputs: Inputs) -> dict[str, Callable[[], object]]:
        both: dict[str, Callable[[], object]] = {
            "sign": lambda: self.sign(inputs.plain),
            "verify": lambda: self.verify(inputs.signed),
        }
        for mode in CIPHERS:
            both[f"sign+encrypt {mode}"] = partial(self.sign_and_encrypt, inputs.plain, mode)
            both[f"decrypt+verify {mode}"] = partial(
                self.decrypt_and_verify, inputs.encrypted[mode]
            )
        return both

    def _signed(self, plain: bytes) -> int:
        c, given, out = self._c, self._given(plain), self._memory()
        flags = _DETACHED | _WRITE
        cms = _made(c.CMS_sign(self._signer, self._signing_key, self._chain, given, flags))
        assert c.SMIME_write_CMS(out, cms, given, flags) == 1
        c.CMS_ContentInfo_free(cms)
        c.BIO_free(given)
        return out

    def _verified(self, given: int) -> None:
        c, content, out = self._c, c_void_p(), self._memory()
        cms = _made(c.SMIME_read_CMS(given, byref(content)))
        assert c.CMS_verify(cms, None, None, content, out, _NO_PATH) == 1
        c.CMS_ContentInfo_free(cms)
        for bio in (content, out):
            c.BIO_free(bio)

    def _given(self, octets: bytes) -> int:
        return _made(self._c.BIO_new_mem_buf(octets, len(octets)))

    def _memory(self) -> int:
        return _made(self._c.BIO_new(self._c.BIO_s_mem()))

    def _certificate(self, pem: bytes) -> int:
        return _made(self._c.PEM_read_bio_X509(self._given(pem), None, None, None))

    def _key(self, pem: bytes) -> int:
        return _made(self._c.PEM_read_bio_PrivateKey(self._given(pem), None, None, None))

    def _stack(self, *pems: bytes) -> int:
        stack = _made(self._c.OPENSSL_sk_new_null())
        for pem in pems:
            self._c.OPENSSL_sk_push(stack, self._certificate(pem))
        return stack


def version() -> str:
    library = CDLL(find_library("crypto"))
    library.OpenSSL_version.restype = c_char_p
    return str(library.OpenSSL_version(0).decode())


def _made(pointer: int | None) -> int:
    assert pointer, "libcrypto refused"
    return pointer
