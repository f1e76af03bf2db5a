"""A client for ACME (RFC 8555) as far as mail needs it (RFC 8823): one address, one certificate.

Each call is one signed request; the client knows the directory, our account and the newest nonce,
and keeps nothing else. Addresses that the server names are asked under the same guard as its own:
https on the public Internet, unless the configuration names the host. Redirects are not followed.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol
from urllib.parse import urlsplit

from siegel.base import b64url
from siegel.base.address import EmailAddress
from siegel.base.errors import TransportFailure
from siegel.transport.acme_keys import MEDIA_TYPE, AccountKey, ExternalAccount, Json
from siegel.transport.fetching import Answer, Budget, Fetched, Outcome, Post

MAX_JSON = 64 * 1024  # octets; an order has some hundred
MAX_CHAIN = 256 * 1024  # octets; PEM of a certificate with its chain has about 8,000
MAX_TEXT = 500  # characters that we keep of what a server says
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(days=1)
_NONCES = 3  # requests with a new nonce each, before a server counts as in trouble
_ERRORS = "urn:ietf:params:acme:error:"


class AcmeProblem(TransportFailure):
    """What an authority answered instead (§6.7), or that it was not reached.

    ``kind`` is the type without its prefix, or one of ours: ``unreachable``, ``refusedAddress``,
    ``notFound``. ``wait``: how long it asks to be left alone. ``detail`` are its own words.
    """

    code = "acme"

    def __init__(self, kind: str, detail: str = "", *, wait: timedelta | None = None) -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind, kind=kind)
        self.kind, self.detail, self.wait = kind, detail[:MAX_TEXT], wait


class Source(Protocol):
    """``Fetcher`` is one."""

    def exchange(
        self, url: str, *, most: int, budget: Budget, post: Post | None = None
    ) -> Answer | Fetched: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """§7.1.3. ``problem``: why it is invalid; ``wait``: before one asks again."""

    status: str
    authorizations: tuple[str, ...] = ()
    finalize: str = ""
    certificate: str = ""
    problem: AcmeProblem | None = None
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChallenge:
    """RFC 8823 §5.1: an email-reply-00 challenge; ``token`` is part two."""

    url: str
    status: str
    token: str
    sender: str
    problem: AcmeProblem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """§7.1.4. ``challenge`` None: none that a mail could answer."""

    status: str
    identifier: str
    challenge: EmailChallenge | None


@dataclass(slots=True, kw_only=True)
class AcmeClient:
    """``account``: the address by which the server knows our key; "" before ``register``."""

    directory: str
    key: AccountKey = field(repr=False)
    source: Source = field(repr=False)
    budget: Budget = field(repr=False)
    plain_hosts: Collection[str] = ()
    account: str = ""
    _places: Json = field(default_factory=dict, init=False)
    _nonce: str = field(default="", init=False)

    def register(
        self, contact: EmailAddress | None, *, agreed: bool, external: ExternalAccount | None
    ) -> str:
        """Our account there, made if need be (§7.3). With a key that is known it is found."""
        meta = self._meta()
        if meta.get("termsOfService") and not agreed:
            raise AcmeProblem("userActionRequired", str(meta["termsOfService"]))
        if meta.get("externalAccountRequired") and external is None:
            raise AcmeProblem("externalAccountRequired")
        url = self._place("newAccount")
        wanted: dict[str, object] = {"termsOfServiceAgreed": agreed}
        if contact is not None:
            wanted["contact"] = [f"mailto:{contact}"]
        if external is not None:
            wanted["externalAccountBinding"] = external.binding(self.key.public(), url)
        answer = self._post(url, wanted)
        self.account = _location(answer)
        return self.account

    def new_order(self, address: EmailAddress) -> str:
        """The address of a new order for a certificate of ``address`` (RFC 8823 §3)."""
        identifier = {"type": "email", "value": str(address)}
        return _location(self._post(self._place("newOrder"), {"identifiers": [identifier]}))

    def order(self, url: str) -> Order:
        return _order(self._post(url, None))

    def authorization(self, url: str) -> Authorization:
        found = _object(self._post(url, None))
        identifier, challenges = found.get("identifier"), found.get("challenges")
        listed = challenges if isinstance(challenges, list) else []
        ours = [one for one in listed if isinstance(one, dict) and _is_reply(one)]
        return Authorization(
            status=_text(found, "status"),
            identifier=_text(identifier, "value") if isinstance(identifier, dict) else "",
            challenge=_challenge(ours[0]) if ours else None,
        )

    def begin(self, challenge: str) -> None:
        """We have done what the challenge asks for (§7.5.1)."""
        self._post(challenge, {})

    def finalize(self, url: str, request: bytes) -> Order:
        """``request``: PKCS #10, DER (§7.4)."""
        return _order(self._post(url, {"csr": b64url.encode(request)}))

    def certificate(self, url: str) -> bytes:
        """The chain as PEM (§7.4.2), unverified."""
        return self._post(url, None, most=MAX_CHAIN).body

    def _meta(self) -> Json:
        meta = self._known_places().get("meta")
        return meta if isinstance(meta, dict) else {}

    def _place(self, name: str) -> str:
        place = self._known_places().get(name)
        if not isinstance(place, str):
            raise AcmeProblem("serverInternal", f"the directory has no {name}")
        return place

    def _known_places(self) -> Json:
        if not self._places:
            self._places = _object(_checked(self._ask(self.directory, MAX_JSON, None)))
        return self._places

    def _post(self, url: str, payload: Json | None, *, most: int = MAX_JSON) -> Answer:
        """A signed request; with a new nonce if the server wants another one (§6.5)."""
        for _ in range(_NONCES - 1):
            try:
                return self._post_once(url, payload, most)
            except AcmeProblem as problem:
                if problem.kind != "badNonce":
                    raise
        return self._post_once(url, payload, most)

    def _post_once(self, url: str, payload: Json | None, most: int) -> Answer:
        nonce, self._nonce = self._nonce or self._new_nonce(), ""
        body = self.key.signed(payload, url, nonce, account=self.account)
        return _checked(self._ask(url, most, Post(body=body, content_type=MEDIA_TYPE)))

    def _new_nonce(self) -> str:
        self._ask(self._place("newNonce"), MAX_JSON, None)
        if not self._nonce:
            raise AcmeProblem("serverInternal", "no nonce")
        return self._nonce

    def _ask(self, url: str, most: int, post: Post | None) -> Answer:
        self._check_scheme(url)
        answer = self.source.exchange(url, most=most, budget=self.budget, post=post)
        if isinstance(answer, Fetched):
            refused = answer.outcome in (Outcome.REFUSED_ADDRESS, Outcome.OTHER_SCHEME)
            kind = "refusedAddress" if refused else "unreachable"
            raise AcmeProblem(kind, f"{urlsplit(url).hostname}: {answer.outcome.value}")
        self._nonce = answer.fields.get("replay-nonce", "")
        return answer

    def _check_scheme(self, url: str) -> None:
        parts = urlsplit(url)
        plain = parts.scheme == "http" and {parts.netloc, parts.hostname} & set(self.plain_hosts)
        if parts.scheme != "https" and not plain:
            raise AcmeProblem("refusedAddress", f"{parts.hostname}: not https")


def _checked(answer: Answer) -> Answer:
    if 200 <= answer.status < 300:
        return answer
    wait = _wait(answer)
    try:
        problem = _problem(_object(answer), wait)
    except AcmeProblem:  # not even a problem document
        problem = None
    raise problem or AcmeProblem(_kind_of(answer.status), f"status {answer.status}", wait=wait)


def _kind_of(status: int) -> str:
    return {404: "notFound", 410: "notFound", 429: "rateLimited"}.get(
        status, "malformed" if 400 <= status < 500 else "serverInternal"
    )


def _problem(found: object, wait: timedelta | None = None) -> AcmeProblem | None:
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        return None
    kind = _text(found, "type").removeprefix(_ERRORS)
    return AcmeProblem(kind, _text(found, "detail"), wait=wait)


def _object(answer: Answer) -> Json:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise AcmeProblem("serverInternal", "not JSON") from error
    if not isinstance(found, dict):
        raise AcmeProblem("serverInternal", "not a JSON object")
    return found


def _order(answer: Answer) -> Order:
    found = _object(answer)
    listed = found.get("authorizations")
    return Order(
        status=_text(found, "status"),
        authorizations=tuple(str(one) for one in listed) if isinstance(listed, list) else (),
        finalize=_text(found, "finalize"),
        certificate=_text(found, "certificate"),
        problem=_problem(found.get("error")),
        wait=_wait(answer),
    )


def _is_reply(challenge: Json) -> bool:
    return challenge.get("type") == "email-reply-00"


def _challenge(found: Json) -> EmailChallenge:
    return EmailChallenge(
        url=_text(found, "url"),
        status=_text(found, "status"),
        token=_text(found, "token"),
        sender=_text(found, "from"),
        problem=_problem(found.get("error")),
    )


def _location(answer: Answer) -> str:
    found = answer.fields.get("location", "")
    if not found:
        raise AcmeProblem("serverInternal", "the answer names no address")
    return found


def _text(found: Json, name: str) -> str:
    value = found.get(name, "")
    return value if isinstance(value, str) else ""


def _wait(answer: Answer) -> timedelta | None:
    """Retry-After (RFC 9110 §10.2.3): seconds, or a date by the server's own clock."""
    given = answer.fields.get("retry-after", "").strip()
    try:
        if given.isdigit():
            wait = timedelta(seconds=min(int(given[:9]), LONGEST_WAIT.total_seconds()))
        else:
            until = parsedate_to_datetime(given)
            wait = until - parsedate_to_datetime(answer.fields.get("date", ""))
    except (ValueError, TypeError):
        return None
    return max(SHORTEST_WAIT, min(wait, LONGEST_WAIT))
