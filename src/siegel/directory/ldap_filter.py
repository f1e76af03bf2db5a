"""The question for a directory: RFC 4515 filters, made so that no address can change their meaning.

An address comes from outside; ``*)(mail=*`` is a good local part. So it is never put into a filter
as it stands: every octet with a meaning there becomes a backslash and two digits (RFC 4515 §3).
"""

from siegel.base.address import EmailAddress

PLACE = "{address}"
DEFAULT_TEMPLATE = f"(mail={PLACE})"
LONGEST_TEMPLATE = 500  # characters; filters of address books have about 100
DEEPEST_TEMPLATE = 8  # brackets in one another
_SPECIAL = frozenset("*()\\\0 ")  # a blank at the end would be cut off by some


def escaped(value: str) -> str:
    """An assertion value that means exactly this text, in ASCII."""
    return "".join(_escaped(character) for character in value)


def address_filter(address: EmailAddress, template: str = DEFAULT_TEMPLATE) -> str:
    """The filter that asks for one address, folded as it is compared here; ``mail`` is compared
    without case by directories, too (RFC 4524 §2.16)."""
    return checked_template(template).replace(PLACE, escaped(str(address)))


def checked_template(template: str) -> str:
    """A filter of an administrator with a place for the address; raises ``ValueError``.

    Whether a directory understands its attributes only the directory knows.
    """
    text = template.strip()
    if len(text) > LONGEST_TEMPLATE or not text.isascii() or not text.isprintable():
        raise ValueError("too long, or characters that no filter has")
    if PLACE not in text:
        raise ValueError(f"without {PLACE}")
    if "{" in text.replace(PLACE, "") or "}" in text.replace(PLACE, ""):
        raise ValueError(f"another place than {PLACE}")
    if not _is_bracketed(text):
        raise ValueError("brackets that do not match")
    return text


def _escaped(character: str) -> str:
    if character.isascii() and character not in _SPECIAL and character.isprintable():
        return character
    return "".join(f"\\{octet:02x}" for octet in character.encode("utf-8"))


def _is_bracketed(text: str) -> bool:
    """One bracket around everything, and each has its partner."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        ends_early = depth == 0 and position < len(text) - 1
        if ends_early or not 0 <= depth <= DEEPEST_TEMPLATE:
            return False
    return depth == 0 and text.startswith("(")
