"""Mails a second through the real gateway process, and through the same relay without the engine.

Every gateway hands over to the same sink, every mail is another one, and the kinds take turns.
Client, sink and gateway share the processors of one machine, so mails a second say little alone:
beside them stands the processor time that the gateway process itself spent on a mail.
"""

import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

from tests.peers.installation import Hops, Installation
from tests.peers.process import Child, free_ports

from siegel.base.buffers import joined
from tools.bench.engine import CIPHERS, RECIPIENT, SIGNER, Office, office
from tools.bench.memory import status
from tools.bench.messages import message

CONNECTIONS: Final = 4
PLAIN: Final = "relay without engine"
SIGNED: Final = "signed"
ENCRYPTED: Final = "signed + encrypted"
VERIFIED: Final = "inbound: verified"
DECRYPTED: Final = "inbound: decrypted + verified"
KINDS: Final = (PLAIN, SIGNED, ENCRYPTED, VERIFIED, DECRYPTED)
_STRANGER: Final = "someone@elsewhere.example"  # nobody has a certificate of
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One kind of mail: where it goes in, between whom, and how it is made."""

    port: int
    process: Child
    sender: str
    recipient: str
    make: Callable[[int, int], bytes]


@dataclass(slots=True)
class Measured:
    """Of one kind and size: a value for each round."""

    mails_a_second: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(self.mails_a_second)

    @property
    def cpu(self) -> float:
        return median(self.cpu_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``results`` by (size, kind); ``memory`` by process: octets after its start, at its peak."""

    results: Mapping[tuple[str, str], Measured]
    memory: Mapping[str, tuple[int, int]]


def measured(folder: Path, sizes: Mapping[str, int], *, mails: int, rounds: int) -> Outcome:
    """``mails`` of every kind and size in every round; the first round is not counted."""
    results = {(size, kind): Measured() for size in sizes for kind in KINDS}
    numbers = iter(range(1, 1_000_000_000))
    with _flows(folder) as flows:
        children = {"relay": flows[PLAIN].process, "gateway": flows[SIGNED].process}
        idle = {name: _memory(child)[0] for name, child in children.items()}
        for current in range(rounds + 1):
            for size, octets in sizes.items():
                for kind, flow in flows.items():
                    made = [flow.make(octets, next(numbers)) for _ in range(mails)]
                    rate, cpu = sent(flow, made)
                    if current:
                        results[size, kind].mails_a_second.append(rate)
                        results[size, kind].cpu_seconds.append(cpu)
        memory = {name: (idle[name], _memory(child)[1]) for name, child in children.items()}
    return Outcome(results=results, memory=memory)


@contextmanager
def _flows(folder: Path) -> Iterator[dict[str, Flow]]:
    sink_port, relay_port, outbound, inbound = free_ports(4)
    huber = office(RECIPIENT, SIGNER)
    hop = f"smtp://127.0.0.1:{sink_port}"
    hops = Hops(outbound_port=outbound, inbound_port=inbound, outbound_hop=hop, inbound_hop=hop)
    site = _installation(folder, hops)
    with ExitStack() as running:
        running.enter_context(listening("sink", (sink_port,), folder))
        relay = running.enter_context(listening("relay", (relay_port, sink_port), folder))
        gateway = running.enter_context(site.running())
        plain = plain_mails(SIGNER.address, _STRANGER)
        yield {
            PLAIN: flow_of(relay_port, relay, SIGNER.address, _STRANGER, plain),
            SIGNED: flow_of(outbound, gateway, SIGNER.address, _STRANGER, plain),
            ENCRYPTED: flow_of(
                outbound,
                gateway,
                SIGNER.address,
                RECIPIENT.address,
                plain_mails(SIGNER.address, RECIPIENT.address),
            ),
            VERIFIED: flow_of(inbound, gateway, RECIPIENT.address, SIGNER.address, _signed(huber)),
            DECRYPTED: flow_of(
                inbound, gateway, RECIPIENT.address, SIGNER.address, _encrypted(huber)
            ),
        }


def _installation(folder: Path, hops: Hops) -> Installation:
    """Alice works here, Huber is a partner whose certificate is known."""
    site = Installation(folder, hops)
    site.trust_root()
    site.add_person(SIGNER)
    site.add_certificate(RECIPIENT)
    return site


def listening(name: str, ports: Sequence[int], folder: Path) -> Child:
    command = (sys.executable, "-m", f"tools.bench.{name}", *map(str, ports))
    path = os.pathsep.join(sys.path)
    child = Child(command, log=folder / f"{name}.log", env={"PYTHONPATH": path}).start()
    child.wait_for_port(ports[0])
    return child


def flow_of(
    port: int, process: Child, sender: str, recipient: str, make: Callable[[int, int], bytes]
) -> Flow:
    return Flow(port=port, process=process, sender=sender, recipient=recipient, make=make)


def plain_mails(sender: str, recipient: str) -> Callable[[int, int], bytes]:
    return lambda size, number: message(size, sender=sender, recipient=recipient, number=number)


def _signed(huber: Office) -> Callable[[int, int], bytes]:
    plain = plain_mails(RECIPIENT.address, SIGNER.address)
    return lambda size, number: joined(huber.sign(plain(size, number)))


def _encrypted(huber: Office) -> Callable[[int, int], bytes]:
    plain = plain_mails(RECIPIENT.address, SIGNER.address)
    cipher = CIPHERS["CBC"]
    return lambda size, number: joined(huber.sign_and_encrypt(plain(size, number), cipher))


def sent(flow: Flow, mails: Sequence[bytes]) -> tuple[float, float]:
    """(mails a second, processor seconds of the gateway for one mail)."""
    shares = [mails[start::CONNECTIONS] for start in range(CONNECTIONS)]
    failures: list[str] = []
    threads = [
        threading.Thread(target=_talk, args=(flow, share, failures)) for share in shares if share
    ]
    begin, spent = time.perf_counter(), _cpu(flow.process)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, cpu = time.perf_counter() - begin, _cpu(flow.process) - spent
    assert not failures, f"{failures[0]}\n{flow.process.said[-2000:]}"
    return len(mails) / seconds, cpu / len(mails)


def _talk(flow: Flow, mails: Sequence[bytes], failures: list[str]) -> None:
    """One connection; no line of these mails begins with a dot."""
    try:
        with socket.create_connection(("127.0.0.1", flow.port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            answers = connection.makefile("rb")
            _expect(answers, b"220")
            _say(connection, answers, b"EHLO client.office.example", b"250")
            for mail in mails:
                _say(connection, answers, f"MAIL FROM:<{flow.sender}>".encode(), b"250")
                _say(connection, answers, f"RCPT TO:<{flow.recipient}>".encode(), b"250")
                _say(connection, answers, b"DATA", b"354")
                _say(connection, answers, mail + b".", b"250")
            _say(connection, answers, b"QUIT", b"221")
    except (OSError, AssertionError) as error:
        failures.append(str(error))


def _say(connection: socket.socket, answers: Iterator[bytes], line: bytes, expected: bytes) -> None:
    connection.sendall(line + b"\r\n")
    _expect(answers, expected)


def _expect(answers: Iterator[bytes], expected: bytes) -> None:
    while (line := next(answers, b""))[3:4] == b"-":
        continue
    assert line.startswith(expected), line.decode("utf-8", "replace") or "the connection ended"


def _cpu(process: Child) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(process: Child) -> tuple[int, int]:
    """Anonymous memory now, and the peak of resident memory without what files account for."""
    path = Path(f"/proc/{process.pid}/status")
    return status("RssAnon", path), status("VmHWM", path) - status("RssFile", path)
