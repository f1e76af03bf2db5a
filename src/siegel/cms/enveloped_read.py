"""Read EnvelopedData and AuthEnvelopedData (RFC 5652 §6, 5083) without opening them.

Read is also EnvelopedData with a GCM cipher and the tag behind the ciphertext, as BouncyCastle
writes it. ``enveloped`` is the door to both kinds of encryption.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from siegel.base import ber, der, oids
from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.base.keys import KeyId
from siegel.base.limits import DEFAULT, Limits
from siegel.cms import authenveloped
from siegel.cms.algorithms import Use
from siegel.cms.content_algorithm import ContentAlgorithm, read_encrypted_content
from siegel.cms.content_info import unwrap
from siegel.cms.originators import read_originators
from siegel.cms.recipients_read import RecipientView, read_recipient

APPENDED_TAG = 16  # octets that BouncyCastle puts behind the ciphertext


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopedView:
    """An encrypted structure as it lies there; ``algorithm`` None for an unsupported cipher.

    ``place``: where the one piece of ``content`` begins in a buffer that may be overwritten.
    """

    content_type: str
    recipients: tuple[RecipientView, ...]
    algorithm: ContentAlgorithm | None
    content: tuple[memoryview, ...]
    place: int | None = None
    tag: bytes = b""
    aad: bytes = b""
    tag_appended: bool = False

    @property
    def authenticated(self) -> bool:
        """Whether the content cannot have been changed by one who does not hold its key."""
        return self.algorithm is not None and self.algorithm.cipher.authenticated

    @property
    def cipher(self) -> str | None:
        return None if self.algorithm is None else self.algorithm.cipher.name

    @property
    def weak(self) -> bool:
        return self.algorithm is not None and self.algorithm.cipher.use is Use.LEGACY

    @property
    def tag_length(self) -> int:
        """What the tag must have; 0 for a cipher without one."""
        if self.algorithm is None:
            return 0
        return APPENDED_TAG if self.tag_appended else self.algorithm.tag_length


def parse_enveloped(data: Buffer, *, limits: Limits = DEFAULT) -> EnvelopedView:
    """Either kind of encrypted ContentInfo."""
    return _parsed(data, None, limits)


def parse_enveloped_in_place(buffer: bytearray, *, limits: Limits = DEFAULT) -> EnvelopedView:
    """The same, and ``buffer`` is given away: its octets change, and ``decrypt`` returns it."""
    return _parsed(buffer, buffer, limits)


def _parsed(data: Buffer, own: bytearray | None, limits: Limits) -> EnvelopedView:
    kind, fields = unwrap(data, oids.ENVELOPED_DATA, oids.AUTH_ENVELOPED_DATA, limits=limits)
    fields = fields[1:]  # the version says nothing that the fields do not
    originators: Mapping[KeyId, bytes] = {}
    if fields and fields[0].tag == 0xA0:
        originators = read_originators(fields[0], limits)
        fields = fields[1:]
    if len(fields) < 2:
        raise MalformedMessage("no EnvelopedData")
    infos = fields[0].expect(der.SET).children()
    if len(infos) > limits.recipients:
        raise LimitExceeded(f"{len(infos)} recipients", limit="recipients")
    recipients = tuple(read_recipient(info, originators) for info in infos)
    inner, algorithm, encrypted = read_encrypted_content(fields[1])
    content, place = _content(encrypted, own)
    tag, aad, appended = b"", b"", False
    if kind == oids.AUTH_ENVELOPED_DATA:
        tag, aad = authenveloped.read_authentication(fields[2:])
        algorithm = algorithm if algorithm and algorithm.cipher.authenticated else None
    elif algorithm is not None and algorithm.cipher.authenticated:
        # with an authenticated cipher the tag is the end of the content
        content, tag = _without_tail(content, APPENDED_TAG)
        appended = True
    return EnvelopedView(
        content_type=inner,
        recipients=recipients,
        algorithm=algorithm,
        content=tuple(content),
        place=place,
        tag=tag,
        aad=aad,
        tag_appended=appended,
    )


def _content(encrypted: ber.Element, own: bytearray | None) -> tuple[list[memoryview], int | None]:
    """The ciphertext; in a buffer of our own its segments move together over their headers."""
    if own is None:
        return encrypted.octets(), None
    start, stop = encrypted.packed(own)
    return [memoryview(own)[start:stop]], start


def _without_tail(content: list[memoryview], length: int) -> tuple[list[memoryview], bytes]:
    tail = b""
    content = list(content)
    while content and len(tail) < length:
        last = content.pop()
        cut = max(len(last) - (length - len(tail)), 0)
        tail = bytes(last[cut:]) + tail
        content.append(last[:cut])
        if cut:
            break
        content.pop()
    return content, tail
