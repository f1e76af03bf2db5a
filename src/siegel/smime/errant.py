"""Protection that does not surround the whole message: errant layers (RFC 9787 §4.5).

They are named and never enter the summary. An attached message is a message of its own: its
layers are listed with its path, and opened only when a person opens that attachment.
"""

from siegel.mime.message import Part
from siegel.smime.layers import ErrantLayer
from siegel.smime.recognise import SIGNATURE_TYPES, Shape, shape


def errant_layers(payload: Part) -> tuple[ErrantLayer, ...]:
    """Every protected part below ``payload``, in order, without looking inside any of them."""
    found: list[ErrantLayer] = []
    stack = list(reversed(payload.children))
    while stack:
        part = stack.pop()
        kind = _kind(part)
        if kind is None:
            stack.extend(reversed(part.children))
        else:
            found.append(ErrantLayer(path=part.path, kind=kind))
    return tuple(found)


def _kind(part: Part) -> str | None:
    match shape(part):
        case Shape.MULTIPART_SIGNED:
            return "signed"
        case Shape.CMS:
            return part.content_type.params.get("smime-type", "").lower() or "pkcs7-mime"
    # a signature that has lost its multipart/signed: nothing it could be checked against
    return "signature" if part.content_type.media in SIGNATURE_TYPES else None
