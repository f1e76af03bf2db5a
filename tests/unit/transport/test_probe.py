"""Somebody greets, somebody is silent, nobody is there."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from siegel.transport import probe


@contextmanager
def peer(greeting: bytes | None) -> Iterator[tuple[int, list[bytes]]]:
    """A listener that says ``greeting`` once (None: nothing); what it heard comes back."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                if greeting:
                    connection.sendall(greeting)
                heard.append(connection.recv(100))

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1]), heard
        thread.join()


@pytest.mark.parametrize(
    ("greeting", "expected"),
    [
        pytest.param(b"220 gw.example.org ESMTP\r\n", True, id="ok/ready"),
        pytest.param(b"421 4.3.2 full\r\n", True, id="ok/busy is not dead"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\n", False, id="fail/another protocol"),
        pytest.param(None, False, id="fail/silent"),
    ],
)
def test_a_greeting_is_an_answer(greeting: bytes | None, expected: bool) -> None:
    with peer(greeting) as (port, _):
        assert probe.answers("127.0.0.1", port, patience=0.2) is expected


def test_it_takes_its_leave_as_a_client_does() -> None:
    with peer(b"220 ready\r\n") as (port, heard):
        assert probe.answers("127.0.0.1", port)
    assert heard == [b"QUIT\r\n"]


def test_a_listener_on_every_address_is_asked_on_this_machine() -> None:
    with peer(b"220 ready\r\n") as (port, _):
        assert probe.answers("0.0.0.0", port)  # noqa: S104 - asked, not bound


def test_nobody_there_is_a_no() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = int(nobody.getsockname()[1])
        assert not probe.answers("127.0.0.1", port)
    assert not probe.answers("127.0.0.1", port)
