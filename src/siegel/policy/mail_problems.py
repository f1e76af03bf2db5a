"""What keeps mail of a mailbox from being fetched or sent: the closed list, and what it means.

A connection goes through stages; the problem tells at which one it ended.
"""

from collections.abc import Mapping
from enum import StrEnum


class MailProblem(StrEnum):
    """Why mail cannot be fetched or sent; each has words of its own."""

    NAME_NOT_FOUND = "name_not_found"
    HOST_NOT_ALLOWED = "host_not_allowed"  # a private address or unusual port, not approved
    NOT_REACHED = "not_reached"
    TIMED_OUT = "timed_out"
    TLS_NOT_OFFERED = "tls_not_offered"
    UNENCRYPTED = "unencrypted"  # without TLS only to the machine itself
    CERTIFICATE_NOT_TRUSTED = "certificate_not_trusted"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_OTHER_NAME = "certificate_other_name"
    LOGIN_REFUSED = "login_refused"
    LOGIN_NOT_OFFERED = "login_not_offered"
    NEEDS_APP_PASSWORD = "needs_app_password"  # noqa: S105 - a code
    NEEDS_OAUTH = "needs_oauth"
    CONSENT_EXPIRED = "consent_expired"  # the provider takes our OAuth2 token no more
    TOO_MANY_CONNECTIONS = "too_many_connections"
    SERVER_SAID_NO = "server_said_no"
    OTHER_PROTOCOL = "other_protocol"  # answers that are no IMAP or no SMTP
    KEEPING_REFUSED = (
        "keeping_refused"  # mail that lies only here, the copy of a sent one for example
    )
    CREDENTIALS_MISSING = "credentials_missing"  # none kept, or the key file does not open them


PASSING = frozenset(
    {
        MailProblem.NAME_NOT_FOUND,
        MailProblem.NOT_REACHED,
        MailProblem.TIMED_OUT,
        MailProblem.TOO_MANY_CONNECTIONS,
        MailProblem.SERVER_SAID_NO,
        MailProblem.OTHER_PROTOCOL,
        MailProblem.KEEPING_REFUSED,
    }
)
"""What may end by itself; the others wait for a person (a refused login tried again and again
locks the account at many providers)."""


class Stage(StrEnum):
    """In the order they are gone through."""

    NAME = "name"
    REACHED = "reached"
    ENCRYPTED = "encrypted"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    FOLDERS = "folders"


STAGES: Mapping[MailProblem, Stage] = {
    MailProblem.NAME_NOT_FOUND: Stage.NAME,
    MailProblem.HOST_NOT_ALLOWED: Stage.NAME,
    MailProblem.NOT_REACHED: Stage.REACHED,
    MailProblem.TIMED_OUT: Stage.REACHED,
    MailProblem.TLS_NOT_OFFERED: Stage.ENCRYPTED,
    MailProblem.UNENCRYPTED: Stage.REACHED,
    MailProblem.CERTIFICATE_NOT_TRUSTED: Stage.CERTIFICATE,
    MailProblem.CERTIFICATE_EXPIRED: Stage.CERTIFICATE,
    MailProblem.CERTIFICATE_OTHER_NAME: Stage.CERTIFICATE,
    MailProblem.KEEPING_REFUSED: Stage.FOLDERS,
}
"""Where each usually appears; the others at the login."""


def problem_named(code: str) -> MailProblem | None:
    """The problem that a mailbox was kept with; one of an older version counts as not reached."""
    if not code:
        return None
    try:
        return MailProblem(code)
    except ValueError:
        return MailProblem.NOT_REACHED
