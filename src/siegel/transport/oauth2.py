"""OAuth 2.0 for mailboxes: authorization code with PKCE, and renewing (RFC 6749, RFC 7636).

The provider is one that the administrator registered this installation with; people consent in
their browser, and the server exchanges the code. Tokens are secrets; what a provider answers is
bounded and read strictly. Nothing is kept here.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from siegel.base import b64url
from siegel.base.buffers import Random
from siegel.base.secret import Secret
from siegel.transport.fetch_once import Source
from siegel.transport.fetching import Budget, Outcome, Post
from siegel.transport.mail_server import MailProblem, failure

PATIENCE = 15.0  # seconds for one request to the provider
MAX_ANSWER = 64 * 1024  # octets; tokens of large organisations have some thousand
MAX_TOKEN = 16 * 1024  # characters
USUAL_LIFE = timedelta(minutes=5)  # of a token whose life the provider does not tell
LONGEST_LIFE = timedelta(days=1)
_REFUSED = frozenset({400, 401, 403})  # RFC 6749 §5.2
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Where to ask, and as which client."""

    name: str
    authorization_endpoint: str
    token_endpoint: str
    client_id: str
    client_secret: Secret | None
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """``refresh`` is None where the provider gave no new one: the old one goes on."""

    access: Secret
    refresh: Secret | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One way to the provider and back: ``state`` is checked when the browser comes back, the
    ``verifier`` stays with us until then (RFC 7636 §4.1)."""

    state: str
    verifier: str = field(repr=False)

    @classmethod
    def new(cls, rng: Random) -> "Consent":
        return cls(state=b64url.encode(rng(32)), verifier=b64url.encode(rng(48)))


def authorization_address(
    provider: Provider, consent: Consent, *, redirect_uri: str, login_hint: str
) -> str:
    """Where the person's browser goes (RFC 6749 §4.1.1, RFC 7636 §4.3)."""
    challenge = b64url.encode(hashlib.sha256(consent.verifier.encode("ascii")).digest())
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scope,
        "state": consent.state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "login_hint": login_hint,
    }
    join = "&" if "?" in provider.authorization_endpoint else "?"
    return f"{provider.authorization_endpoint}{join}{urlencode(query)}"


def exchanged(
    provider: Provider,
    consent: Consent,
    code: str,
    *,
    redirect_uri: str,
    source: Source,
    at: datetime,
) -> Tokens:
    """The code for tokens (RFC 6749 §4.1.3). Raises ``TransportFailure``; also for a provider that
    gives no refresh token, because the mailbox would be closed again in an hour."""
    found = _asked(
        provider,
        {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": consent.verifier,
        },
        source,
        at,
    )
    if found.refresh is None:
        raise failure(MailProblem.CONSENT_EXPIRED, "no refresh token")
    return found


def renewed(provider: Provider, refresh: Secret, *, source: Source, at: datetime) -> Tokens:
    """A new access token (RFC 6749 §6). Raises ``TransportFailure``."""
    said = {"grant_type": "refresh_token", "refresh_token": refresh.reveal().decode()}
    return _asked(provider, said, source, at)


def _asked(provider: Provider, said: Mapping[str, str], source: Source, at: datetime) -> Tokens:
    form = {**said, "client_id": provider.client_id}
    if provider.client_secret is not None:
        form["client_secret"] = provider.client_secret.reveal().decode()
    post = Post(body=urlencode(form).encode("ascii"), content_type=_FORM)
    answer = source.fetch(
        provider.token_endpoint,
        most=MAX_ANSWER,
        budget=Budget(PATIENCE),
        accept="application/json",
        post=post,
    )
    if answer.status in _REFUSED:
        raise failure(MailProblem.CONSENT_EXPIRED, provider.name)
    if answer.outcome is Outcome.TIMED_OUT:
        raise failure(MailProblem.TIMED_OUT, provider.name)
    if answer.outcome is not Outcome.FETCHED:
        raise failure(MailProblem.NOT_REACHED, provider.name)
    return _tokens(answer.body, at)


def _tokens(body: bytes, at: datetime) -> Tokens:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or str(found.get("token_type", "")).lower() != "bearer":
        raise failure(MailProblem.OTHER_PROTOCOL, "no tokens")
    access, refresh = _token(found.get("access_token")), _token(found.get("refresh_token"))
    if access is None:
        raise failure(MailProblem.OTHER_PROTOCOL, "no access token")
    return Tokens(access=access, refresh=refresh, expires_at=at + _life(found.get("expires_in")))


def _token(given: object) -> Secret | None:
    """RFC 6749 §A.12: visible ASCII; anything else could break the line it is said in."""
    if not isinstance(given, str) or not 0 < len(given) <= MAX_TOKEN:
        return None
    return Secret(given) if given.isascii() and given.isprintable() and " " not in given else None


def _life(given: object) -> timedelta:
    if isinstance(given, bool) or not isinstance(given, int) or given <= 0:
        return USUAL_LIFE
    return min(timedelta(seconds=min(given, 10**6)), LONGEST_LIFE)
