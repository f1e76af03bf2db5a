"""An authority that speaks ACME for mail, in a few lines and in the test's own process.

It checks what it is told – nonces, signatures, the answer to its mail – and can be told to be in
trouble. ``asked``: the challenge mails it sent, signed with DKIM as its mail server would.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message

from josepy.jwa import ES256
from josepy.jwk import JWK, JWKEC

from siegel.base import b64url
from siegel.transport.fetching import Answer, Budget, Fetched, Outcome, Post
from tests.interop.acme.mail_servers import USER, with_dkim

ROOT = "https://acme.ca.example"
DIRECTORY = f"{ROOT}/directory"
Certify = Callable[[bytes], bytes]
Found = dict[str, object]


@dataclass(slots=True)
class ModelOrder:
    number: int
    address: str
    part_one: str
    part_two: str
    status: str = "pending"
    challenge: str = "pending"
    begun: bool = False
    error: Found | None = None
    certificate: bytes = b""


@dataclass(slots=True)
class ModelAuthority:
    """``trouble``: path of a request -> (status, problem, fields), once each, then as usual;
    ``down``: nobody answers. ``certify`` makes the chain (PEM) for a request."""

    certify: Certify
    meta: Found = field(default_factory=dict)
    trouble: dict[str, list[tuple[int, Found, dict[str, str]]]] = field(default_factory=dict)
    down: bool = False
    asked: list[bytes] = field(default_factory=list)
    accounts: dict[str, JWK] = field(default_factory=dict)
    orders: list[ModelOrder] = field(default_factory=list)
    bindings: list[Found] = field(default_factory=list)
    offers: str = "email-reply-00"
    _nonces: set[str] = field(default_factory=set)
    _made: int = 0

    def exchange(
        self, url: str, *, most: int, budget: Budget, post: Post | None = None
    ) -> Answer | Fetched:
        del most, budget
        if self.down:
            return Fetched(Outcome.UNREACHABLE)
        path = url.removeprefix(ROOT)
        found = self.trouble.get(path)
        if found:
            status, problem, fields = found.pop(0)
            return self._answer(status, json.dumps(problem).encode(), **fields)
        if post is None:
            return self._get(path)
        return self._post(path, json.loads(post.body))

    def reads(self, raw: bytes) -> None:
        """An answer to a challenge mail has come."""
        message = message_from_bytes(raw)
        for order in self.orders:
            if message["Subject"] == f"Re: ACME: {order.part_one}":
                right = self._expected(order) in _block(message)
                order.challenge = order.status = "valid" if right else "invalid"
                if right:
                    order.status = "ready"

    def _get(self, path: str) -> Answer:
        places = {name: f"{ROOT}/{name}" for name in ("newNonce", "newAccount", "newOrder")}
        body = {**places, "meta": self.meta} if path == "/directory" else {}
        return self._answer(200, json.dumps(body).encode())

    def _post(self, path: str, given: dict[str, str]) -> Answer:
        header = json.loads(b64url.decode(given["protected"]))
        payload = json.loads(b64url.decode(given["payload"]) or b"null")
        if header["nonce"] not in self._nonces:
            return self._problem(400, "badNonce")
        self._nonces.remove(header["nonce"])
        key = JWK.from_json(header["jwk"]) if "jwk" in header else self.accounts[header["kid"]]
        assert isinstance(key, JWKEC)
        signed = f"{given['protected']}.{given['payload']}".encode()
        assert ES256.verify(key.key, signed, b64url.decode(given["signature"]))
        assert header["url"] == f"{ROOT}{path}"
        verb, _, number = path.removeprefix("/").partition("/")
        if number:
            return self._about(verb, self.orders[int(number)], payload)
        return self._new_account(key, payload) if verb == "newAccount" else self._new_order(payload)

    def _new_account(self, key: JWK, payload: Found) -> Answer:
        if "externalAccountBinding" in payload:
            bound = payload["externalAccountBinding"]
            assert isinstance(bound, dict)
            self.bindings.append(bound)
        url = next((url for url, known in self.accounts.items() if known == key), None)
        if url is None:
            url = f"{ROOT}/account/{len(self.accounts)}"
            self.accounts[url] = key
        return self._answer(201, b"{}", location=url)

    def _new_order(self, payload: Found) -> Answer:
        identifiers = payload["identifiers"]
        assert isinstance(identifiers, list)
        number, address = len(self.orders), identifiers[0]["value"]
        one, two = (hashlib.sha256(f"{part} {number}".encode()).digest() for part in ("one", "two"))
        order = ModelOrder(number, address, b64url.encode(one), b64url.encode(two))
        self.orders.append(order)
        self.asked.append(with_dkim(challenge_mail(order.part_one, address)))
        return self._object(order, location=f"{ROOT}/order/{number}")

    def _about(self, verb: str, order: ModelOrder, payload: Found | None) -> Answer:
        match verb:
            case "authorization":
                return self._authorization(order)
            case "challenge":
                order.begun = True
            case "finalize":
                assert payload is not None
                assert order.status == "ready"
                request = b64url.decode(str(payload["csr"]))
                order.certificate = self.certify(request)
                order.status = "valid"
            case "certificate":
                return self._answer(200, order.certificate)
        return self._object(order)

    def _authorization(self, order: ModelOrder) -> Answer:
        challenge = {
            "type": self.offers,
            "url": f"{ROOT}/challenge/{order.number}",
            "status": order.challenge,
            "token": order.part_two,
            "from": USER,
        }
        body = {
            "status": order.challenge,
            "identifier": {"type": "email", "value": order.address},
            "challenges": [challenge],
        }
        return self._answer(200, json.dumps(body).encode())

    def _object(self, order: ModelOrder, **fields: str) -> Answer:
        number = order.number
        body: Found = {
            "status": order.status,
            "authorizations": [f"{ROOT}/authorization/{number}"],
            "finalize": f"{ROOT}/finalize/{number}",
        }
        if order.certificate:
            body["certificate"] = f"{ROOT}/certificate/{number}"
        if order.error:
            body["error"] = order.error
        return self._answer(200, json.dumps(body).encode(), **fields)

    def _problem(self, status: int, kind: str) -> Answer:
        return self._answer(status, json.dumps(problem(kind)).encode())

    def _answer(self, status: int, body: bytes, **fields: str) -> Answer:
        self._made += 1
        nonce = f"nonce{self._made}"
        self._nonces.add(nonce)
        return Answer(status=status, fields={"replay-nonce": nonce, **fields}, body=body)

    def _expected(self, order: ModelOrder) -> str:
        key = next(iter(self.accounts.values()))
        thumbprint = b64url.encode(key.thumbprint())
        text = f"{order.part_one}{order.part_two}.{thumbprint}"
        return b64url.encode(hashlib.sha256(text.encode()).digest())


def problem(kind: str, detail: str = "") -> Found:
    return {"type": f"urn:ietf:params:acme:error:{kind}", "detail": detail}


def challenge_mail(token: str, to: str, *, sender: str = USER, extra: str = "") -> bytes:
    header = (
        f"From: {sender}\r\nTo: {to}\r\nSubject: ACME: {token}\r\n"
        "Date: Sat, 28 Nov 2026 08:00:00 +0000\r\n"
        f"Message-ID: <{token[:20]}@ca.example>\r\n"
        "Auto-Submitted: auto-generated; type=acme\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain\r\n{extra}"
    )
    return f"{header}\r\nBitte antworten.\r\n".encode()


def _block(message: Message) -> str:
    lines = str(message.get_payload()).split()
    return " ".join(lines[lines.index("RESPONSE-----") + 1 :])
