"""The service of the demo: ``siegel serve`` as a child, exactly as it would run anywhere."""

import subprocess
import sys
import time
import urllib.request
from types import TracebackType
from typing import Self

from siegel.config.schema import Settings
from siegel.serve.demonstration.places import Places
from siegel.serve.demonstration.telling import DeviationError

START_SECONDS = 180.0  # a fresh store and three Python processes on a slow machine
END_SECONDS = 40.0  # messages under way are finished first
POLL = 0.1


class Service:
    """``with Service(places, settings) as service:`` – running inside, ended in peace after it."""

    def __init__(self, places: Places, settings: Settings) -> None:
        self._places = places
        self._health = f"http://{settings.web.listen}/healthz"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def __enter__(self) -> Self:
        configuration = str(self._places.configuration)
        with self._places.log.open("ab") as log:
            # a session of its own: Ctrl-C at the terminal reaches us, and we end the child
            self._child = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "siegel", "--config", configuration, "serve"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self._wait_until_healthy()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if not self.is_running:
                raise DeviationError(f"the service ended while it started; see {self._places.log}")
            if time.monotonic() > deadline:
                raise DeviationError(f"the service does not start; see {self._places.log}")
            time.sleep(POLL)

    def _is_healthy(self) -> bool:
        """The page itself says so: it looks at the store and at both ports."""
        try:
            with urllib.request.urlopen(self._health, timeout=2) as answer:  # noqa: S310 - http
                return bool(answer.status == 200)
        except OSError:
            return False

    def _end(self) -> None:
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
