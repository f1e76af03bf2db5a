"""Text from strangers on its way into the database.

PostgreSQL stores neither NUL nor lone surrogates, in text or in JSON, and refuses what is longer
than its column; SQLite is not so strict. Both get the same cleaned value.
"""

from collections.abc import Mapping, Sequence

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


def clean(text: str, limit: int | None = None) -> str:
    """``text`` without NUL and lone surrogates, at most ``limit`` characters."""
    if not text.isprintable():
        text = text.replace("\0", REPLACEMENT)
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text if limit is None or len(text) <= limit else text[: limit - 1] + "…"


def clean_json(value: Json) -> Json:
    """``value`` with every string cleaned, keys included."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): clean_json(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [clean_json(each) for each in value]
    return value
