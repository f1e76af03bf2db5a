"""Which header fields a protected message vouches for (RFC 9788), read side.

Only ``hp`` at the root of the cryptographic payload counts (§4.1). Writing protected header
fields is not done here yet.
"""

from siegel.mime.message import Message, Part
from siegel.mime.words import decode_words

STRUCTURAL_PREFIX = "content-"
OUTER_COPY = "hp-outer"
OBSCURED = "[...]"  # RFC 9788 §3.2.2: what hcp_baseline writes outside instead of the subject


def protected_fields(payload: Part) -> tuple[tuple[str, str], ...]:
    """(name, unfolded value) of every protected field in order; empty without header protection."""
    if _hp(payload) is None:
        return ()
    return tuple((field.name, field.value) for field in payload.fields if _counts(field.lower))


def subject_differs(message: Message, payload: Part) -> bool:
    """The subject outside is another one than the protected: somebody changed it on the way.

    What the writer himself put there instead (HP-Outer of an encrypted message, or ``[...]``) is
    none. Subjects are compared as they are read, because a relay may encode them anew.
    """
    hp = _hp(payload)
    if hp is None or payload is message.root:
        return False
    outside = _subjects(message.root)
    meant = [_subjects(payload)]
    if hp == "cipher":
        copies = [field.value for field in payload.get_all(OUTER_COPY)]
        meant = [_copied_subjects(copies)] if copies else [*meant, [OBSCURED]]
    return outside not in meant


def _hp(payload: Part) -> str | None:
    value = payload.content_type.params.get("hp", "").lower()
    return value if value in ("clear", "cipher") else None


def _subjects(part: Part) -> list[str]:
    return [_read(field.value) for field in part.get_all("subject")]


def _copied_subjects(copies: list[str]) -> list[str]:
    split = (copy.partition(":") for copy in copies)
    return [_read(value) for name, _, value in split if name.strip().lower() == "subject"]


def _read(value: str) -> str:
    return " ".join(decode_words(value).split())


def _counts(name: str) -> bool:
    return not (name.startswith(STRUCTURAL_PREFIX) or name in (OUTER_COPY, "mime-version"))
