"""Does a mail server answer there? For status displays: one greeting is read, no mail is sent."""

import socket

PATIENCE = 0.5  # seconds; a listener of this machine greets within a few milliseconds
LONGEST_GREETING = 512  # octets (RFC 5321 §4.5.3.1.5)
_UNSPECIFIED = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


def answers(host: str, port: int, *, patience: float = PATIENCE) -> bool:
    """Whether somebody greets as RFC 5321 §4.2 says, be it with 220 or with a refusal."""
    try:
        with socket.create_connection((_UNSPECIFIED.get(host, host), port), patience) as connection:
            connection.settimeout(patience)
            greeting = connection.recv(LONGEST_GREETING)
            connection.sendall(b"QUIT\r\n")
    except OSError:
        return False
    return greeting[:3].isdigit()
