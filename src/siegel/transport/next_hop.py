"""The next hop as the configuration writes it: ``smtp://host:port`` or ``maildir:/path``.

``smtp://host:port?starttls=opportunistic|required`` asks for TLS; nothing else is understood.
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError
from siegel.transport.maildir import MaildirNextHop
from siegel.transport.submission import NextHop, SmtpNextHop, StartTls

SMTP_PORT = 25


def next_hop(
    location: str,
    *,
    local_hostname: str,
    known: Callable[[EmailAddress], bool] | None = None,
) -> NextHop:
    """Raises ``ConfigurationError`` for anything else; ``known`` is for maildirs only."""
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError as error:
        raise _unreadable(location) from error
    if parts.scheme == "maildir" and parts.path.startswith("/") and not parts.netloc:
        return MaildirNextHop(Path(parts.path), known=known)
    if parts.scheme != "smtp" or not parts.hostname or parts.path not in ("", "/"):
        raise _unreadable(location)
    return SmtpNextHop(
        parts.hostname, port or SMTP_PORT, local_hostname=local_hostname, starttls=_starttls(parts)
    )


def _starttls(parts: SplitResult) -> StartTls:
    wishes = dict(parse_qsl(parts.query, keep_blank_values=True))
    try:
        wish = StartTls(wishes.pop("starttls", StartTls.NONE))
    except ValueError as error:
        raise _unreadable(parts.geturl()) from error
    if wishes or parts.username or parts.fragment:
        raise _unreadable(parts.geturl())
    return wish


def _unreadable(location: str) -> ConfigurationError:
    return ConfigurationError(
        f"not a next hop: {location!r}; write smtp://host:port or maildir:/path"
    )
