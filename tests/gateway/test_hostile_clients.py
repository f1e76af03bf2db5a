"""Slow, silent, flooding and vanishing clients: each costs a bounded share and harms nobody."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from siegel.transport.envelope import Envelope
from siegel.transport.listening import MIB, GatewayLimits, Timeouts
from siegel.transport.replies import ACCEPTED, Reply
from tests.gateway.conftest import Seen, StartGateway
from tests.gateway.lines import LineClient


def test_a_silent_client_is_sent_away(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen, timeouts=Timeouts(command=0.2)).address) as client:
        client.reply()
        assert client.reply().startswith("421 4.4.2")
        assert client.is_closed()


def test_a_client_that_trickles_a_command_is_sent_away(start: StartGateway, seen: Seen) -> None:
    """Slowloris: each octet is in time, the line is not."""
    with LineClient(start(seen, timeouts=Timeouts(command=0.4)).address) as client:
        client.reply()
        with _trickling(client):
            assert client.reply().startswith("421 4.4.2")


def test_a_client_that_stops_in_the_text_is_sent_away(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen, timeouts=Timeouts(block=0.2)).address) as client:
        client.begin()
        assert client.send(b"half a message").startswith("421 4.4.2")
        assert client.is_closed()
    assert seen.messages == []


def test_a_client_that_trickles_the_text_is_sent_away(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen, timeouts=Timeouts(block=5, data=0.5)).address) as client:
        client.begin()
        client.say("DATA")
        with _trickling(client):
            assert client.reply().startswith("421 4.4.2")
    assert seen.messages == []


@contextlib.contextmanager
def _trickling(client: LineClient) -> Iterator[None]:
    """An octet now and then, for as long as the block takes: the client waits a minute for a reply,
    and a gateway that lets itself be held up never gives one."""
    enough = threading.Event()

    def trickle() -> None:
        with contextlib.suppress(OSError):
            while not enough.wait(0.05):
                client.raw(b"x")

    thread = threading.Thread(target=trickle)
    thread.start()
    try:
        yield
    finally:
        enough.set()
        thread.join()


def test_slow_clients_do_not_hold_up_the_others(start: StartGateway, seen: Seen) -> None:
    """The slow ones send nothing more: whoever waited for them would wait past every patience."""
    gateway = start(seen, limits=GatewayLimits(connections=20))
    slow = [LineClient(gateway.address) for _ in range(15)]
    try:
        for client in slow:
            client.begin()
            client.say("DATA")
            client.raw(b"x" * 1000)
        with LineClient(gateway.address) as quick:
            quick.begin()
            assert quick.send(b"x\r\n.\r\n").startswith("250")
    finally:
        for client in slow:
            client.close()


def test_one_connection_too_many_is_told_to_come_again(start: StartGateway, seen: Seen) -> None:
    gateway = start(seen, limits=GatewayLimits(connections=2))
    with LineClient(gateway.address) as first, LineClient(gateway.address) as second:
        first.reply()
        second.reply()
        with LineClient(gateway.address) as third:
            assert third.reply().startswith("421 4.3.2")
            assert third.is_closed()
        first.say("QUIT")
        assert first.is_closed()
        with LineClient(gateway.address) as fourth:
            assert fourth.reply().startswith("220")


@pytest.mark.parametrize("allowed", [["192.0.2.0/24"], [], ["::1/128"]], ids=repr)
def test_a_host_that_is_not_allowed_sees_no_banner(
    start: StartGateway, seen: Seen, allowed: list[str]
) -> None:
    with LineClient(start(seen, allowed_clients=allowed).address) as client:
        assert client.reply().startswith("421 4.7.1")
        assert client.is_closed()


def test_an_endless_command_is_cut_off(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        client.raw(b"EHLO " + b"x" * 4000)
        assert client.reply().startswith("500 5.5.2")
        assert client.is_closed()


def test_a_client_that_only_chats_is_sent_away(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.reply()
        replies = [client.say("NOOP")[:3] for _ in range(100)]
        assert replies == ["250"] * 100
        assert client.say("NOOP").startswith("421 4.7.0")


def test_many_messages_on_one_connection_are_no_chat(start: StartGateway, seen: Seen) -> None:
    with LineClient(start(seen).address) as client:
        client.begin()
        client.send(b"x\r\n.\r\n")
        for _ in range(120):
            client.envelope()
            client.send(b"x\r\n.\r\n")
    assert len(seen.messages) == 121


def test_a_message_announced_too_big_is_refused_before_data(
    start: StartGateway, seen: Seen
) -> None:
    gateway = start(seen, limits=GatewayLimits(message_size=1000))
    with LineClient(gateway.address) as client:
        client.reply()
        client.say("EHLO mta")
        assert client.say("MAIL FROM:<a@b.example> SIZE=1001").startswith("552 5.3.4")
        assert client.say("MAIL FROM:<a@b.example> SIZE=1000").startswith("250")


@pytest.mark.parametrize("size", [999, 1000, 1001, 5000])
def test_the_size_limit_counts_the_message_itself(
    start: StartGateway, seen: Seen, size: int
) -> None:
    """Dot-stuffing is not counted (RFC 1870 §2)."""
    message = b".x\r\n" * (size // 4)
    message = message + b"y" * (size - len(message) - 2) + b"\r\n"
    gateway = start(seen, limits=GatewayLimits(message_size=1000))
    with LineClient(gateway.address) as client:
        client.begin()
        reply = client.send(message.replace(b".x", b"..x") + b".\r\n")
        assert reply.startswith("250" if len(message) <= 1000 else "552 5.3.4")
        client.envelope()
        assert client.send(b"next\r\n.\r\n").startswith("250")
    assert seen.messages[-1] == b"next\r\n"


def test_a_flood_is_not_read_to_its_end(start: StartGateway, seen: Seen) -> None:
    gateway = start(seen, limits=GatewayLimits(message_size=1000))
    with LineClient(gateway.address) as client:
        client.begin()
        client.say("DATA")
        with pytest.raises(ConnectionError):
            client.raw(b"x" * 60_000_000)


def test_no_room_is_said_before_data(start: StartGateway) -> None:
    """Admission before DATA: what is on its way fills the room, the next message waits outside."""
    working, go_on = threading.Event(), threading.Event()

    def handler(envelope: Envelope, message: bytes) -> Reply:
        working.set()
        go_on.wait(120)
        return ACCEPTED

    limits = GatewayLimits(message_size=MIB, octets_in_flight=MIB + 1000)
    gateway = start(handler, limits=limits, timeouts=Timeouts(room=0.2))
    with LineClient(gateway.address) as first, LineClient(gateway.address) as second:
        first.begin(mail=f"SIZE={MIB}")
        first.say("DATA")
        first.raw(b"x\r\n.\r\n")
        assert working.wait(60)
        second.begin(mail="SIZE=2000")
        assert second.say("DATA").startswith("452 4.3.1")
        go_on.set()
        assert first.reply().startswith("250")
        second.envelope(mail="SIZE=2000")
        assert second.send(b"y\r\n.\r\n").startswith("250")
    assert gateway.room.free == MIB + 1000


def test_a_message_waits_shortly_for_room(start: StartGateway) -> None:
    go_on = threading.Event()

    def handler(envelope: Envelope, message: bytes) -> Reply:
        go_on.wait(120)
        return ACCEPTED

    limits = GatewayLimits(message_size=MIB, octets_in_flight=MIB)
    gateway = start(handler, limits=limits, timeouts=Timeouts(room=60))
    with LineClient(gateway.address) as first, LineClient(gateway.address) as second:
        first.begin(mail=f"SIZE={MIB}")
        first.say("DATA")
        first.raw(b"x\r\n.\r\n")
        second.begin(mail="SIZE=2000")
        second.raw(b"DATA\r\n")
        time.sleep(0.1)
        go_on.set()
        assert second.reply().startswith("354")


def test_a_message_that_outgrows_its_room_is_deferred(start: StartGateway, seen: Seen) -> None:
    gateway = start(seen, limits=GatewayLimits(message_size=3 * MIB, octets_in_flight=3 * MIB))
    with LineClient(gateway.address) as first, LineClient(gateway.address) as second:
        first.begin(mail=f"SIZE={2 * MIB}")
        first.say("DATA")
        second.begin(mail="SIZE=10")
        reply = second.send(b"x" * 78 + (b"\r\n" + b"y" * 78) * 20000 + b"\r\n.\r\n")
        assert reply.startswith("452 4.3.1")
        assert first_message(first).startswith("250")
    assert gateway.room.free == 3 * MIB


def first_message(client: LineClient) -> str:
    client.raw(b"x\r\n.\r\n")
    return client.reply()


@pytest.mark.parametrize("when", ["after-mail", "in-data", "while-handled"])
def test_a_client_that_vanishes_leaves_no_room_taken(start: StartGateway, when: str) -> None:
    begun, gone, done = threading.Event(), threading.Event(), threading.Event()

    def handler(envelope: Envelope, message: bytes) -> Reply:
        begun.set()
        gone.wait(60)
        done.set()
        return ACCEPTED

    gateway = start(handler)
    whole = gateway.room.free
    client = LineClient(gateway.address)
    client.begin()
    if when != "after-mail":
        client.say("DATA")
        client.raw(b"x\r\n" + (b".\r\n" if when == "while-handled" else b""))
    if when == "while-handled":
        assert begun.wait(60)
    client.reset()
    gone.set()
    assert done.wait(60 if when == "while-handled" else 0.5) == (when == "while-handled")
    _wait_for(lambda: gateway.room.free == whole)
    with LineClient(gateway.address) as other:
        other.begin()
        assert other.send(b"x\r\n.\r\n").startswith("250")


def _wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_mail_of_a_client_that_left_before_its_turn_is_not_handled(start: StartGateway) -> None:
    """It heard no 250 and comes again: handling it now would deliver twice."""
    working, go_on = threading.Event(), threading.Event()
    handled: list[bytes] = []

    def handler(envelope: Envelope, message: bytes) -> Reply:
        handled.append(message)
        working.set()
        go_on.wait(120)
        return ACCEPTED

    gateway = start(handler, limits=GatewayLimits(workers=1))
    with LineClient(gateway.address) as first:
        first.begin()
        first.say("DATA")
        first.raw(b"first\r\n.\r\n")
        assert working.wait(60)
        alone = gateway.room.free
        second = LineClient(gateway.address)
        second.begin()
        second.say("DATA")
        second.raw(b"second\r\n.\r\n")
        time.sleep(0.1)
        second.reset()
        _wait_for(lambda: gateway.room.free == alone)  # the gateway has seen that it left
        go_on.set()
        assert first.reply().startswith("250")
    assert handled == [b"first\r\n"]


def test_a_handler_that_takes_too_long_is_451(start: StartGateway) -> None:
    go_on = threading.Event()

    def handler(envelope: Envelope, message: bytes) -> Reply:
        go_on.wait(120)
        return ACCEPTED

    gateway = start(handler, timeouts=Timeouts(handler=0.2))
    with LineClient(gateway.address) as client:
        client.begin()
        assert client.send(b"x\r\n.\r\n").startswith("451 4.3.0")
        go_on.set()
