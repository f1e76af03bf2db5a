"""Submission with a login (RFC 6409, RFC 4954, RFC 8314): a next hop that belongs to an account.

TLS from the first octet, or STARTTLS that is demanded; without either only where the settings of
the installation allow it. PLAIN or LOGIN for a password, XOAUTH2 for a token. What a server says
when it refuses a login may repeat what it was told, so it is read for its code and forgotten.
"""

import base64
import contextlib
import smtplib
from collections.abc import Iterator

from siegel.base.errors import TransportFailure
from siegel.transport.fetching import Budget
from siegel.transport.imap_login import Login
from siegel.transport.mail_server import (
    MailProblem,
    Security,
    Stage,
    failure,
    refusal,
    tls_failure,
)
from siegel.transport.smtp_dialogue import Answer, Dialogue, Patience
from siegel.transport.submission import PATIENCE, SmtpNextHop

_GO_ON = 334
_GOOD = 235


class SmtpSubmission(SmtpNextHop):
    """An SMTP server that asks who one is. ``problem`` of its failures is a ``MailProblem``."""

    def __init__(self, login: Login, *, local_hostname: str, patience: Patience = PATIENCE) -> None:
        super().__init__(login.host, login.port, local_hostname=local_hostname, patience=patience)
        self._login = login

    def try_login(self) -> None:
        """Connect, log in and leave; raises ``TransportFailure``."""
        with contextlib.closing(self._connected()) as dialogue:
            dialogue.farewell()

    def _connected(self) -> Dialogue:
        budget = Budget(self._login.timeout)
        with _told():
            dialogue = self._greeted(budget)
            try:
                self._secure(dialogue)
                _authenticate(dialogue, self._login)
                dialogue.unhurried()
            except BaseException:
                dialogue.close()
                raise
        return dialogue

    def _greeted(self, budget: Budget) -> Dialogue:
        connection = self._login.server.connected(budget)
        try:
            return Dialogue(
                self._login.host,
                self._login.port,
                local_hostname=self._local_hostname,
                patience=self._patience,
                connection=connection,
                budget=budget,
            )
        except BaseException:
            connection.close()
            raise

    def _secure(self, dialogue: Dialogue) -> None:
        if self._login.security is not Security.STARTTLS:
            return
        if not dialogue.offers("starttls"):
            raise failure(MailProblem.TLS_NOT_OFFERED)
        try:
            dialogue.secure(self._login.reach.tls())
        except smtplib.SMTPException:
            raise
        except OSError as error:
            raise tls_failure(error) from None


def _authenticate(dialogue: Dialogue, login: Login) -> None:
    answer = _with_token(dialogue, login) if login.is_token else _with_password(dialogue, login)
    if answer.code != _GOOD:
        raise failure(_refused(answer, login))


def _with_token(dialogue: Dialogue, login: Login) -> Answer:
    token = login.secret.reveal().decode()
    said = f"user={login.user}\1auth=Bearer {token}\1\1"
    answer = dialogue.say(f"AUTH XOAUTH2 {_encoded(said)}")
    return dialogue.say("") if answer.code == _GO_ON else answer  # the refusal follows


def _with_password(dialogue: Dialogue, login: Login) -> Answer:
    user, password = login.user, login.secret.reveal().decode()
    offered = dialogue.mechanisms
    if "PLAIN" in offered:
        said = f"\0{user}\0{password}"  # RFC 4616 §2
        return dialogue.say(f"AUTH PLAIN {_encoded(said)}")
    if "LOGIN" not in offered:
        tokens = offered & {"XOAUTH2", "OAUTHBEARER"}
        raise failure(MailProblem.NEEDS_OAUTH if tokens else MailProblem.LOGIN_NOT_OFFERED)
    answer = dialogue.say("AUTH LOGIN")
    for each in (user, password):
        if answer.code == _GO_ON:
            answer = dialogue.say(_encoded(each))
    return answer


def _refused(answer: Answer, login: Login) -> MailProblem:
    found = refusal(f"{answer.enhanced} {answer.text}")
    if found is not None:
        return found
    if not answer.permanent:
        return MailProblem.SERVER_SAID_NO
    return MailProblem.CONSENT_EXPIRED if login.is_token else MailProblem.LOGIN_REFUSED


def _encoded(said: str) -> str:
    return base64.b64encode(said.encode()).decode("ascii")


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Everything that goes wrong on the way in as a ``TransportFailure`` with its code."""
    try:
        yield
    except TransportFailure:
        raise
    except TimeoutError:
        raise failure(MailProblem.TIMED_OUT, stage=Stage.LOGIN) from None
    except smtplib.SMTPResponseException as error:
        said = f"{error.smtp_code} {error.smtp_error!r}"
        raise failure(refusal(said) or MailProblem.SERVER_SAID_NO) from None
    except (smtplib.SMTPException, ValueError):
        raise failure(MailProblem.OTHER_PROTOCOL) from None
    except OSError:
        raise failure(MailProblem.NOT_REACHED, "the connection ended", Stage.LOGIN) from None
