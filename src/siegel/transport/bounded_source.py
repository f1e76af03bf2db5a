"""A connection as a stream with an end: so many seconds and octets for all reads together."""

import io
import socket

from siegel.transport.fetching import Budget


class TooManyOctets(OSError):
    """The other side says more than it may."""


class BoundedSource(io.RawIOBase):
    """Like the raw part of ``socket.makefile``. ``budget`` and ``octets`` may be changed while it
    is read from; None: each wait has the time of the socket, and there is no sum."""

    def __init__(self, connection: socket.socket, budget: Budget | None, octets: int | None):
        super().__init__()
        self._connection = connection
        self.budget = budget
        self.octets = octets

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int | None:  # type: ignore[override]  # io's own
        if self.budget is not None:
            if self.budget.left <= 0:
                raise TimeoutError
            self._connection.settimeout(self.budget.left)
        try:
            count = self._connection.recv_into(buffer)
        except BlockingIOError:
            return None
        if self.octets is not None:
            self.octets -= count
            if self.octets < 0:
                raise TooManyOctets
        return count
