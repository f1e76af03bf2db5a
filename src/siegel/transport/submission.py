"""The next hop by SMTP (RFC 5321), with a result for each recipient.

The bytes of the message arrive exactly as they were given (``smtp_dialogue``). 8BITMIME, SMTPUTF8,
SIZE and DSN are used only where the next hop offers them; mail that needs what is not offered is
refused permanently and never converted, because conversion would break signatures. Where DSN is
not offered, NOTIFY, ORCPT, RET and ENVID are dropped. Nothing is queued and nothing is tried twice.
"""

import contextlib
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from siegel.base.buffers import Buffer
from siegel.base.errors import MalformedAddress, MalformedMessage, TransportFailure
from siegel.transport.envelope import (
    Body,
    MailOptions,
    Notify,
    RecipientOptions,
    fits_in_a_path,
)
from siegel.transport.smtp_dialogue import (
    Answer,
    Dialogue,
    MessageProfile,
    Patience,
    UnclearOutcome,
    profile,
)

PATIENCE = Patience()
NO_OPTIONS = MailOptions()
NO_RECIPIENT_OPTIONS: Mapping[str, RecipientOptions] = MappingProxyType({})


class StartTls(StrEnum):
    NONE = "none"
    OPPORTUNISTIC = "opportunistic"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What the next hop said about one recipient; ``text`` is for the journal, one line."""

    code: int
    enhanced: str
    text: str
    permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Every recipient is in exactly one of the two."""

    accepted: tuple[str, ...]
    refused: Mapping[str, Refusal]


class NextHop(Protocol):
    """Where a message goes from here."""

    def submit(
        self,
        sender: str,
        recipients: Sequence[str],
        chunks: Sequence[Buffer],
        *,
        options: MailOptions = NO_OPTIONS,
        recipient_options: Mapping[str, RecipientOptions] = NO_RECIPIENT_OPTIONS,
    ) -> Receipt:
        """Hand the message over; ``sender`` is empty for the null sender.

        Raises ``TransportFailure`` when nothing can be said about any recipient: not reached, or
        the connection ended before the outcome was known (parameter ``unclear=True``).
        """
        ...


class SmtpNextHop:
    """An SMTP server; one connection for each message, safe to use from several threads."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        local_hostname: str,
        starttls: StartTls = StartTls.NONE,
        tls_context: ssl.SSLContext | None = None,
        patience: Patience = PATIENCE,
    ) -> None:
        self._host = host
        self._port = port
        self._local_hostname = local_hostname
        self._starttls = starttls
        self._tls_context = tls_context
        self._patience = patience

    def submit(
        self,
        sender: str,
        recipients: Sequence[str],
        chunks: Sequence[Buffer],
        *,
        options: MailOptions = NO_OPTIONS,
        recipient_options: Mapping[str, RecipientOptions] = NO_RECIPIENT_OPTIONS,
    ) -> Receipt:
        message = profile(chunks)
        if not message.canonical:
            raise MalformedMessage("a bare CR or LF cannot be sent by SMTP")
        for address in (*([sender] if sender else []), *recipients):
            if not fits_in_a_path(address):
                raise MalformedAddress(f"cannot be said in SMTP: {address[:120]!r}")
        try:
            with contextlib.closing(self._connected()) as dialogue:
                transaction = _Transaction(dialogue, message, sender, options, recipient_options)
                receipt = transaction.run(tuple(dict.fromkeys(recipients)), chunks)
                dialogue.farewell()
        except UnclearOutcome as error:
            raise TransportFailure(
                "the next hop did not say whether it took the message", unclear=True
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise TransportFailure(
                f"no usable answer from the next hop {self._host}:{self._port}", unclear=False
            ) from error
        return receipt

    def _connected(self) -> Dialogue:
        dialogue = Dialogue(
            self._host, self._port, local_hostname=self._local_hostname, patience=self._patience
        )
        try:
            self._secure(dialogue)
        except BaseException:
            dialogue.close()
            raise
        return dialogue

    def _secure(self, dialogue: Dialogue) -> None:
        if self._starttls is StartTls.NONE:
            return
        if dialogue.offers("starttls"):
            dialogue.secure(self._context())
        elif self._starttls is StartTls.REQUIRED:
            raise smtplib.SMTPNotSupportedError("STARTTLS is required and not offered")

    def _context(self) -> ssl.SSLContext:
        """Opportunistic security protects against listeners, not against impostors (RFC 7435)."""
        if self._tls_context is not None:
            return self._tls_context
        context = ssl.create_default_context()
        if self._starttls is StartTls.OPPORTUNISTIC:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


class _Transaction:
    """MAIL, RCPT for each, DATA (RFC 5321 §3.3)."""

    def __init__(
        self,
        dialogue: Dialogue,
        message: MessageProfile,
        sender: str,
        options: MailOptions,
        recipient_options: Mapping[str, RecipientOptions],
    ) -> None:
        self._dialogue = dialogue
        self._message = message
        self._sender = sender
        self._options = options
        self._recipient_options = recipient_options
        self._refused: dict[str, Refusal] = {}

    def run(self, recipients: tuple[str, ...], chunks: Sequence[Buffer]) -> Receipt:
        obstacle = self._obstacle()
        if obstacle is not None:
            return Receipt(accepted=(), refused=dict.fromkeys(recipients, obstacle))
        reachable = self._reachable(recipients)
        answer = self._dialogue.say(self._mail_command(reachable)) if reachable else None
        if answer is not None and answer.good:
            reachable = tuple(r for r in reachable if self._takes(r))
            answer = self._dialogue.send(chunks) if reachable else None
        if answer is not None and not answer.good:
            self._refused.update(dict.fromkeys(reachable, _refusal(answer)))
            reachable = ()
        return Receipt(accepted=reachable, refused=self._refused)

    def _obstacle(self) -> Refusal | None:
        """What keeps the whole message from being sent to this server."""
        offers = self._dialogue.offers
        if self._message.eight_bit and not offers("8bitmime"):
            return _own_refusal(554, "5.6.3", "the next hop does not take 8-bit content")
        if self._needs_utf8() and not offers("smtputf8"):
            return _own_refusal(550, "5.6.7", "the next hop does not take international addresses")
        limit = self._dialogue.size_limit
        if limit and self._message.size > limit:
            return _own_refusal(552, "5.3.4", "the message is too big for the next hop")
        return None

    def _needs_utf8(self) -> bool:
        """An 8-bit header needs SMTPUTF8 only if the client said so: old mail has raw ones."""
        return not self._sender.isascii() or (
            self._options.smtputf8 and self._message.eight_bit_header
        )

    def _reachable(self, recipients: tuple[str, ...]) -> tuple[str, ...]:
        """RFC 6531 §3.6: without SMTPUTF8 an international recipient is refused, the others go."""
        if self._dialogue.offers("smtputf8"):
            return recipients
        refusal = _own_refusal(553, "5.6.7", "the next hop does not take international addresses")
        self._refused.update((r, refusal) for r in recipients if not r.isascii())
        return tuple(r for r in recipients if r.isascii())

    def _mail_command(self, recipients: tuple[str, ...]) -> str:
        offers = self._dialogue.offers
        parameters: list[str] = []
        if offers("size"):
            parameters.append(f"SIZE={self._message.size}")
        if self._message.eight_bit or (self._options.body and offers("8bitmime")):
            body = Body.EIGHT_BIT if self._message.eight_bit else self._options.body
            parameters.append(f"BODY={body}")
        if self._needs_utf8() or not all(r.isascii() for r in recipients):
            parameters.append("SMTPUTF8")
        if offers("dsn"):
            parameters += _named(RET=self._options.ret, ENVID=self._options.envid)
        return " ".join([f"MAIL FROM:<{self._sender}>", *parameters])

    def _takes(self, recipient: str) -> bool:
        answer = self._dialogue.say(self._rcpt_command(recipient))
        if not answer.good:
            self._refused[recipient] = _refusal(answer)
        return answer.good

    def _rcpt_command(self, recipient: str) -> str:
        options = self._recipient_options.get(recipient, RecipientOptions())
        parameters: list[str] = []
        if self._dialogue.offers("dsn"):
            notify = ",".join(n for n in Notify if n in options.notify)
            parameters = _named(NOTIFY=notify, ORCPT=options.orcpt)
        return " ".join([f"RCPT TO:<{recipient}>", *parameters])


def _named(**parameters: str | None) -> list[str]:
    return [f"{name}={value}" for name, value in parameters.items() if value]


def _refusal(answer: Answer) -> Refusal:
    return Refusal(
        code=answer.code,
        enhanced=answer.enhanced,
        text=answer.text,
        permanent=answer.permanent,
    )


def _own_refusal(code: int, enhanced: str, text: str) -> Refusal:
    return Refusal(code=code, enhanced=enhanced, text=text, permanent=True)
