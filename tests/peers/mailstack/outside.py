"""The world outside: an SMTP server on loopback that writes down what partners would receive."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_PATIENCE: Final = 180.0
_SIZE_LIMIT: Final = 100 * 2**20
_STEP: Final = 0.02


@dataclass(frozen=True, slots=True)
class Received:
    sender: str
    recipients: tuple[str, ...]
    content: bytes
    options: tuple[str, ...]  # of MAIL FROM, such as BODY=8BITMIME


class Outside:
    """Everything arrives, unless ``refusals`` says otherwise: address -> reply ("550 5.1.1 …")."""

    def __init__(self, port: int) -> None:
        self.refusals: dict[str, str] = {}
        self._received: list[Received] = []
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=port,
            data_size_limit=_SIZE_LIMIT,
            enable_SMTPUTF8=True,
            server_hostname="mx.partner.example",
        )

    @property
    def received(self) -> tuple[Received, ...]:
        return tuple(self._received)

    def wait_for(
        self, wanted: Callable[[Received], bool], *, patience: float = _PATIENCE
    ) -> Received:
        """The first message that is ``wanted``, as soon as it is there."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for one in self.received:
                if wanted(one):
                    return one
            time.sleep(_STEP)
        raise AssertionError(f"no such message outside in {patience} s, but {len(self.received)}")

    def clear(self) -> None:
        self._received.clear()

    def start(self) -> Self:
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        del server, session
        assert isinstance(envelope.content, bytes)
        options = tuple(envelope.mail_options)
        self._received.append(
            Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content, options)
        )
        return "250 2.0.0 OK"
