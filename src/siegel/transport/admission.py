"""How much the gateway takes on at once: connections, and octets of messages in memory.

A message is asked for before it is received (decision: admission before DATA), so a crowd of big
messages is deferred with 452 and not killed by the kernel with everything else. Used from one
event loop only.
"""

import asyncio
from collections import deque


class Room:
    """Octets that messages may occupy together until their handler has answered."""

    def __init__(self, octets: int) -> None:
        self._free = octets
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @property
    def free(self) -> int:
        return self._free

    async def reserve(self, octets: int, *, patience: float) -> "Ticket | None":
        """Room for a message, first come first served; None if there is none in time."""
        if not self._waiting and octets <= self._free:
            self._free -= octets
            return Ticket(self, octets)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((octets, turn))
        try:
            async with asyncio.timeout(patience):
                await turn
        except TimeoutError:
            self._leave_queue(octets, turn)
            return None
        except asyncio.CancelledError:
            self._leave_queue(octets, turn)
            raise
        return Ticket(self, octets)

    def take(self, octets: int) -> bool:
        """More room for a message on its way; it cannot wait, others may wait for its end."""
        if octets > self._free:
            return False
        self._free -= octets
        return True

    def give_back(self, octets: int) -> None:
        self._free += octets
        while self._waiting and self._waiting[0][0] <= self._free:
            wanted, turn = self._waiting.popleft()
            if not turn.done():
                self._free -= wanted
                turn.set_result(None)

    def _leave_queue(self, octets: int, turn: "asyncio.Future[None]") -> None:
        if turn.done() and not turn.cancelled():
            self.give_back(octets)  # the turn had come while the waiter was leaving
            return
        if (octets, turn) in self._waiting:
            self._waiting.remove((octets, turn))
        self.give_back(0)


class Ticket:
    """The room of one message. ``release`` may be called more than once."""

    def __init__(self, room: Room, octets: int) -> None:
        self._room = room
        self._octets = octets

    def covers(self, octets: int) -> bool:
        """Whether the message may have grown to this size."""
        missing = octets - self._octets
        if missing <= 0:
            return True
        if not self._room.take(missing):
            return False
        self._octets = octets
        return True

    def release(self) -> None:
        octets, self._octets = self._octets, 0
        self._room.give_back(octets)
