"""A value that must not be printed: passphrases and unsealed keys."""

from typing import final


@final
class Secret:
    """Bytes that show as ``***`` in every representation; ``reveal`` is the one way to them."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes | str) -> None:
        self._value = value.encode("utf-8") if isinstance(value, str) else bytes(value)

    def reveal(self) -> bytes:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not pickled")
