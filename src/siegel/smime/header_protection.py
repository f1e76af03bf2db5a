"""Which header fields a protected message vouches for (RFC 9788), read side.

Only ``hp`` at the root of the cryptographic payload counts (§4.1). Writing protected header
fields is not done here yet.
"""

from siegel.mime.message import Part

STRUCTURAL_PREFIX = "content-"
OUTER_COPY = "hp-outer"


def protected_fields(payload: Part) -> tuple[tuple[str, str], ...]:
    """(name, unfolded value) of every protected field in order; empty without header protection."""
    if payload.content_type.params.get("hp", "").lower() not in ("clear", "cipher"):
        return ()
    return tuple((field.name, field.value) for field in payload.fields if _counts(field.lower))


def _counts(name: str) -> bool:
    return not (name.startswith(STRUCTURAL_PREFIX) or name in (OUTER_COPY, "mime-version"))
