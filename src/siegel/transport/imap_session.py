"""What keeping a mailbox in step asks of an IMAP server (RFC 9051, RFC 3501), small and typed.

Messages are named by UID only, nothing that is read becomes \\Seen, and nothing is expunged but by
UID (RFC 4315). CONDSTORE (RFC 7162), MOVE (RFC 6851), UIDPLUS and IDLE (RFC 2177) are used where
they are offered. The server may be anybody's: time and octets of each command are limited, and
every failure is a ``TransportFailure``; ``Refused`` says that the server answered NO or BAD and
that the connection is good for more.
"""

import contextlib
import imaplib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from imapclient.exceptions import IMAPClientError, ProtocolError

from siegel.base.errors import TransportFailure
from siegel.transport.imap_folders import ServerFolders, folders_of
from siegel.transport.imap_login import MAX_LITERAL, MailClient
from siegel.transport.mail_server import MailProblem, failure

PATIENCE = 120.0  # seconds for one command and all its answers
MAX_ANSWER = 32 * 1024 * 1024  # octets of an answer without message texts; 100,000 flags are 6 MiB
MAX_TEXTS = 16 * 1024 * 1024  # octets of messages that are asked for together
WINDOW = 50_000  # messages searched at once: imaplib takes lines of one megabyte
TOGETHER = 500  # UIDs named in one command
MAX_NEWS = 1024 * 1024  # octets that may come during one IDLE

_DELETED = b"\\deleted"
_BY_FLAG = {
    "seen": b"\\Seen",
    "flagged": b"\\Flagged",
    "answered": b"\\Answered",
    "draft": b"\\Draft",
}


class Refused(TransportFailure):
    """The server said NO or BAD to one command."""

    code = "imap_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFlags:
    """Of one message on the server (RFC 9051 §2.3.2)."""

    seen: bool = False
    flagged: bool = False
    answered: bool = False
    draft: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A folder as the server describes it. ``highest_modseq`` 0: it keeps no mod-sequences."""

    exists: int
    uid_validity: int
    uid_next: int
    highest_modseq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of a message before it is fetched."""

    uid: int
    size: int
    received_at: datetime | None
    flags: ServerFlags


class ImapSession:
    """One logged-in connection; not for several threads. Ends with ``close``."""

    def __init__(self, client: MailClient, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        self._exists = 0
        client.normalise_times = False
        with self._asking():
            self._offered = frozenset(client.capabilities())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Politely if the server still listens; in any case."""
        with contextlib.suppress(TransportFailure), self._asking():
            self._client.logout()
        with contextlib.suppress(Exception):
            self._client.shutdown()

    def abort(self) -> None:
        """From another thread: whoever waits for the server gets a ``TransportFailure``."""
        with contextlib.suppress(Exception):
            self._client.shutdown()

    def offers(self, capability: str) -> bool:
        return capability.encode() in self._offered

    def folders(self) -> ServerFolders:
        with self._asking():
            return folders_of(self._client.list_folders())

    def create(self, folder: str) -> None:
        with self._asking():
            self._client.create_folder(folder)

    def select(self, folder: str, *, to_change: bool = False) -> Selected:
        with self._asking():
            said = self._client.select_folder(folder, readonly=not to_change)
            selected = Selected(
                exists=_count(said[b"EXISTS"]),
                uid_validity=_count(said[b"UIDVALIDITY"]),
                uid_next=_count(said.get(b"UIDNEXT", 0)),
                highest_modseq=_count(said.get(b"HIGHESTMODSEQ", 0)),
            )
        self._exists = selected.exists
        return selected

    def uids(self, *criteria: str) -> list[int]:
        """All that are not marked as deleted and fit the criteria, in rising order."""
        found: set[int] = set()
        for start in range(1, self._exists + 1, WINDOW):
            window = f"{start}:{min(start + WINDOW - 1, self._exists)}"
            found.update(self._searched([window, "UNDELETED", *criteria]))
        return sorted(found)

    def uids_above(self, uid: int) -> list[int]:
        # "n:*" always names the last message, too (RFC 9051 §9)
        found = self._searched(["UID", f"{uid + 1}:*", "UNDELETED"]) if self._exists else []
        return sorted(each for each in found if each > uid)

    def existing(self, uids: Sequence[int]) -> set[int]:
        """Those of them that the server has and does not call deleted."""
        found: set[int] = set()
        for some in _some(uids):
            found.update(self._searched(["UID", _joined(some), "UNDELETED"]))
        return found & set(uids)

    def with_message_id(self, message_id: str) -> list[int]:
        if not message_id.isascii() or not message_id.isprintable():
            return []
        quoted = message_id.replace("\\", r"\\").replace('"', r"\"")
        return sorted(self._searched(f'HEADER Message-ID "{quoted}" UNDELETED'))

    def all_flags(self, uids: Iterable[int]) -> dict[int, ServerFlags]:
        """For servers that keep no mod-sequences: four lists instead of a line a message."""
        sets = {name: set(self.uids(name.upper())) for name in ("seen", "flagged", "answered")}
        drafts = set(self.uids("DRAFT"))
        return {
            uid: ServerFlags(
                seen=uid in sets["seen"],
                flagged=uid in sets["flagged"],
                answered=uid in sets["answered"],
                draft=uid in drafts,
            )
            for uid in uids
        }

    def flags_since(self, modseq: int) -> dict[int, ServerFlags]:
        """Of all messages whose flags changed since (RFC 7162 §3.1.4.1)."""
        with self._asking():
            said = self._client.fetch("1:*", ["FLAGS"], modifiers=[f"CHANGEDSINCE {modseq}"])
            return {
                _count(uid): _flags(data[b"FLAGS"])
                for uid, data in said.items()
                if b"FLAGS" in data
            }

    def heads(self, uids: Sequence[int]) -> dict[int, Head]:
        """Of those that the server still has."""
        heads: dict[int, Head] = {}
        for some in _some(uids):
            with self._asking():
                said = self._client.fetch(some, ["FLAGS", "RFC822.SIZE", "INTERNALDATE"])
                heads |= {uid: _head(uid, said[uid]) for uid in some if uid in said}
        return heads

    def texts(self, heads: Sequence[Head]) -> Iterator[tuple[int, bytes]]:
        """The messages in the order asked for, a bounded number of octets at once."""
        for some in _portions(heads):
            uids = [head.uid for head in some]
            with self._asking(octets=MAX_TEXTS + 2 * MAX_LITERAL):
                said = self._client.fetch(uids, ["BODY.PEEK[]"])
            for uid in uids:
                text = said.get(uid, {}).get(b"BODY[]")
                if isinstance(text, bytes):
                    yield uid, text

    def set_flag(self, uid: int, flag: str, on: bool) -> None:
        """``flag``: seen, flagged, answered or draft."""
        with self._asking():
            change = self._client.add_flags if on else self._client.remove_flags
            change([uid], [_BY_FLAG[flag]], silent=True)

    def move(self, uid: int, target: str) -> int | None:
        """The UID there, if the server tells. A message that is gone is no error."""
        with self._asking():
            self._client._imap.response("COPYUID")
            if self.offers("MOVE"):
                self._client.move([uid], target)
            else:
                self._client.copy([uid], target)
            new = self._new_uid("COPYUID")
        if not self.offers("MOVE"):
            self.delete(uid)
        return new

    def delete(self, uid: int) -> None:
        """Marked, and expunged where that can be done for this message alone (UIDPLUS)."""
        with self._asking():
            self._client.add_flags([uid], [b"\\Deleted"], silent=True)
            if self.offers("UIDPLUS"):
                self._client.uid_expunge([uid])

    def append(
        self, folder: str, text: bytes, flags: Iterable[str], received_at: datetime
    ) -> int | None:
        """The UID there, if the server tells."""
        names = [_BY_FLAG[flag] for flag in flags]
        with self._asking(octets=MAX_ANSWER):
            self._client._imap.response("APPENDUID")
            self._client.append(folder, text, names, received_at)
            return self._new_uid("APPENDUID")

    def wait(self, seconds: float, is_over: Callable[[], bool], step: float = 1.0) -> bool:
        """IDLE in the selected folder: True as soon as the server says anything that may matter.
        ``is_over`` is asked once a step."""
        end = self._clock() + seconds
        with self._asking(seconds=None, octets=MAX_NEWS):
            self._client.idle()
            news = False
            while not news and not is_over() and self._clock() < end:
                news = self._heard(step)
            self._client.allow(seconds=PATIENCE, octets=MAX_NEWS)
            _, late = self._client.idle_done()
        return news or any(_matters(one) for one in late)

    def _heard(self, step: float) -> bool:
        begin = self._clock()
        said = self._client.idle_check(step)
        if not said and self._clock() - begin < step / 2:  # the library is silent about an end
            raise failure(MailProblem.NOT_REACHED, "the connection ended")
        return any(_matters(one) for one in said)

    def _new_uid(self, code: str) -> int | None:
        """RFC 4315 §3: UIDVALIDITY, then for COPYUID the old UID, then the new one."""
        _, data = self._client._imap.response(code)
        words = data[-1].split() if data and data[-1] else []
        return int(words[-1]) if words and words[-1].isdigit() else None

    def _searched(self, criteria: list[str] | str) -> list[int]:
        with self._asking():
            return [_count(uid) for uid in self._client.search(criteria)]

    @contextlib.contextmanager
    def _asking(
        self, *, seconds: float | None = PATIENCE, octets: int = MAX_ANSWER
    ) -> Iterator[None]:
        try:
            self._client.allow(seconds=seconds, octets=octets)
            yield
        except TransportFailure:
            raise
        except _TROUBLE as error:
            raise _understood(error) from None


# imaplib and IMAPClient on hostile answers
_NONSENSE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError)
_TROUBLE = (OSError, imaplib.IMAP4.error, IMAPClientError, *_NONSENSE)


def _understood(error: Exception) -> TransportFailure:
    """The most special first: the libraries derive them from one another."""
    if isinstance(error, TimeoutError):
        return failure(MailProblem.TIMED_OUT)
    if isinstance(error, imaplib.IMAP4.readonly):
        return _refused("read-only")
    if isinstance(error, imaplib.IMAP4.abort | OSError):
        return failure(MailProblem.NOT_REACHED, "the connection ended")
    if isinstance(error, ProtocolError) or not isinstance(error, imaplib.IMAP4.error):
        return failure(MailProblem.OTHER_PROTOCOL)
    return _refused(_response_code(str(error)))


def _refused(detail: str) -> Refused:
    return Refused(f"refused {detail}".strip(), problem=MailProblem.SERVER_SAID_NO, detail=detail)


def _response_code(said: str) -> str:
    """Of an answer only its code (RFC 5530): words of a server might repeat ours."""
    code = said.partition("[")[2].partition("]")[0]
    return code if code.replace("-", "").isalnum() and len(code) <= 32 else ""


def _count(value: object) -> int:
    """A number of the protocol: never negative, at most 63 bits (RFC 7162)."""
    number = int(value) if isinstance(value, int | str | bytes) else -1
    if not 0 <= number < 2**63:
        raise ValueError("no number of IMAP")
    return number


def _head(uid: int, data: Mapping[bytes, object]) -> Head:
    received_at = data.get(b"INTERNALDATE")
    return Head(
        uid=uid,
        size=_count(data[b"RFC822.SIZE"]),
        received_at=_in_utc(received_at) if isinstance(received_at, datetime) else None,
        flags=_flags(data[b"FLAGS"]),
    )


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _flags(names: object) -> ServerFlags:
    listed = names if isinstance(names, tuple | list) else ()
    found = {name.lower() for name in listed if isinstance(name, bytes)}
    return ServerFlags(
        seen=b"\\seen" in found,
        flagged=b"\\flagged" in found,
        answered=b"\\answered" in found,
        draft=b"\\draft" in found,
        deleted=_DELETED in found,
    )


def _matters(said: object) -> bool:
    """ "* OK Still here" does not."""
    return isinstance(said, tuple | list) and len(said) > 1 and isinstance(said[0], int)


def _some(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (uids[start : start + TOGETHER] for start in range(0, len(uids), TOGETHER))


def _joined(uids: Iterable[int]) -> str:
    return ",".join(map(str, uids))


def _portions(heads: Sequence[Head]) -> Iterator[list[Head]]:
    portion: list[Head] = []
    octets = 0
    for head in heads:
        if portion and octets + head.size > MAX_TEXTS:
            yield portion
            portion, octets = [], 0
        portion.append(head)
        octets += head.size
    if portion:
        yield portion
