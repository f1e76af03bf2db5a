"""The mixin under every verdict: a verdict has reasons and is never a truth value."""

from typing import NoReturn


class Verdict:
    """A verdict has reasons; asking it for a truth value is a bug."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(f"ask {type(self).__name__} for its status, not for a truth value")
