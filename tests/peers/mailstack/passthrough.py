"""A content filter that does nothing but leave a mark: it shows that the stack itself works.

It stands where the gateway stands, and keeps the gateway's promise: 250 only when the mail was
accepted on the reinjection port.
"""

import asyncio
import smtplib
from types import TracebackType
from typing import Final, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

MARK: Final = "X-Passed"
_SIZE_LIMIT: Final = 100 * 2**20


class PassThrough:
    """Listens on ``port``, gives back on ``reinject_port``, adds ``X-Passed: name``."""

    def __init__(self, name: str, port: int, reinject_port: int) -> None:
        self.hand_overs: list[tuple[str, ...]] = []  # the recipients of every hand-over
        self._name = name
        self._reinject_port = reinject_port
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=port,
            data_size_limit=_SIZE_LIMIT,
            enable_SMTPUTF8=True,
            server_hostname=f"{name}.filter.example",
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        del server, session
        self.hand_overs.append(tuple(envelope.rcpt_tos))
        return await asyncio.to_thread(self._reinject, envelope)

    async def handle_exception(self, error: Exception) -> str:
        return f"451 4.3.0 {type(error).__name__}"

    def _reinject(self, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        marked = f"{MARK}: {self._name}\r\n".encode() + envelope.content
        options = [one for one in envelope.mail_options if not one.upper().startswith("SIZE=")]
        with smtplib.SMTP("127.0.0.1", self._reinject_port) as client:
            client.sendmail(envelope.mail_from or "", envelope.rcpt_tos, marked, options)
        return "250 2.0.0 OK"
