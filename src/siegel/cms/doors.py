"""Doors: every encrypted content key is one, and each key that a reader has for it is an attempt.

The kinds of doors differ in what opens them – a private key, a key agreed on before, a password –
and are told apart where they are read; who opens a message only sees attempts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from siegel.base.errors import KeyUnavailable, SiegelError


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One key of the reader at one door; ``open`` yields the content key or an error of ours.

    ``hides_failure``: whether it failed must not show, because the answer helps to break the key
    (RSA v1.5, RFC 3218 §2.3). ``rounds`` of a password's derivation are what it costs.
    """

    open: Callable[[], bytes]
    supported: bool = True
    hides_failure: bool = False
    rounds: int = 0


def content_key(attempt: Attempt, length: int) -> bytes | None:
    """The content key, None for anything that is none.

    ``KeyUnavailable`` passes: a token that is unplugged says nothing about the message.
    """
    try:
        found = attempt.open()
    except KeyUnavailable:
        raise
    except (SiegelError, ValueError, TypeError):
        return None
    return found if len(found) == length else None
