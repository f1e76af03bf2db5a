"""Room for messages: first come, first served, and nothing lost in a race."""

import asyncio
import contextlib
import random

from siegel.transport.admission import Room, Ticket


def test_room_is_taken_and_given_back() -> None:
    async def run() -> None:
        room = Room(100)
        ticket = await room.reserve(60, patience=0.01)
        assert ticket is not None
        assert await room.reserve(60, patience=0.01) is None
        assert ticket.covers(100)
        assert not ticket.covers(101)
        ticket.release()
        ticket.release()
        assert room.free == 100

    asyncio.run(run())


def test_a_big_message_is_not_overtaken_for_ever() -> None:
    async def run() -> None:
        room = Room(100)
        first = await room.reserve(80, patience=60)
        assert first is not None
        big = asyncio.create_task(room.reserve(90, patience=60))
        await asyncio.sleep(0)
        small = asyncio.create_task(room.reserve(10, patience=60))
        await asyncio.sleep(0.01)
        assert not small.done()
        first.release()
        assert await big is not None
        assert await small is not None
        assert room.free == 0

    asyncio.run(run())


def test_a_waiter_that_leaves_lets_the_next_one_in() -> None:
    async def run() -> None:
        room = Room(100)
        first = await room.reserve(50, patience=60)
        assert first is not None
        impatient = asyncio.create_task(room.reserve(90, patience=0.05))
        await asyncio.sleep(0)
        second = asyncio.create_task(room.reserve(50, patience=60))
        assert await impatient is None
        assert await second is not None

    asyncio.run(run())


def test_no_order_of_events_loses_room() -> None:
    async def client(room: Room, dice: random.Random) -> None:
        ticket: Ticket | None = None
        with contextlib.suppress(asyncio.CancelledError):
            ticket = await room.reserve(dice.randint(1, 100), patience=dice.random() / 100)
            await asyncio.sleep(dice.random() / 200)
        if ticket is not None:
            ticket.covers(dice.randint(1, 120))
            ticket.release()

    async def run() -> None:
        dice = random.Random(7)
        room = Room(100)
        tasks = [asyncio.create_task(client(room, dice)) for _ in range(300)]
        for task in tasks:
            if dice.random() < 0.3:
                await asyncio.sleep(dice.random() / 500)
                task.cancel()
        await asyncio.gather(*tasks)
        assert room.free == 100

    asyncio.run(run())
