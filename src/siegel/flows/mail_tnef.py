"""What is in a winmail.dat: Outlook's own wrapping of files (MS-OXTNEF), opened.

The parser is somebody else's and its food anybody's: sizes are capped, and whatever it trips over
means that there is nothing inside.
"""

import struct
from dataclasses import dataclass, field

from tnefparse import TNEF

LARGEST = 30 * 1024 * 1024  # octets
MOST_FILES = 50
_SIGNATURE = b"\x78\x9f\x3e\x22"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedFile:
    name: str
    octets: bytes = field(repr=False)


def unwrapped(octets: bytes) -> tuple[WrappedFile, ...]:
    """Its files, in their order; none if it cannot be read."""
    if len(octets) > LARGEST or not octets.startswith(_SIGNATURE):
        return ()
    try:
        found = TNEF(octets, do_checksum=False).attachments[:MOST_FILES]
        return tuple(
            WrappedFile(name=_name(each.long_filename() or each.name), octets=bytes(each.data))
            for each in found
            if isinstance(each.data, (bytes, bytearray))
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return ()
    except (struct.error, LookupError, OverflowError, NotImplementedError, MemoryError):
        return ()


def _name(found: object) -> str:
    text = found.decode("latin-1") if isinstance(found, bytes) else str(found or "")
    return text.replace("\0", "").replace("\\", "/").rpartition("/")[2].strip() or "file"
