"""A message as offsets into the bytes it came in (RFC 5322, RFC 2045–2046, RFC 6532).

Nothing here is ever serialised: ``exact``, ``header`` and ``body`` are slices of the one buffer, so
what somebody signed stays as signed. Reading the structure is ``siegel.mime.parse``; what a single
value means is ``siegel.mime.fields``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from siegel.base.buffers import Buffer
from siegel.base.errors import LimitExceeded
from siegel.base.limits import DEFAULT, Limits
from siegel.mime.content_type import ContentType, parse_content_type, without_comments
from siegel.mime.transfer import decode, decode_anew
from siegel.mime.words import decode_words

CONTENT_TYPE = "content-type"
CONTENT_DISPOSITION = "content-disposition"
CONTENT_TRANSFER_ENCODING = "content-transfer-encoding"
_COLON = 0x3A
_BOUNDARY = re.compile(r"(?<![a-z0-9_-])boundary[^a-z;]{0,20}=", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[^!-~]+")
_ENCODINGS = frozenset({"base64", "quoted-printable"})
_DECIDING_PARAMETERS = frozenset({"boundary", "protocol"})


class Field(NamedTuple):
    """One header field. ``raw`` is the whole field with its line ends.

    A line of a header section that is no field (no colon, a foreign character in the name) has
    the name "".
    """

    name: str
    raw: bytes

    @property
    def lower(self) -> str:
        return self.name.lower()

    @property
    def value(self) -> str:
        """Unfolded (RFC 5322 §2.2.3), without the blanks around; UTF-8, otherwise Latin-1."""
        after = self.raw.partition(b":")[2] if self.name else self.raw
        unfolded = after.replace(b"\r\n", b"").replace(b"\n", b"").strip(b" \t")
        return as_text(unfolded)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """One entity: the root of a message, a body part, or the root of an embedded message.

    ``end`` of a body part is before the line end that belongs to the next delimiter (RFC 2046
    §5.1.1). ``path`` is the IMAP section ("" for the root, "1", "1.2"); the root of an embedded
    message at "2" is again "2" when it is a multipart, and "2.1" otherwise (RFC 9051 §6.4.5.1).
    """

    buffer: bytes | bytearray
    start: int
    body_start: int
    end: int
    path: str = ""
    fields: tuple[Field, ...] = ()
    content_type: ContentType
    children: tuple["Part", ...] = ()
    """Body parts of a multipart; the root of the embedded message for message/rfc822."""
    boundary_ok: bool = True
    """False for a multipart without a usable boundary, a first or a close delimiter."""
    preamble_end: int | None = None
    epilogue_start: int | None = None

    @property
    def exact(self) -> memoryview:
        return memoryview(self.buffer)[self.start : self.end]

    @property
    def header(self) -> memoryview:
        """The header section with the blank line after it, where there is one."""
        return memoryview(self.buffer)[self.start : self.body_start]

    @property
    def body(self) -> memoryview:
        return memoryview(self.buffer)[self.body_start : self.end]

    @property
    def preamble(self) -> memoryview:
        """What stands before the first delimiter of a multipart; empty for anything else."""
        stop = self.body_start if self.preamble_end is None else self.preamble_end
        return memoryview(self.buffer)[self.body_start : stop]

    @property
    def epilogue(self) -> memoryview:
        """What stands after the close delimiter line of a multipart; empty for anything else."""
        begin = self.end if self.epilogue_start is None else self.epilogue_start
        return memoryview(self.buffer)[begin : self.end]

    @property
    def media(self) -> str:
        return self.content_type.media

    @property
    def is_multipart(self) -> bool:
        return self.content_type.type == "multipart"

    @property
    def transfer_encoding(self) -> str:
        """The declared encoding, lower case; "7bit" when there is none (RFC 2045 §6.1)."""
        return transfer_encoding(self.fields)

    @property
    def ambiguous(self) -> bool:
        """Readers may disagree: a second, different Content-Type, encoding, boundary or protocol,
        an encoding around parts (RFC 2045 §6.4), or a place at which some see the header end.

        Siegel follows the first of each, and the header to its empty line.
        """
        repeated = (CONTENT_TYPE, CONTENT_TRANSFER_ENCODING)
        return (
            bool(self.content_type.conflicts & _DECIDING_PARAMETERS)
            or any(_differ(self.get_all(name)) for name in repeated)
            or (self.is_multipart and self._may_be_split_otherwise)
            or self._header_may_end_early
        )

    @property
    def _may_be_split_otherwise(self) -> bool:
        """Who takes no notice of comments, quotes or RFC 2231 finds a second boundary in them."""
        field = self.get(CONTENT_TYPE)
        boundaries = _BOUNDARY.findall(field.value) if field else []
        return len(boundaries) > 1 or self.transfer_encoding in _ENCODINGS

    @property
    def _header_may_end_early(self) -> bool:
        """A line that is no field, but for the ``From `` of a mailbox file; or a CR without LF,
        which some take for the end of a line."""
        first_is_mbox = bool(self.fields) and self.fields[0].raw.startswith(b"From ")
        fields = self.fields[first_is_mbox:]
        header = bytes(self.header)
        return header.count(b"\r") != header.count(b"\r\n") or not all(
            [name and raw[len(name)] == _COLON for name, raw in fields]
        )

    @property
    def disposition_filename(self) -> str | None:
        field = self.get(CONTENT_DISPOSITION)
        return _file_name(parse_content_type(field.value).params.get("filename")) if field else None

    @property
    def filename(self) -> str | None:
        """The name a person gave the part, never a path: disposition first, then ``name``."""
        return self.disposition_filename or _file_name(self.content_type.params.get("name"))

    def get(self, name: str) -> Field | None:
        return first_field(self.fields, name)

    def get_all(self, name: str) -> tuple[Field, ...]:
        return all_fields(self.fields, name)

    def decoded(self, limits: Limits = DEFAULT) -> bytes:
        """The body without its transfer encoding; an unknown encoding is left as it is.

        Junk in base64 or quoted-printable is passed over, as RFC 2045 §6.7–6.8 tell readers to.
        """
        self._check_size(limits)
        return decode(self.body, self.transfer_encoding)

    def decoded_anew(self, limits: Limits = DEFAULT) -> bytearray:
        """The same in a buffer of the caller's own, to be changed where it lies."""
        self._check_size(limits)
        return decode_anew(self.body, self.transfer_encoding)

    def _check_size(self, limits: Limits) -> None:
        if self.end - self.body_start > limits.message_size:
            raise LimitExceeded(f"a part is larger than {limits.message_size} bytes")


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """A whole message; its header is that of the root part."""

    root: Part

    @property
    def raw(self) -> Buffer:
        return self.root.buffer

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.root.fields

    def get(self, name: str) -> Field | None:
        return self.root.get(name)

    def get_all(self, name: str) -> tuple[Field, ...]:
        return self.root.get_all(name)


def as_text(raw: bytes) -> str:
    """UTF-8 (RFC 6532), and Latin-1 for everything that is no UTF-8: no byte is lost."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def transfer_encoding(fields: Sequence[Field]) -> str:
    field = first_field(fields, CONTENT_TRANSFER_ENCODING)
    value = without_comments(field.value).lower() if field else ""
    return _UNPRINTABLE.sub("", value) or "7bit"


def first_field(fields: Sequence[Field], name: str) -> Field | None:
    wanted = name.lower()
    for field in fields:
        if field.name.lower() == wanted:
            return field
    return None


def all_fields(fields: Sequence[Field], name: str) -> tuple[Field, ...]:
    wanted = name.lower()
    return tuple([field for field in fields if field.name.lower() == wanted])


def _differ(fields: Sequence[Field]) -> bool:
    return len(fields) > 1 and len({field.value for field in fields}) > 1


def _file_name(value: str | None) -> str | None:
    if value is None:
        return None
    return decode_words(value).replace("\\", "/").rpartition("/")[2].strip() or None
