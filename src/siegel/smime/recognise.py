"""Which parts are S/MIME (RFC 8551 §3.10): by media type, and by file name only for octet-stream.

The ``smime-type`` parameter and names are hints; what a part really is, its CMS content type says.
"""

from enum import StrEnum

from siegel.mime.message import Part

SIGNATURE_TYPES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature"})
CMS_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
SUFFIXES = (".p7m", ".p7c", ".p7z")


class Shape(StrEnum):
    """How a part carries protection."""

    MULTIPART_SIGNED = "multipart_signed"
    CMS = "cms"


def shape(part: Part) -> Shape | None:
    """The shape of a part that claims to be protected; None for every other part."""
    content_type = part.content_type
    if content_type.media == "multipart/signed":
        protocol = content_type.params.get("protocol", "").strip().lower()
        # without a protocol the second part decides; OpenPGP names its own
        return Shape.MULTIPART_SIGNED if _is_smime(protocol, part) else None
    if content_type.media in CMS_TYPES:
        return Shape.CMS
    if content_type.media == "application/octet-stream":
        return Shape.CMS if (part.filename or "").lower().endswith(SUFFIXES) else None
    return None


def _is_smime(protocol: str, part: Part) -> bool:
    if protocol:
        return protocol in SIGNATURE_TYPES
    children = part.children
    return len(children) == 2 and children[1].content_type.media in SIGNATURE_TYPES
