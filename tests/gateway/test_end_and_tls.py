"""How the gateway ends (drain, signals) and how it speaks TLS."""

import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from siegel.transport.envelope import Envelope, Role
from siegel.transport.gateway import Gateway, TlsFiles
from siegel.transport.replies import ACCEPTED, Reply
from tests.gateway.conftest import Seen, StartGateway, trusting
from tests.gateway.lines import LineClient


class Slow:
    """A handler that waits for a sign."""

    def __init__(self) -> None:
        self.working = threading.Event()
        self.go_on = threading.Event()
        self.finished = 0

    def __call__(self, envelope: Envelope, message: bytes) -> Reply:
        self.working.set()
        self.go_on.wait(120)
        self.finished += 1
        return ACCEPTED


def gateway_for(handler: Slow | Seen) -> Gateway:
    gateway = Gateway(Role.OUTBOUND, ("127.0.0.1", 0), handler, hostname="gw.example.org")
    gateway.start()
    return gateway


def test_stopping_finishes_the_message_on_its_way() -> None:
    slow = Slow()
    gateway = gateway_for(slow)
    with LineClient(gateway.address) as busy, LineClient(gateway.address) as idle:
        idle.reply()
        busy.begin()
        busy.say("DATA")
        busy.raw(b"x\r\n.\r\n")
        assert slow.working.wait(60)
        clean: list[bool] = []
        stopper = threading.Thread(target=lambda: clean.append(gateway.stop(60)))
        stopper.start()
        assert idle.reply().startswith("421 4.3.2")
        with pytest.raises(ConnectionRefusedError):
            LineClient(gateway.address)
        slow.go_on.set()
        assert busy.reply().startswith("250")
        assert busy.reply().startswith("421 4.3.2")
        assert busy.is_closed()
        stopper.join()
    assert clean == [True]
    assert slow.finished == 1


def test_stopping_does_not_wait_for_ever() -> None:
    slow = Slow()
    gateway = gateway_for(slow)
    with LineClient(gateway.address) as client:
        client.begin()
        client.say("DATA")
        client.raw(b"x\r\n.\r\n")
        assert slow.working.wait(60)
        started = time.monotonic()
        assert gateway.stop(0.3) is False
        assert time.monotonic() - started < 60  # the handler would take twice as long
        with pytest.raises(EOFError):
            client.reply()
        slow.go_on.set()


def test_a_port_in_use_is_an_error_at_the_start(seen: Seen) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        gateway = Gateway(Role.INBOUND, taken.getsockname(), seen, hostname="gw.example.org")
        with pytest.raises(OSError, match="in use"):
            gateway.start()


SERVER = """
import sys, time
from siegel.transport.envelope import Role
from siegel.transport.gateway import Gateway, serve_forever
from siegel.transport.replies import ACCEPTED

def handler(envelope, message):
    print("handling", flush=True)
    time.sleep(0.5)
    print("handled", flush=True)
    return ACCEPTED

class Announced(Gateway):
    def start(self):
        super().start()
        print(*self.address, flush=True)

listeners = [
    Announced(role, ("127.0.0.1", 0), handler, hostname="gw.example.org") for role in Role
]
sys.exit(0 if serve_forever(listeners, drain_seconds=60) else 1)
"""


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT], ids=lambda kind: kind.name)
def test_a_signal_drains_both_listeners(kind: signal.Signals) -> None:
    source = str(Path(__file__).parents[2] / "src")
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": source},
    ) as process:
        assert process.stdout is not None
        host, port = process.stdout.readline().split()
        process.stdout.readline()
        with LineClient((host, int(port))) as client:
            client.begin()
            client.say("DATA")
            client.raw(b"x\r\n.\r\n")
            assert process.stdout.readline() == "handling\n"
            process.send_signal(kind)
            assert client.reply().startswith("250")
        assert process.wait(5) == 0
        assert process.stdout.read() == "handled\n"


def test_a_killed_gateway_has_promised_nothing() -> None:
    """250 comes after the next hop's: what a kill interrupts still lies with the client."""
    source = str(Path(__file__).parents[2] / "src")
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": source},
    ) as process:
        assert process.stdout is not None
        host, port = process.stdout.readline().split()
        process.stdout.readline()
        with LineClient((host, int(port))) as client:
            client.begin()
            client.say("DATA")
            client.raw(b"x\r\n.\r\n")
            assert process.stdout.readline() == "handling\n"
            process.kill()
            with pytest.raises((EOFError, ConnectionError)):
                client.reply()


def test_starttls_secures_the_session(start: StartGateway, seen: Seen, tls_files: TlsFiles) -> None:
    with LineClient(start(seen, tls=tls_files).address) as client:
        client.reply()
        assert "STARTTLS" in client.say("EHLO mta")
        client.start_tls(trusting(tls_files.certificate))
        assert client.say("MAIL FROM:<a@b.example>").startswith("503")
        offers = client.say("EHLO mta")
        assert "STARTTLS" not in offers
        assert "AUTH" not in offers
        client.envelope()
        assert client.send(b"x\r\n.\r\n").startswith("250")
        assert client.say("STARTTLS").startswith("454")
    assert seen.envelopes[0].tls
    assert seen.envelopes[0].protocol == "ESMTPS"


def test_what_was_sent_before_tls_is_forgotten(
    start: StartGateway, seen: Seen, tls_files: TlsFiles
) -> None:
    """CVE-2011-0411, CVE-2024-34083: a command pipelined behind STARTTLS must not count."""
    with LineClient(start(seen, tls=tls_files).address) as client:
        client.reply()
        client.say("EHLO mta")
        client.say("MAIL FROM:<forged@example.org>")
        client.start_tls(
            trusting(tls_files.certificate),
            early=b"EHLO forged\r\nMAIL FROM:<forged@example.org>\r\n",
        )
        assert client.say("RCPT TO:<bob@example.com>").startswith("503")
        assert client.say("EHLO mta").startswith("250")
        client.envelope()
        client.send(b"x\r\n.\r\n")
    assert [e.helo for e in seen.envelopes] == ["mta"]


def test_a_failed_handshake_ends_only_its_own_session(
    start: StartGateway, seen: Seen, tls_files: TlsFiles
) -> None:
    gateway = start(seen, tls=tls_files)
    with LineClient(gateway.address) as client:
        client.reply()
        client.say("EHLO mta")
        with pytest.raises((ssl.SSLError, ConnectionError)):
            client.start_tls(ssl.create_default_context())
    with LineClient(gateway.address) as client:
        client.reply()
        client.say("EHLO mta")
        client.say("STARTTLS")
        client.raw(b"EHLO this is no handshake\r\n")
        assert client.is_closed()
    with LineClient(gateway.address) as client:
        client.begin()
        assert client.send(b"x\r\n.\r\n").startswith("250")
