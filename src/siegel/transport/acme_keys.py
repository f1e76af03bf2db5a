"""Keys and signatures of ACME (RFC 8555 §6.2, §7.3.4; RFC 7515, RFC 7638).

The account key is P-256: every server must know ES256. josepy makes keys, thumbprints and
signatures; the flattened form is put together here, because its header has members of ACME's own.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from josepy.jwa import ES256
from josepy.jwk import JWKEC

from siegel.base import b64url
from siegel.base.secret import Secret
from siegel.pki.softkeys import load_private_key, private_key_info

Json = Mapping[str, object]
MEDIA_TYPE = "application/jose+json"


@final
class AccountKey:
    """The key by which an authority knows us."""

    __slots__ = ("_jwk", "_private")

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private, self._jwk = private, JWKEC(key=private)

    @classmethod
    def new(cls) -> "AccountKey":
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def of(cls, pkcs8: bytes) -> "AccountKey":
        private = load_private_key(pkcs8, validated=True)
        assert isinstance(private, ec.EllipticCurvePrivateKey)  # noqa: S101 - ``new`` made it
        return cls(private)

    def pkcs8(self) -> bytes:
        return private_key_info(self._private)

    def public(self) -> Json:
        """The JWK, as a header carries it."""
        return dict(self._jwk.public_key().to_partial_json())

    @property
    def thumbprint(self) -> str:
        return b64url.encode(self._jwk.thumbprint(hash_function=hashes.SHA256))

    def signed(self, payload: Json | None, url: str, nonce: str, *, account: str) -> bytes:
        """A request (§6.2). ``payload`` None: POST-as-GET; without ``account``, the key itself
        stands in the header."""
        who: Json = {"kid": account} if account else {"jwk": self.public()}
        header = {"alg": "ES256", "nonce": nonce, "url": url, **who}
        content = b"" if payload is None else _compact(payload)
        parts = _parts(header, content)
        return _flattened(parts, ES256.sign(self._jwk.key, _signed_octets(parts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalAccount:
    """What an authority gave to its customer outside of ACME (§7.3.4)."""

    key_id: str
    key: Secret = field(repr=False)

    def binding(self, public: Json, url: str) -> Json:
        parts = _parts({"alg": "HS256", "kid": self.key_id, "url": url}, _compact(public))
        tag = hmac.digest(self.key.reveal(), _signed_octets(parts), "sha256")
        bound: Json = json.loads(_flattened(parts, tag))
        return bound


def _parts(header: Json, content: bytes) -> tuple[str, str]:
    return b64url.encode(_compact(header)), b64url.encode(content)


def _signed_octets(parts: tuple[str, str]) -> bytes:
    return ".".join(parts).encode("ascii")


def _flattened(parts: tuple[str, str], signature: bytes) -> bytes:
    protected, payload = parts
    return _compact(
        {"protected": protected, "payload": payload, "signature": b64url.encode(signature)}
    )


def _compact(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode("ascii")
