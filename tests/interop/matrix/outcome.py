"""What became of one cell: the one side writes, the other one judges."""

from dataclasses import dataclass
from enum import StrEnum

from siegel.base.errors import SiegelError
from tests.interop.matrix.formats import Format
from tests.interop.matrix.side import NoWay, Side
from tests.peers.programs import PeerError


class Word(StrEnum):
    YES = "yes"  # read, and good without reserve
    WEAK = "weak"  # read, and shown as weak or incomplete, as it should be
    REFUSED = "no"  # the reader says no
    UNWRITTEN = "not written"  # the writer says no
    NO_OPTION = "no option"  # the writer has no way to ask for it: nothing was run
    UNSHOWN = "not shown"  # the reader has no way to show it: nothing can be judged


@dataclass(frozen=True, slots=True)
class Outcome:
    word: Word
    said: str = ""  # the program's own words


def outcome(writer: Side, reader: Side, format: Format) -> Outcome:
    """Run one cell. Another content than the one written is an ``AssertionError``."""
    try:
        letter = writer.write(format)
    except NoWay as reason:
        return Outcome(Word.NO_OPTION, str(reason))
    except PeerError as refusal:
        return Outcome(Word.UNWRITTEN, refusal.words)
    except SiegelError as refusal:
        return Outcome(Word.UNWRITTEN, str(refusal))
    try:
        reserve = reader.read(letter)
    except NoWay as reason:
        return Outcome(Word.UNSHOWN, str(reason))
    except PeerError as refusal:
        return Outcome(Word.REFUSED, refusal.words)
    return Outcome(Word.WEAK, reserve) if reserve else Outcome(Word.YES)
