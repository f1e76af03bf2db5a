"""One reader of a mailbox at a time: the worker, or a person at the command line.

The lock is the kernel's: it ends with the process that held it, however that ended.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from siegel.base.address import EmailAddress
from siegel.store import atomic

FOLDER = "mailboxes"


@contextmanager
def held(account: EmailAddress) -> Iterator[bool]:
    """False: somebody else has it."""
    with _opened(account, "lock") as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def renewing(account: EmailAddress) -> Iterator[None]:
    """One at a time asks for a new token; whoever comes meanwhile waits, and finds it renewed."""
    with _opened(account, "token") as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(account: EmailAddress, suffix: str) -> Iterator[int]:
    folder = Path(settings.SIEGEL_DATA_DIR) / FOLDER
    atomic.make_folder(folder)
    name = hashlib.sha256(str(account).encode()).hexdigest()[:32]
    descriptor = os.open(folder / f"{name}.{suffix}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
