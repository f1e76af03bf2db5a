"""Child processes are started quietly, waited for, and ended as asked."""

import signal
import sys
from pathlib import Path

import pytest

from tests.peers.process import Child, free_ports, port_open

SERVER = """
import signal, socket, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("asked to stop", flush=True), sys.exit(0)))
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("up", flush=True)
while True:
    time.sleep(60)
"""


@pytest.fixture
def port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def child(tmp_path: Path, port: int) -> Child:
    return Child((sys.executable, "-c", SERVER, str(port)), log=tmp_path / "log")


def test_a_server_is_waited_for_and_stops_when_asked(child: Child, port: int) -> None:
    with child:
        child.wait_for_port(port)
        child.wait_for_words("up")
        assert child.terminate() == 0
        assert "asked to stop" in child.said
        assert not port_open(port)


def test_a_killed_server_is_told_nothing_and_starts_again(child: Child, port: int) -> None:
    with child:
        child.wait_for_port(port)
        child.kill()
        assert child.wait() == -signal.SIGKILL
        assert "asked to stop" not in child.said
        child.start()
        child.wait_for_port(port)


def test_leaving_the_block_ends_the_child(child: Child, port: int) -> None:
    with child:
        child.wait_for_port(port)
    assert not child.running
    assert not port_open(port)


def test_a_server_that_dies_early_says_why(tmp_path: Path, port: int) -> None:
    with (
        Child(
            (sys.executable, "-c", "raise SystemExit('no key file')"), log=tmp_path / "log"
        ) as dead,
        pytest.raises(AssertionError, match="no key file"),
    ):
        dead.wait_for_port(port)


def test_a_child_that_takes_too_long_is_reported(child: Child) -> None:
    with child, pytest.raises(AssertionError, match=r"no 'never' in 0\.3 s"):
        child.wait_for_words("never", patience=0.3)


def test_free_ports_differ() -> None:
    assert len(set(free_ports(20))) == 20
