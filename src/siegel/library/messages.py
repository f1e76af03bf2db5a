"""Open a message: what is mathematically there. What it is worth says ``judging``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from siegel.base.limits import DEFAULT, Limits
from siegel.library.octets import Source, gathered

if TYPE_CHECKING:
    from siegel.base.keys import Keyring
    from siegel.mime.message import Part
    from siegel.pki.certificate import Certificate
    from siegel.smime.layers import OpenedMessage


def open_message(
    source: Source,
    keys: Keyring | None = None,
    *,
    certificates: Iterable[Certificate] = (),
    limits: Limits = DEFAULT,
) -> OpenedMessage:
    """The layers of a message from outside inwards, and the payload inside them.

    ``keys`` are all that this reader is entitled to; ``certificates`` are known ones, for
    signatures that came without. What is wrong with the cryptography of a message is a finding,
    never an error. Raises ``MalformedMessage`` if ``source`` is no message at all,
    ``LimitExceeded``, and ``KeyUnavailable`` when a key that fits cannot be asked now.
    """
    from siegel.base.keys import EmptyKeyring
    from siegel.mime.parse import parse_message
    from siegel.smime import open as engine

    message = parse_message(gathered(source, limits), limits=limits)
    ring = EmptyKeyring() if keys is None else keys
    return engine.open_message(message, ring, certificates=tuple(certificates), limits=limits)


def parts(part: Part) -> Iterator[Part]:
    """``part`` and every part below it, in the order of the text; attached messages included."""
    yield part
    for child in part.children:
        yield from parts(child)
