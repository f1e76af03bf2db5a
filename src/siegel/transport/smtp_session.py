"""One SMTP session of the gateway: aiosmtpd's connection and STARTTLS, our commands and DATA.

RFC 5321 with SIZE, PIPELINING, 8BITMIME, SMTPUTF8, DSN, ENHANCEDSTATUSCODES, XFORWARD and, where
a certificate is given, STARTTLS. AUTH is not offered: the gateway listens for mail servers named in
its configuration, not for people. CHUNKING, BINARYMIME, ETRN, EXPN and PROXY are not offered.

aiosmtpd's own command loop is not used: it takes a bare LF for the end of a command, folds the case
of DSN parameters, knows no parameters of RCPT, answers 500 to an exception and cuts a client off
that has sent everything and half-closed.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, TLSSetupException

from siegel.transport import commands
from siegel.transport.commands import Refused
from siegel.transport.data_reader import DataReader
from siegel.transport.envelope import Envelope, MailOptions, RecipientOptions
from siegel.transport.listening import MIB, Service
from siegel.transport.replies import BARE_LINE_END, NO_ROOM, TOO_BIG, TRY_LATER, Reply
from siegel.transport.wire import Hangup, Wire

MAX_IDLE_COMMANDS = 100  # commands but RCPT without a message between them; a few are usual
FIRST_ROOM = MIB  # octets reserved for a message whose client announces no size
FLOOD = 10  # times the recipients of one transaction, taken or not

_log = logging.getLogger("siegel.transport.gateway")


@dataclass(slots=True)
class _Transaction:
    sender: str
    options: MailOptions
    recipients: dict[str, RecipientOptions] = field(default_factory=dict)
    asked: int = 0


_OK = Reply(250, "2.0.0", "ok")
_BYE = Reply(221, "2.0.0", "bye")
_GO_AHEAD = Reply(354, "", "end data with <CR><LF>.<CR><LF>")
_CLOSING = Reply(421, "4.3.2", "closing, please come again")
_UNKNOWN = Reply(500, "5.5.1", "command not known")
_OUT_OF_ORDER = Reply(503, "5.5.1", "commands in a wrong order")
_NO_ARGUMENT = Reply(501, "5.5.4", "this command takes no argument")
_NEEDS_NAME = Reply(501, "5.5.4", "give the name of your host")
_TOO_MANY_RECIPIENTS = Reply(452, "4.5.3", "too many recipients, send to the others apart")
_TOO_MANY_COMMANDS = Reply(421, "4.7.0", "too many commands without a message")
_NO_VRFY = Reply(252, "2.1.5", "cannot verify, but will take mail and try")


class SmtpSession(SMTP):
    """One connection of one client."""

    line_length_limit = 64 * 1024  # what aiosmtpd's stream buffers ahead; no limit of lines here

    def __init__(self, service: Service) -> None:
        super().__init__(
            None,
            hostname=service.hostname,
            ident="ESMTP",
            tls_context=service.tls_context,
            enable_SMTPUTF8=service.smtputf8,
            # Each wait below has its own limit; this one is for what none of them saw.
            timeout=2 * (service.timeouts.data + service.timeouts.handler),
        )
        self._service = service
        self._helo = ""
        self._extended = False
        self._transaction: _Transaction | None = None
        self._xforward: dict[str, str] = {}
        self._idle_commands = 0
        self._over = False
        self._verbs: dict[bytes, Callable[[bytes], Awaitable[Reply | None]]] = {
            b"EHLO": self._ehlo,
            b"HELO": self._hello,
            b"MAIL": self._mail,
            b"RCPT": self._rcpt,
            b"DATA": self._data,
            b"RSET": self._rset,
            b"NOOP": self._noop,
            b"VRFY": self._vrfy,
            b"QUIT": self._quit,
            b"XFORWARD": self._take_xforward,
            b"STARTTLS": self._starttls,
        }

    @property
    def client(self) -> str:
        peer = self.session.peer if self.session is not None else None
        return str(peer[0]) if peer else ""

    def drain(self) -> None:
        if self._wire.waits_for_command and self._handler_coroutine is not None:
            self._handler_coroutine.cancel()

    def abort(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def eof_received(self) -> bool | None:
        """A client that has said everything still hears the answers."""
        if self.session is not None and self.session.ssl is not None:
            return False
        return asyncio.StreamReaderProtocol.eof_received(self)

    def _cb_client_connected(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super()._cb_client_connected(reader, writer)
        self._wire = Wire(reader, self._service.timeouts)

    async def _handle_client(self) -> None:
        refusal = self._service.admit(self)
        try:
            if refusal is not None:
                await self._say(refusal)
            else:
                await self._converse()
        except Hangup as hangup:
            await self._last_word(hangup.reply)
        except asyncio.CancelledError:
            if not (self._service.draining and self._wire.waits_for_command):
                raise
            await self._last_word(_CLOSING)
        except (ConnectionError, EOFError, TLSSetupException):
            pass  # the client has gone; there is nobody to tell
        except Exception:
            _log.exception("session failed role=%s", self._service.role)
            await self._last_word(TRY_LATER)
        finally:
            self._service.dismiss(self)
            self.abort()

    async def _converse(self) -> None:
        await self._say(Reply(220, "", f"{self._service.hostname} ESMTP"))
        while not self._over:
            if self._service.draining:
                raise Hangup(_CLOSING)
            line = await self._wire.command_line()
            self._reset_timeout()
            reply = await self._answer(line)
            if reply is not None:
                await self._say(reply)

    async def _answer(self, line: bytes) -> Reply | None:
        verb, _, argument = line.partition(b" ")
        verb = verb.upper()
        if verb != b"RCPT" or self._transaction is None:
            self._idle_commands += 1
        if self._idle_commands > MAX_IDLE_COMMANDS:
            raise Hangup(_TOO_MANY_COMMANDS)
        try:
            return await self._verbs.get(verb, self._no_verb)(argument.strip(b" "))
        except Refused as refused:
            return refused.reply

    async def _no_verb(self, argument: bytes) -> Reply:
        return _UNKNOWN

    async def _ehlo(self, name: bytes) -> Reply:
        self._introduce(name, extended=True)
        service = self._service
        offers = [
            service.hostname,
            f"SIZE {service.limits.message_size}",
            "PIPELINING",
            "8BITMIME",
            *(["SMTPUTF8"] if service.smtputf8 else []),
            "DSN",
            "ENHANCEDSTATUSCODES",
            *(["STARTTLS"] if service.tls_context is not None and not self._secured else []),
            "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE",
        ]
        return Reply(250, "", "\n".join(offers))

    async def _hello(self, name: bytes) -> Reply:
        self._introduce(name, extended=False)
        return Reply(250, "", self._service.hostname)

    def _introduce(self, name: bytes, *, extended: bool) -> None:
        if not name:
            raise Refused(_NEEDS_NAME)
        self._helo = name.decode("utf-8", "replace")[:255]
        self._extended = extended
        self._reset()

    def _reset(self) -> None:
        self._transaction = None
        self._xforward = {}

    async def _mail(self, argument: bytes) -> Reply:
        if not self._helo or self._transaction is not None:
            return _OUT_OF_ORDER
        sender, options = commands.mail(argument)
        if options.size is not None and options.size > self._service.limits.message_size:
            return TOO_BIG
        if options.smtputf8 and not self._service.smtputf8:
            return Reply(555, "5.5.4", "SMTPUTF8 is not offered")
        self._transaction = _Transaction(sender, options)
        return Reply(250, "2.1.0", "ok")

    async def _rcpt(self, argument: bytes) -> Reply:
        transaction = self._transaction
        if transaction is None:
            return _OUT_OF_ORDER
        transaction.asked += 1
        if transaction.asked > FLOOD * self._service.limits.recipients + MAX_IDLE_COMMANDS:
            raise Hangup(_TOO_MANY_COMMANDS)
        recipient, options = commands.rcpt(argument, smtputf8=transaction.options.smtputf8)
        if len(transaction.recipients) >= self._service.limits.recipients:
            return _TOO_MANY_RECIPIENTS
        transaction.recipients[recipient] = options
        return Reply(250, "2.1.5", "ok")

    async def _rset(self, argument: bytes) -> Reply:
        self._reset()
        return _NO_ARGUMENT if argument else _OK

    async def _noop(self, argument: bytes) -> Reply:
        return _OK

    async def _vrfy(self, argument: bytes) -> Reply:
        return _NO_VRFY

    async def _quit(self, argument: bytes) -> Reply:
        self._over = True
        return _BYE

    async def _take_xforward(self, argument: bytes) -> Reply:
        if self._transaction is not None:
            return _OUT_OF_ORDER
        self._xforward.update(commands.xforward(argument))
        return _OK

    async def _starttls(self, argument: bytes) -> None:
        """RFC 3207: nothing said before counts, and nothing sent early (CVE-2011-0411)."""
        if argument:
            raise Refused(_NO_ARGUMENT)
        if self._service.tls_context is None or self._secured:
            raise Refused(Reply(454, "4.7.0", "TLS is not available"))
        self._wire.clear()
        self._helo = ""
        self._reset()
        await self.smtp_STARTTLS("")

    @property
    def _secured(self) -> bool:
        return self.session is not None and self.session.ssl is not None

    async def _data(self, argument: bytes) -> Reply:
        transaction = self._transaction
        if transaction is None:
            return _OUT_OF_ORDER
        if argument:
            return _NO_ARGUMENT
        if not transaction.recipients:
            return Reply(554, "5.5.1", "no valid recipients")
        try:
            return await self._take_message(transaction)
        finally:
            self._reset()

    async def _take_message(self, transaction: _Transaction) -> Reply:
        size = transaction.options.size
        ticket = await self._service.room.reserve(
            min(FIRST_ROOM, self._service.limits.message_size) if size is None else size,
            patience=self._service.timeouts.room,
        )
        if ticket is None:
            return NO_ROOM
        try:
            await self._say(_GO_AHEAD)
            reader = await self._wire.message(self._service.limits.message_size, ticket)
            refusal = _refusal(reader)
            if refusal is not None:
                ticket.release()
                return refusal
        except BaseException:
            ticket.release()
            raise
        self._idle_commands = 0
        # The ticket is the handler's now: it may go on when this client has gone.
        return await self._service.handle(self._envelope_of(transaction), reader.message(), ticket)

    def _envelope_of(self, transaction: _Transaction) -> Envelope:
        return Envelope(
            role=self._service.role,
            sender=transaction.sender,
            recipients=tuple(transaction.recipients),
            options=transaction.options,
            recipient_options=transaction.recipients,
            client=self.client,
            helo=self._helo,
            extended=self._extended,
            tls=self._secured,
            xforward=self._xforward,
        )

    async def _say(self, reply: Reply) -> None:
        self._writer.writelines(line + b"\r\n" for line in reply.lines())
        try:
            async with asyncio.timeout(self._service.timeouts.command):
                await self._writer.drain()
        except TimeoutError:
            raise EOFError from None  # a client that does not listen

    async def _last_word(self, reply: Reply) -> None:
        with contextlib.suppress(ConnectionError, EOFError):
            await self._say(reply)


def _refusal(reader: DataReader) -> Reply | None:
    if reader.bare_line_end:
        return BARE_LINE_END
    if reader.too_big:
        return TOO_BIG
    return NO_ROOM if reader.no_room else None
