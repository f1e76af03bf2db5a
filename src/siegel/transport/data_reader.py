"""The text of DATA: from the wire to the message, octet by octet the same (RFC 5321 §4.5.2).

Only CRLF "." CRLF ends it. A CR or LF that is not part of a CRLF never ends anything and makes the
message refused as a whole (SMTP smuggling, CVE-2023-51764 and its family). Works on blocks, keeps
one copy of the message, and knows neither sockets nor replies.
"""

from siegel.base.buffers import Buffer

_END = b"\r\n.\r\n"
# Each of these at the end of a block may be the beginning of the end.
_BEGINNINGS = (b"\r\n.\r", b"\r\n.", b"\r\n", b"\r")


class DataReader:
    """Feed blocks until ``feed`` returns what came behind the end."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        # The text begins at the beginning of a line: as if a CRLF stood before it.
        self._tail = b"\r\n"
        self._content = bytearray()
        self._discarding = False
        self.received = 0
        self.bare_line_end = False
        self.too_big = False
        self.no_room = False

    @property
    def size(self) -> int:
        """Octets of the message that are kept so far."""
        return len(self._content)

    def feed(self, block: Buffer) -> bytes | None:
        """None while the text goes on, then the octets behind its end."""
        self.received += len(block)
        text = self._tail + bytes(block)
        end = text.find(_END)
        if end >= 0:
            self._keep(text[: end + 2])
            return text[end + len(_END) :]
        self._tail = next((b for b in _BEGINNINGS if text.endswith(b)), b"")
        self._keep(text[: len(text) - len(self._tail)])
        return None

    def refuse_room(self) -> None:
        """The message may not grow: read on to its end, but keep nothing more."""
        self.no_room = True
        self._discard()

    def message(self) -> bytes:
        """The message, once; its room is free afterwards."""
        with memoryview(self._content) as view:
            message = bytes(view[2:])
        self._content = bytearray()
        return message

    def _discard(self) -> None:
        self._discarding = True
        self._content = bytearray()

    def _keep(self, text: bytes) -> None:
        pairs = text.count(b"\r\n")
        if text.count(b"\r") != pairs or text.count(b"\n") != pairs:
            self.bare_line_end = True
            self._discard()
        if self._discarding:
            return
        self._content += text.replace(b"\r\n.", b"\r\n")
        if len(self._content) - 2 > self._limit:
            self.too_big = True
            self._discard()
