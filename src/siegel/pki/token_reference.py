"""Private keys that lie in hardware: what is kept of them here is where they are (RFC 7512).

A reference is the URI of the key in its token and, on a line of its own, its public key: so the
token need not be asked for what is no secret. It is sealed like a private key. URIs that bring a
PIN or a module along are refused: those come from the configuration alone.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from siegel.base.errors import KeyUnavailable, MalformedMessage
from siegel.base.secret import Secret
from siegel.pki.key_generation import KeyChoice
from siegel.pki.softkeys import PrivateKey, load_private_key, private_key_info

TokenPublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

MAX_SIZE = 4096  # octets; a URI of some hundred and RSA-4096 have about 1,000
_SCHEME = b"pkcs11:"
_PARTS = ("token", "object", "id")
_NOT_PLAIN = re.compile(rb"[^A-Za-z0-9._~-]")  # RFC 3986 §2.3; all else is written in percent
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_IGNORED = frozenset({"type", "manufacturer", "serial", "model"})  # do not tell keys apart here


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyReference:
    """``token``: its label; ``key_id``: CKA_ID; ``label``: CKA_LABEL, for people; ``spki``: DER."""

    token: str
    key_id: bytes
    label: str
    spki: bytes

    @property
    def uri(self) -> str:
        """RFC 7512 §2.3, every octet of the identifier in percent."""
        octets = "".join(f"%{octet:02X}" for octet in self.key_id)
        token, label = _quoted(self.token), _quoted(self.label)
        return f"pkcs11:token={token};object={label};id={octets};type=private"

    @property
    def public_key(self) -> TokenPublicKey:
        key = load_der_public_key(self.spki)
        if not isinstance(key, TokenPublicKey):
            raise MalformedMessage("a reference to a key of a kind that is not used in tokens")
        return key

    def written(self) -> bytes:
        return f"{self.uri}\n".encode("ascii") + base64.b64encode(self.spki)


class KeyTokens(Protocol):
    """The hardware of this installation."""

    def private_key(self, reference: KeyReference) -> PrivateKey:
        """A key that signs and decrypts in its token; nothing is asked before it does."""
        ...

    def generate(self, choice: KeyChoice, label: str) -> PrivateKey:
        """A new key, made in the token; it can never leave it."""
        ...

    def named(self, label: str) -> PrivateKey:
        """The key that is there already under this label."""
        ...


class NoTokens:
    """The configuration names none."""

    def private_key(self, reference: KeyReference) -> PrivateKey:
        del reference
        raise KeyUnavailable("the key lies in a token, and the configuration names none")

    def generate(self, choice: KeyChoice, label: str) -> PrivateKey:
        del choice, label
        raise KeyUnavailable("the configuration names no token; see [pkcs11]", temporary=False)

    def named(self, label: str) -> PrivateKey:
        del label
        raise KeyUnavailable("the configuration names no token; see [pkcs11]", temporary=False)


@runtime_checkable
class InToken(Protocol):
    """A private key that is only a handle."""

    @property
    def reference(self) -> KeyReference: ...


def kept_form(key: PrivateKey) -> Secret:
    """What the vault seals: the key (PKCS #8), or where it is."""
    if isinstance(key, InToken):
        return Secret(key.reference.written())
    return Secret(private_key_info(key))


def opened(kept: Secret, tokens: KeyTokens) -> PrivateKey:
    """The key of what the vault has unsealed. It was checked before it was kept."""
    octets = kept.reveal()
    if octets.startswith(_SCHEME):
        return tokens.private_key(read_reference(octets))
    return load_private_key(octets, validated=True)


def read_reference(octets: bytes) -> KeyReference:
    """Raises ``MalformedMessage``."""
    uri, _, spki = octets.partition(b"\n")
    found = _attributes(uri)
    try:
        der = base64.b64decode(spki, validate=True)
        token, label = (found[name].decode("utf-8") for name in ("token", "object"))
    except (binascii.Error, UnicodeDecodeError, KeyError) as error:
        raise MalformedMessage("not a reference to a key in a token") from error
    return KeyReference(token=token, key_id=found["id"], label=label, spki=der)


def _attributes(uri: bytes) -> dict[str, bytes]:
    """RFC 7512 §2.3: path attributes, each once; no query."""
    if not uri.startswith(_SCHEME) or b"?" in uri or len(uri) > MAX_SIZE:
        raise MalformedMessage("not a plain URI of a key in a token")
    found: dict[str, bytes] = {}
    for attribute in uri.removeprefix(_SCHEME).decode("ascii", "replace").split(";"):
        name, equals, value = attribute.partition("=")
        if not equals or name in found or name not in {*_PARTS, *_IGNORED}:
            raise MalformedMessage(f"the URI says what it may not: {name[:40]!r}")
        found[name] = _unquoted(value)
    if not found.get("id"):
        raise MalformedMessage("the URI names no key")
    return found


def _quoted(text: str) -> str:
    """RFC 3986 §2.1."""
    octets = text.encode("utf-8", "replace")
    return _NOT_PLAIN.sub(lambda found: b"%%%02X" % ord(found[0]), octets).decode("ascii")


def _unquoted(value: str) -> bytes:
    octets = value.encode("utf-8", "replace")
    return _PERCENT.sub(lambda found: bytes.fromhex(found[1].decode("ascii")), octets)
