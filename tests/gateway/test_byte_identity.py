"""What comes in by one port goes out by the next hop with every octet as it was."""

import threading

import pytest

from siegel.transport.envelope import Envelope
from siegel.transport.listening import GatewayLimits
from siegel.transport.replies import ACCEPTED, Reply
from siegel.transport.submission import SmtpNextHop
from tests.gateway.conftest import StartGateway
from tests.gateway.lines import LineClient
from tests.gateway.nexthop import RecordingNextHop

HEADER = b"Subject: test\r\nX-Odd :  kept \r\n\t folded\r\n\r\n"

NASTY = {
    "empty": b"",
    "header-only": HEADER,
    "only-a-line-end": b"\r\n",
    "no-header": b"\r\nbody\r\n",
    "lone-dot": HEADER + b".\r\n",
    "first-line-dot": b".\r\n..\r\n",
    "dots": HEADER + b".\r\n..\r\n...\r\n....\r\n.x\r\n..x\r\n.\r\n",
    "dot-runs": b"\r\n.\r\n.\r\n.\r\n\r\n.\r\n",
    "8-bit": HEADER + bytes(b for b in range(256) if b not in (10, 13)) + b"\r\n",
    "NUL": HEADER + b"a\0b\0\r\n\0\r\n",
    "utf-8": HEADER + "Grüße – ☃\r\n".encode(),
    "long-line": HEADER + b"x" * 1_000_000 + b"\r\n",
    "long-dotted-line": HEADER + b"." * 300_000 + b"\r\n",
    "trailing-blanks": HEADER + b"blank \t\r\n \r\n\r\n\r\n\r\n",
    "From-line": HEADER + b"From here\r\n>From there\r\n",
    "many-lines": HEADER + b".\r\n" * 400_000,
    "block-edges": HEADER + b"".join(b"y" * n + b"\r\n.\r\n" for n in range(2000)),
}


def stuffed(message: bytes) -> bytes:
    """By the letter of RFC 5321 §4.5.2, line by line."""
    lines = message.split(b"\r\n")[:-1]
    return b"".join(b"." * x.startswith(b".") + x + b"\r\n" for x in lines) + b".\r\n"


@pytest.mark.parametrize("name", NASTY)
def test_every_octet_arrives(start: StartGateway, name: str) -> None:
    message = NASTY[name]
    with RecordingNextHop() as hop:
        onward = SmtpNextHop(hop.host, hop.port, local_hostname="gw.example.org")

        def relay(envelope: Envelope, received: bytes) -> Reply:
            # In odd pieces, as a flow hands over a header of its own and a view of the rest.
            view = memoryview(received)
            pieces = [view[:7], view[7:8], view[8:70_000], view[70_000:]]
            receipt = onward.submit(
                envelope.sender, envelope.recipients, pieces, options=envelope.options
            )
            return ACCEPTED if receipt.accepted == envelope.recipients else Reply(451, "4.3.0", "")

        with LineClient(start(relay).address) as client:
            client.begin()
            assert client.send(stuffed(message)).startswith("250")
    assert hop.contents == [message]


def test_fifty_clients_at_once_lose_and_mix_nothing(start: StartGateway) -> None:
    clients, each = 50, 4
    most = 0
    running = 0
    lock = threading.Lock()
    with RecordingNextHop() as hop:
        onward = SmtpNextHop(hop.host, hop.port, local_hostname="gw.example.org")

        def relay(envelope: Envelope, message: bytes) -> Reply:
            nonlocal most, running
            with lock:
                running += 1
                most = max(most, running)
            onward.submit(envelope.sender, envelope.recipients, [message])
            with lock:
                running -= 1
            return ACCEPTED

        gateway = start(relay, limits=GatewayLimits(connections=clients, workers=4))
        replies: list[str] = []

        def send(number: int) -> None:
            with LineClient(gateway.address, timeout=60) as client:
                client.begin(sender=f"c{number}@example.org")
                replies.append(client.send(b"%d.0\r\n" % number * 3000 + b".\r\n"))
                for count in range(1, each):
                    client.envelope(sender=f"c{number}@example.org")
                    replies.append(client.send(b"%d.%d\r\n" % (number, count) * 3000 + b".\r\n"))

        threads = [threading.Thread(target=send, args=(number,)) for number in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [reply[:3] for reply in replies] == ["250"] * clients * each
    assert most <= 4
    expected = {
        (f"c{number}@example.org", b"%d.%d\r\n" % (number, count) * 3000)
        for number in range(clients)
        for count in range(each)
    }
    assert len(hop.deliveries) == clients * each
    assert {(d.sender, d.content) for d in hop.deliveries} == expected
