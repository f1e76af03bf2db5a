"""The next hop as a folder: a maildir for each recipient, DIR/ADDRESS/{tmp,new,cur}.

For installations without a mail server of their own and for trying Siegel out; a server with
quotas, aliases and IMAP comes behind ``smtp://``. A message is written to ``tmp``, synchronised and
renamed to ``new``, so that a reader never sees half of one and a crash loses none. This is final
delivery: a Return-Path goes in front (RFC 5321 §4.4), every other octet is as it was given.
"""

import hashlib
import os
import re
import secrets
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from siegel.base.address import EmailAddress
from siegel.base.buffers import Buffer
from siegel.base.errors import MalformedAddress, TransportFailure
from siegel.transport.envelope import MailOptions, RecipientOptions
from siegel.transport.submission import NO_OPTIONS, NO_RECIPIENT_OPTIONS, Receipt, Refusal

MAX_NAME = 200  # octets of a folder name; file systems end at 255

_NAME_UNSAFE = re.compile(rb"[^a-z0-9@._+-]|\A\.")
_UNKNOWN = Refusal(code=550, enhanced="5.1.1", text="no such mailbox", permanent=True)
_BAD_ADDRESS = Refusal(code=553, enhanced="5.1.3", text="not an address", permanent=True)
_NOT_WRITTEN = Refusal(
    code=452, enhanced="4.3.1", text="the mailbox cannot be written now", permanent=False
)


class MaildirNextHop:
    """Delivers into folders below ``path``; ``known`` says which addresses have a mailbox."""

    def __init__(self, path: Path, *, known: Callable[[EmailAddress], bool] | None = None) -> None:
        self._path = path
        self._known = known

    def submit(
        self,
        sender: str,
        recipients: Sequence[str],
        chunks: Sequence[Buffer],
        *,
        options: MailOptions = NO_OPTIONS,
        recipient_options: Mapping[str, RecipientOptions] = NO_RECIPIENT_OPTIONS,
    ) -> Receipt:
        """See ``NextHop``: each recipient apart; all failing for now is a ``TransportFailure``."""
        message = (b"Return-Path: <" + sender.encode("utf-8", "replace") + b">\r\n", *chunks)
        unique = dict.fromkeys(recipients)
        outcomes = {recipient: self._deliver(recipient, message) for recipient in unique}
        refused = {r: refusal for r, refusal in outcomes.items() if refusal is not None}
        if unique and all(outcome is _NOT_WRITTEN for outcome in outcomes.values()):
            raise TransportFailure("no mailbox can be written", unclear=False)
        return Receipt(accepted=tuple(r for r in unique if r not in refused), refused=refused)

    def mailbox(self, address: EmailAddress) -> Path:
        """The folder of an address; no address leads out of the folder of all."""
        return self._path / folder_name(address)

    def _deliver(self, recipient: str, message: Sequence[Buffer]) -> Refusal | None:
        try:
            address = EmailAddress.parse(recipient)
        except MalformedAddress:
            return _BAD_ADDRESS
        if self._known is not None and not self._known(address):
            return _UNKNOWN
        try:
            _write(self.mailbox(address), message)
        except OSError:
            return _NOT_WRITTEN
        return None


def folder_name(address: EmailAddress) -> str:
    """The folded address, other octets as ``%XX``; two addresses never share a folder."""
    octets = str(address).encode("utf-8", "replace")
    name = _NAME_UNSAFE.sub(lambda found: b"%%%02X" % found[0][0], octets).decode("ascii")
    if len(name) <= MAX_NAME:
        return name
    return f"{name[:100]}%{hashlib.sha256(octets).hexdigest()}"


def _write(mailbox: Path, message: Sequence[Buffer]) -> None:
    for folder in ("tmp", "new", "cur"):
        (mailbox / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    name = _unique_name()
    draft = mailbox / "tmp" / name
    try:
        with draft.open("xb") as file:
            file.writelines(message)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(mailbox / "new" / name)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _synchronise(mailbox / "new")


def _unique_name() -> str:
    host = re.sub(r"[^A-Za-z0-9.-]", "_", socket.gethostname())
    return f"{time.time_ns() // 1_000_000_000}.P{os.getpid()}R{secrets.token_hex(8)}.{host}"


def _synchronise(folder: Path) -> None:
    """The rename survives a crash only when its folder was written, too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
