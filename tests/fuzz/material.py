"""What the targets know: the keys of a few people of the world, and everything they signed."""

import hashlib
from functools import cache

from siegel.base.limits import MIB, Limits
from siegel.base.secret import Secret
from siegel.mime.canonical import canonical
from siegel.pki.softkeys import SoftwareKeyring
from tests.unit.smime.mails import MAIL, TEXT, key

PASSPHRASE = "Siegel und Brief"
SHARED_KEY_NAME = b"seed"
SHARED_KEY = bytes(range(32))
LIMITS = Limits(message_size=MIB, decompressed_size=MIB, ber_elements=20_000, mime_parts=200)
"""Small, so that a run sees many inputs; the reasons for the real ones stand in docs/limits.md."""

NESTED = (
    b'Content-Type: multipart/mixed; boundary="aussen"\r\n\r\n--aussen\r\n'
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n"
    b"\r\nGr=C3=BC=C3=9Fe\r\n--aussen\r\nContent-Type: application/octet-stream\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nU2llZ2VsIHVuZCBCcmllZg==\r\n--aussen--\r\n"
)
TEXTS = (TEXT, NESTED)
"""Everything that was ever signed for a seed."""


def signers() -> tuple[str, ...]:
    return "alice", "dana", "carla"


@cache
def readers() -> SoftwareKeyring:
    return SoftwareKeyring(
        [key(name) for name in ("alice", "huber", "dana", "carla_encrypt")],
        shared_keys={SHARED_KEY_NAME: Secret(SHARED_KEY)},
        passphrases=[Secret(PASSPHRASE)],
    )


@cache
def signed_texts() -> frozenset[bytes]:
    """SHA-256 of each text, and of what stands around it in a message made of it."""
    return frozenset(hashlib.sha256(bytes(canonical(text))).digest() for text in TEXTS)


def mail_of(text: bytes) -> bytes:
    return MAIL.removesuffix(TEXT) + text
