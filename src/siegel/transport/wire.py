"""What a client of the gateway sends: commands line by line, messages block by block.

Only CRLF ends a line (RFC 5321 §2.3.8). Every wait has an end, and nothing is buffered without one.
"""

import asyncio

from siegel.transport.admission import Ticket
from siegel.transport.data_reader import DataReader
from siegel.transport.listening import MIB, Timeouts
from siegel.transport.replies import TOO_BIG, Reply

MAX_COMMAND = 2048  # octets; 512 of RFC 5321 §4.5.3.1.4 and what DSN and SMTPUTF8 add
FLOOD = 10  # times the size limit; a client that goes on so far is cut off, not heard to the end

_TIMEOUT = Reply(421, "4.4.2", "you took too long")
_LINE_TOO_LONG = Reply(500, "5.5.2", "line too long")
_BARE_COMMAND_END = Reply(500, "5.5.2", "a bare CR or LF is not allowed (RFC 5321 2.3.8)")


class Hangup(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


class Wire:
    """The receiving side of one connection. Raises ``EOFError`` when the client has gone."""

    def __init__(self, reader: asyncio.StreamReader, timeouts: Timeouts) -> None:
        self._reader = reader
        self._timeouts = timeouts
        self._pending = bytearray()
        self.waits_for_command = False

    def clear(self) -> None:
        """Forget what was sent early."""
        self._pending.clear()

    async def command_line(self) -> bytes:
        """The next command without its line end."""
        self.waits_for_command = True
        try:
            async with asyncio.timeout(self._timeouts.command):
                while (end := self._pending.find(b"\n")) < 0 and len(self._pending) <= MAX_COMMAND:
                    self._pending += await self._more()
        except TimeoutError:
            raise Hangup(_TIMEOUT) from None
        self.waits_for_command = False
        line = bytes(self._pending[: end + 1])
        del self._pending[: end + 1]
        if end < 0 or end > MAX_COMMAND:
            raise Hangup(_LINE_TOO_LONG)
        if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
            raise Hangup(_BARE_COMMAND_END)
        return line[:-2]

    async def message(self, limit: int, ticket: Ticket) -> DataReader:
        """The text of DATA to its end, kept only as far as limit and room allow."""
        reader = DataReader(limit)
        try:
            async with asyncio.timeout(self._timeouts.data):
                rest = None
                while rest is None:
                    rest = reader.feed(await self._block())
                    self._check(reader, limit, ticket)
        except TimeoutError:
            raise Hangup(_TIMEOUT) from None
        self._pending[:0] = rest
        return reader

    def _check(self, reader: DataReader, limit: int, ticket: Ticket) -> None:
        if not ticket.covers(reader.size):
            reader.refuse_room()
        if reader.received > FLOOD * limit + MIB:
            raise Hangup(TOO_BIG)

    async def _block(self) -> bytes:
        if self._pending:
            block = bytes(self._pending)
            self._pending.clear()
            return block
        async with asyncio.timeout(self._timeouts.block):
            return await self._more()

    async def _more(self) -> bytes:
        data = await self._reader.read(MIB)
        if not data:
            raise EOFError
        return data
