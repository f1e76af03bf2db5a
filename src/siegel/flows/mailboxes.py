"""The mailbox of an account: its settings, its credentials, and the ways in and out.

Credentials lie sealed, bound to the account, the servers and the login names they are for: nobody
learns them by sending them to a server of his own, neither with a stolen session nor by writing
into the store. They are never shown again, and never in the journal.
"""

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict, KeyUnavailable, NotFound
from siegel.base.secret import Secret
from siegel.flows.site import Site
from siegel.policy.actions import Action
from siegel.store import mailbox_lock
from siegel.store.mailbox_rows import MailboxKind, MailboxRow, ServerRow, Settings
from siegel.store.queries import journal, mail_folders, mailboxes
from siegel.store.text import Json
from siegel.store.transaction import together
from siegel.transport import oauth2
from siegel.transport.envelope import Role
from siegel.transport.imap_login import Login
from siegel.transport.mail_server import MailProblem, Security, failure
from siegel.transport.oauth2 import Provider, Tokens
from siegel.transport.smtp_login import SmtpSubmission
from siegel.transport.submission import NextHop

_KEPT, _PENDING = "credentials of the mailbox", "credentials being entered"
EARLY = timedelta(minutes=2)  # a token is renewed before it ends, not while a message is sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A password, or what OAuth2 gave. ``access`` may be missing or over."""

    password: Secret | None = None
    refresh: Secret | None = None
    access: Secret | None = None
    expires_at: datetime | None = None

    @classmethod
    def of_tokens(cls, tokens: Tokens, refresh: Secret | None = None) -> "Credentials":
        return cls(
            refresh=tokens.refresh or refresh, access=tokens.access, expires_at=tokens.expires_at
        )


def get(account: EmailAddress) -> MailboxRow | None:
    """None: nobody has said where the mail of this account lies."""
    return mailboxes.get(account)


def deliver_here(account: EmailAddress, *, by: str, at: datetime) -> None:
    """The gateway files what arrives; credentials of another server are forgotten."""
    with together():
        mailboxes.put(account, None, b"", by=by, at=at)
        mail_folders.ensure_own(account)
        _note(Action.ACCOUNT_MAILBOX_HERE, account, by, at)


def connect(
    account: EmailAddress,
    settings: Settings,
    credentials: Credentials | None,
    site: Site,
    *,
    by: str,
    at: datetime,
) -> None:
    """Keep these settings. ``credentials`` None: those that are kept go on.

    Raises ``Conflict`` where they must be given again (``asks_again``).
    """
    with together():
        if credentials is not None:
            sealed = _sealed(account, settings, credentials, site, _KEPT)
        elif asks_again(mailboxes.get(account), settings):
            raise Conflict("another server or login name: the password is needed again")
        else:
            sealed = mailboxes.sealed(account)
        mailboxes.put(account, settings, sealed, by=by, at=at)
        _note(Action.ACCOUNT_MAILBOX_CONNECTED, account, by, at, **_told(settings))


def remove(account: EmailAddress, *, by: str, at: datetime) -> None:
    """Credentials are forgotten, nothing is fetched any more; mail that is here stays."""
    with together():
        if not mailboxes.remove(account):
            raise NotFound(f"no mailbox of {account}")
        _note(Action.ACCOUNT_MAILBOX_REMOVED, account, by, at)


def asks_again(before: MailboxRow | None, settings: Settings) -> bool:
    """Whether kept credentials may not go on: they are for these servers and names alone."""
    if before is None or before.settings is None or not before.has_credentials:
        return True
    return _bound_to(before.settings) != _bound_to(settings)


def credentials(account: EmailAddress, settings: Settings, site: Site) -> Credentials:
    """Raises ``TransportFailure`` if there are none that fit."""
    sealed = mailboxes.sealed(account)
    if not sealed:
        raise failure(MailProblem.CREDENTIALS_MISSING)
    try:
        return _unsealed(account, settings, sealed, site, _KEPT)
    except KeyUnavailable as error:
        raise failure(MailProblem.CREDENTIALS_MISSING) from error


def put_by(account: EmailAddress, settings: Settings, given: Credentials, site: Site) -> str:
    """Credentials for a moment outside of the store: sealed for these settings, in text."""
    return base64.b64encode(_sealed(account, settings, given, site, _PENDING)).decode("ascii")


def taken_up(
    account: EmailAddress, settings: Settings, text: str, site: Site
) -> Credentials | None:
    """What ``put_by`` kept; None if it is not for exactly these servers and names."""
    try:
        return _unsealed(account, settings, base64.b64decode(text), site, _PENDING)
    except (KeyUnavailable, ValueError):
        return None


def login(account: EmailAddress, site: Site, at: datetime) -> Login:
    """How to log in to the account's IMAP server now; a token is renewed first.

    Raises ``NotFound`` for an account whose mail lies on no server, and ``TransportFailure``.
    """
    settings = _settings(account)
    return _login(account, settings, settings.imap, site, at)


def next_hop(account: EmailAddress, site: Site, at: datetime) -> NextHop:
    """Where mail of the account goes: its own server, or as all mail of the gateway."""
    row = mailboxes.get(account)
    if row is None or row.settings is None:
        return site.hops[Role.OUTBOUND]
    login = _login(account, row.settings, row.settings.smtp, site, at)
    return SmtpSubmission(login, local_hostname=site.hostname)


def login_with(settings: Settings, server: ServerRow, given: Credentials, site: Site) -> Login:
    """A login that is not kept: for trying settings."""
    secret = given.password if given.password is not None else given.access
    if secret is None:
        raise failure(MailProblem.CREDENTIALS_MISSING)
    return Login(
        host=server.host,
        port=server.port,
        security=Security(server.security.value),
        user=server.user,
        secret=secret,
        is_token=given.password is None,
        reach=site.mail_servers.reach.approved(settings.hosts_approved),
    )


def note_problem(account: EmailAddress, problem: MailProblem, *, at: datetime) -> None:
    """Fetching failed; the page says so in words."""
    mailboxes.note_problem(account, problem.value, at=at)


def note_synced(account: EmailAddress, problem: MailProblem | None = None, *, at: datetime) -> None:
    """Everything was fetched; whatever was wrong is over, except ``problem``."""
    mailboxes.note_synced(account, problem.value if problem else "", at=at)


def fresh(account: EmailAddress, settings: Settings, site: Site, at: datetime) -> Credentials:
    """What is kept, with a token that lasts. Raises ``TransportFailure``."""
    kept = credentials(account, settings, site)
    if _lasts(kept, at):
        return kept
    with mailbox_lock.renewing(account):
        return _renewed(account, settings, site, at)


def _login(
    account: EmailAddress, settings: Settings, server: ServerRow, site: Site, at: datetime
) -> Login:
    return login_with(settings, server, fresh(account, settings, site, at), site)


def _lasts(given: Credentials, at: datetime) -> bool:
    return given.refresh is None or (given.expires_at is not None and at < given.expires_at - EARLY)


def _renewed(account: EmailAddress, settings: Settings, site: Site, at: datetime) -> Credentials:
    """A new token is sealed at once, because the provider may have made the old refresh token
    worthless (RFC 6749 §6). Whoever waited for another to renew it finds it."""
    given = credentials(account, settings, site)
    if given.refresh is None or _lasts(given, at):
        return given
    tokens = oauth2.renewed(
        _provider(settings, site), given.refresh, source=site.mail_servers.source, at=at
    )
    made = Credentials.of_tokens(tokens, given.refresh)
    mailboxes.reseal(account, _sealed(account, settings, made, site, _KEPT))
    return made


def _settings(account: EmailAddress) -> Settings:
    row = mailboxes.get(account)
    if row is None or row.kind is not MailboxKind.IMAP or row.settings is None:
        raise NotFound(f"the mail of {account} lies on no server")
    return row.settings


def _provider(settings: Settings, site: Site) -> Provider:
    found = site.mail_servers.providers.get(settings.provider)
    if found is None:
        raise failure(MailProblem.CONSENT_EXPIRED, "the provider is not configured any more")
    return found


def _sealed(
    account: EmailAddress, settings: Settings, given: Credentials, site: Site, use: str
) -> bytes:
    said = {
        "password": _revealed(given.password),
        "refresh": _revealed(given.refresh),
        "access": _revealed(given.access),
        "expires_at": None if given.expires_at is None else given.expires_at.isoformat(),
    }
    bound = _use(use, account, settings)
    return site.vault.seal_content(json.dumps(said).encode(), bound, rng=site.rng)


def _unsealed(
    account: EmailAddress, settings: Settings, sealed: bytes, site: Site, use: str
) -> Credentials:
    found = json.loads(site.vault.unseal_content(sealed, _use(use, account, settings)))
    ends = found.get("expires_at")
    return Credentials(
        password=_secret(found.get("password")),
        refresh=_secret(found.get("refresh")),
        access=_secret(found.get("access")),
        expires_at=None if ends is None else datetime.fromisoformat(ends),
    )


def _use(use: str, account: EmailAddress, settings: Settings) -> str:
    return "\n".join((use, str(account), *_bound_to(settings)))


def _bound_to(settings: Settings) -> tuple[str, ...]:
    """What credentials are for. Ports and kinds of security may change beside them."""
    names = (settings.imap.host, settings.imap.user, settings.smtp.host, settings.smtp.user)
    return (settings.authentication.value, settings.provider, *names)


def _told(settings: Settings) -> dict[str, Json]:
    """What the journal keeps: where to, as whom, never the secret."""
    imap, smtp = settings.imap, settings.smtp
    return {
        "imap": f"{imap.security.value}://{imap.host}:{imap.port}",
        "imap_user": imap.user,
        "smtp": f"{smtp.security.value}://{smtp.host}:{smtp.port}",
        "smtp_user": smtp.user,
        "authentication": settings.authentication.value,
    }


def _revealed(secret: Secret | None) -> str | None:
    return None if secret is None else secret.reveal().decode()


def _secret(found: object) -> Secret | None:
    return Secret(found) if isinstance(found, str) else None


def _note(action: Action, about: EmailAddress, by: str, at: datetime, **detail: Json) -> None:
    journal.write(at=at, actor=by, action=action, about=str(about), detail=detail)
