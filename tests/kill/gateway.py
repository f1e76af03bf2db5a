"""The gateway with a trap: it kills itself (SIGKILL) at a named point, every so many passes.

python -m tests.kill.gateway CONFIG POINT EVERY
"""

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from siegel.config.django import configure
from siegel.config.load import load
from siegel.flows.points import Point, SyncPoint


class Trap:
    """Counts how often the point is passed, and pulls the plug."""

    def __init__(self, point: Point, every: int) -> None:
        self._point, self._every = point, every
        self._passed = 0
        self._lock = threading.Lock()

    def __call__(self, point: Point | SyncPoint) -> None:
        if point is not self._point:
            return
        with self._lock:
            self._passed += 1
            if self._passed == self._every:
                os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    config, point, every = sys.argv[1:]
    settings = load(Path(config))
    configure(settings)
    logging.basicConfig(level="INFO", stream=sys.stderr)
    from siegel.flows.durations import Durations
    from siegel.serve.composing import build_gateway, build_site
    from siegel.transport.envelope import Role
    from siegel.transport.gateway import serve_forever

    site = build_site(settings, Trap(Point(point), int(every)))
    durations = Durations(time.monotonic)
    gateways = [build_gateway(role, settings, site, durations) for role in Role]
    serve_forever(gateways, drain_seconds=5.0)


if __name__ == "__main__":
    main()
