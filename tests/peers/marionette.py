"""A client of Marionette, the remote control inside Mozilla's programs, as far as tests need it.

Protocol 3: every packet is its length in decimal, a colon, and JSON. A command is
``[0, number, name, parameters]``, its answer ``[1, number, error, result]``. Scripts run in the
program's own context (chrome), where all its interfaces can be reached.
"""

import json
import socket
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

_PATIENCE: Final = 180.0
"""Seconds for one script; the slowest, the first message window, needs about 4."""
_SILENCE: Final = 60.0
"""Seconds without an answer; longer than the program itself gives a script."""


class MarionetteError(Exception):
    """The script threw, or the program refused the command."""


class Marionette:
    """One session. The port must be open already."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), _SILENCE)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._packet()  # the greeting
        self._command("WebDriver:NewSession", {"unhandledPromptBehavior": "ignore"})
        self._command("Marionette:SetContext", {"value": "chrome"})
        self._command("WebDriver:SetTimeouts", {"script": int(_PATIENCE * 1000)})

    def call(self, script: str, *arguments: object) -> Any:
        """Run ``script`` (the body of an async function) and return what it returns.

        A dialog that it brings up ends the script; its words are the error.
        """
        run = f"async (...given) => {{{script}}}"
        body = f"return ({run})(...arguments).then((value) => [value])"
        parameters = {"script": body, "args": list(arguments), "sandbox": "system"}
        returned = self._command("WebDriver:ExecuteScript", parameters)["value"]
        if returned is None:
            words = self._command("WebDriver:GetAlertText", {})["value"]
            self._command("WebDriver:DismissAlert", {})
            raise MarionetteError(words)
        return returned[0]

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _command(self, name: str, parameters: Mapping[str, object]) -> Any:
        self._number += 1
        packet = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(packet), packet))
        _, number, error, result = self._packet()
        assert number == self._number, "an answer to another command"
        if error is not None:
            raise MarionetteError(f"{error['error']}: {error['message']}")
        return result

    def _packet(self) -> Any:
        length = b""
        while (octet := self._stream.read(1)) != b":":
            if not octet:
                raise MarionetteError("the program closed the connection")
            length += octet
        return json.loads(self._stream.read(int(length)))
