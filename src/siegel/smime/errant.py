"""Protection that does not surround the whole message: errant layers (RFC 9787 §4.5).

They are named and never enter the summary. A signature there is checked for its own part, so that
a reader can be told what it says of that part; encryption there is never opened. An attached
message is a message of its own: its layers are listed with its path, and judged only when a person
opens that attachment.
"""

from collections.abc import Sequence

from siegel.base import oids
from siegel.base.errors import SiegelError
from siegel.base.limits import DEFAULT, MIB, Limits
from siegel.cms import content_info
from siegel.mime.message import Part
from siegel.pki.certificate import Certificate
from siegel.smime.layers import ErrantLayer, SignedLayer
from siegel.smime.recognise import SIGNATURE_TYPES, Shape, shape
from siegel.smime.verify import read_detached, read_opaque

LARGEST_OPAQUE = 8 * MIB  # octets; to look into a larger one would cost its size a second time


def errant_layers(
    payload: Part, known: Sequence[Certificate] = (), *, limits: Limits = DEFAULT
) -> tuple[ErrantLayer, ...]:
    """Every protected part below ``payload``, in order; parts inside them are not looked for.

    Of signatures the first ``limits.layers`` are checked; only forgers bring more.
    """
    found: list[ErrantLayer] = []
    checked = 0
    stack = [(child, _is_message(payload)) for child in reversed(payload.children)]
    while stack:
        part, attached = stack.pop()
        kind = _kind(part)
        if kind is None:
            inside = attached or _is_message(part)
            stack.extend((child, inside) for child in reversed(part.children))
            continue
        looks = not attached and checked < limits.layers
        layer = _checked(part, known, limits) if looks else None
        checked += layer is not None
        found.append(ErrantLayer(path=part.path, kind=kind, attached=attached, signed=layer))
    return tuple(found)


def _kind(part: Part) -> str | None:
    match shape(part):
        case Shape.MULTIPART_SIGNED:
            return "signed"
        case Shape.CMS:
            return part.content_type.params.get("smime-type", "").lower() or "pkcs7-mime"
    # a signature that has lost its multipart/signed: nothing it could be checked against
    return "signature" if part.content_type.media in SIGNATURE_TYPES else None


def _is_message(part: Part) -> bool:
    return part.content_type.type == "message"


def _checked(part: Part, known: Sequence[Certificate], limits: Limits) -> SignedLayer | None:
    """What the signature of this part says of it; None where there is none to check."""
    kind = shape(part)
    if kind is None or part.ambiguous:
        return None
    try:
        if kind is Shape.MULTIPART_SIGNED:
            return read_detached(part, known, limits=limits)[0]
        if part.end - part.body_start > LARGEST_OPAQUE:
            return None
        blob = part.decoded(limits)
        signs = content_info.content_type(blob) == oids.SIGNED_DATA
        return read_opaque(blob, known, limits=limits)[0] if signs else None
    except SiegelError:
        return None
