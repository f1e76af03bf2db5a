"""A small OpenID provider on loopback: discovery, authorization, token, userinfo and keys.

Each test turns one thing wrong: ``claims`` of the token, what ``userinfo`` says, the key it signs
with. It checks what it gets (client secret, PKCE, redirect address) as a real one does.
"""

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.flows.web import Conversation, Web, response, serving

CLIENT = "siegel"
SECRET = "the secret of the client"
JSON = "Content-Type: application/json\r\n"


@dataclass(kw_only=True)
class Provider:
    web: Web
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    published: rsa.RSAPublicKey | None = None
    algorithm: str = "RS256"
    _asked: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return self.web.url("/realms/office")

    def open(self) -> None:
        base = self.issuer
        self.web.answer(
            "/realms/office/.well-known/openid-configuration",
            json.dumps(
                {
                    "issuer": base,
                    "authorization_endpoint": f"{base}/authorize",
                    "token_endpoint": f"{base}/token",
                    "userinfo_endpoint": f"{base}/userinfo",
                    "jwks_uri": f"{base}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            ).encode(),
            extra=JSON,
        )
        self.web.route("/realms/office/token", self._token)
        self.web.route("/realms/office/userinfo", self._userinfo)
        self.web.route("/realms/office/keys", self._keys)

    def authorize(self, address: str) -> str:
        """What the browser does at the provider; where it is sent back to."""
        asked = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self._asked)}"
        self._asked[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def _token(self, talk: Conversation) -> None:
        given = {name: value for name, [value] in parse_qs(talk.body.decode()).items()}
        asked = self._asked.pop(given["code"])
        assert (given["client_id"], given["client_secret"]) == (CLIENT, SECRET)
        assert given["redirect_uri"] == asked["redirect_uri"]
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "4711",
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            "email": "nina@office.example",
            "email_verified": True,
            "name": "Nina Neu",
            "groups": ["siegel-members"],
            **self.claims,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode(kept, self._signing(), self.algorithm, headers={"kid": "one"})
        self._send(talk, {"access_token": "a", "token_type": "Bearer", "id_token": token})

    def _signing(self) -> Any:
        return self.key if self.algorithm == "RS256" else ""

    def _userinfo(self, talk: Conversation) -> None:
        self._send(talk, {"sub": "4711", **self.userinfo})

    def _keys(self, talk: Conversation) -> None:
        public = self.published or self.key.public_key()
        key = {**RSAAlgorithm.to_jwk(public, as_dict=True), "kid": "one", "alg": "RS256"}
        self._send(talk, {"keys": [key]})

    def _send(self, talk: Conversation, content: dict[str, Any]) -> None:
        talk.send(response(json.dumps(content).encode(), extra=JSON))


@contextmanager
def provider() -> Iterator[Provider]:
    with serving() as web:
        made = Provider(web=web)
        made.open()
        yield made
