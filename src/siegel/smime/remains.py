"""What lists and gateways leave of a signature: text put beside it, or traces after it is gone.

Neither makes a message count for anything. It is said because a reader who is told "unprotected"
of a partner who always signs wants to know what became of the signature.
"""

from collections.abc import Iterator, Sequence

from siegel.base.findings import Finding
from siegel.mime.message import Message, Part
from siegel.smime.layers import ErrantLayer
from siegel.smime.recognise import CMS_TYPES, SIGNATURE_TYPES, shape

_FROM_A_LIST = ("list-id", "list-post", "list-unsubscribe")


def beside_a_signature(
    message: Message, payload: Part, errant: Sequence[ErrantLayer]
) -> Finding | None:
    """RFC 9787 §6.2.1.1: a mailing list added its lines behind what was signed; or anybody put
    anything around a signed part."""
    if not any(one.signed is not None and one.signed.signers for one in errant):
        return None
    return Finding.LIST_FOOTER if _has_list_footer(message, payload) else Finding.PARTIAL_SIGNATURE


def _has_list_footer(message: Message, payload: Part) -> bool:
    """A signed part and nothing but text after it, and the header fields of a list."""
    if payload.media != "multipart/mixed" or not any(map(message.get, _FROM_A_LIST)):
        return False
    first, *rest = payload.children or (payload,)
    added = all(one.content_type.type == "text" and one.filename is None for one in rest)
    return shape(first) is not None and bool(rest) and added


def traces_of_a_signature(payload: Part) -> bool:
    """Somebody took the signature off and left a sign of it: a multipart/signed without one, the
    file with it beside a text, a file of its name, or parameters that only protected mail has."""
    return any(map(_tells, _own_parts(payload)))


def _own_parts(payload: Part) -> Iterator[Part]:
    """Without attached messages, which are messages of their own, and what is protected itself."""
    stack = [payload]
    while stack:
        part = stack.pop()
        yield part
        if part.is_multipart and not _is_signed(part):
            stack.extend(part.children)


def _tells(part: Part) -> bool:
    kind = part.content_type
    if _is_signed(part):
        return not any(map(_may_be_signature, part.children))
    claims = kind.params.get("protocol", "").strip().lower() in SIGNATURE_TYPES
    typed = "smime-type" in kind.params and kind.media not in CMS_TYPES and shape(part) is None
    return claims or typed or _was_beside_the_text(part)


def _was_beside_the_text(part: Part) -> bool:
    """A signature file. ``invoice.pdf.p7s`` is the signature of a file, which lost nothing."""
    name = (part.filename or "").lower()
    if name.startswith("smime.p7s"):
        return True
    of_a_file = "." in name.removesuffix(".p7s")
    typed = part.media in SIGNATURE_TYPES
    return (typed or name.endswith(".p7s")) and not of_a_file


def _is_signed(part: Part) -> bool:
    """Or was: without a protocol only OpenPGP's own parts tell that it is not S/MIME."""
    if part.media != "multipart/signed":
        return False
    parts = {one.media for one in part.children}
    protocol = part.content_type.params.get("protocol", "").strip().lower() or None
    return protocol in (None, *SIGNATURE_TYPES) and "application/pgp-signature" not in parts


def _may_be_signature(part: Part) -> bool:
    typed = part.media in SIGNATURE_TYPES or part.media == "application/octet-stream"
    return typed and bool(bytes(part.body).strip())
