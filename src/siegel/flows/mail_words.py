"""What a message is found by: who, about what, names of its files, and what everybody could read.

Of an encrypted message only that which anybody on its way could read as well.
"""

from collections.abc import Iterator

from siegel.base.errors import SiegelError
from siegel.flows import mail_facts
from siegel.mime.fields import addresses
from siegel.mime.message import Part
from siegel.smime.layers import OpenedMessage

SEARCHED = 64 * 1024  # characters of a message's text that it is found by


def texts(opened: OpenedMessage, subject: str) -> Iterator[str]:
    """``subject``: the one that lists show to everybody."""
    yield subject
    for name in ("From", "To", "Cc"):
        for mailbox in addresses(opened.message, name):
            yield mailbox.display or ""
            yield str(mailbox.address or "")
    if not opened.encrypted_layers:
        yield from _of_payload(opened.payload)


def _of_payload(payload: Part) -> Iterator[str]:
    for leaf in mail_facts.leaves(payload):
        if leaf.filename is not None:
            yield leaf.filename
    try:
        yield mail_facts.body_of(payload)[:SEARCHED]
    except SiegelError:
        return
