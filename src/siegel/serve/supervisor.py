"""Start children, pass signals on, end together: whoever restarts us (systemd) restarts all."""

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

log = logging.getLogger(__name__)

PATIENCE = 90.0  # seconds for children to finish what they are at; longer than any drain
POLL = 0.2  # seconds between looks at the children


def supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Run every command until one of them ends or SIGTERM comes; 0 after a peaceful end."""
    asked = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: asked.set())
    children = {
        name: subprocess.Popen(list(command), stdin=subprocess.DEVNULL)  # noqa: S603 - our own
        for name, command in commands.items()
    }
    while not asked.wait(POLL):
        ended = [name for name, child in children.items() if child.poll() is not None]
        if ended:
            log.error("role ended by itself: %s", ", ".join(ended))
            break
    codes = _end(children)
    return 0 if asked.is_set() and not any(codes) else 70


def _end(children: Mapping[str, "subprocess.Popen[bytes]"]) -> list[int]:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for name, child in children.items():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            log.error("role does not end and is killed: %s", name)
            child.kill()
    return [child.wait() for child in children.values()]
