"""A mail server of a few lines: folders of messages, as the sync sees them, and nothing besides.

``modseqs``, ``tells_uids`` and ``moves``: what real servers offer or do not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from siegel.transport.imap_folders import ServerFolders, folders_of
from siegel.transport.imap_session import Head, Refused, Selected, ServerFlags

RECEIVED = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


NO_FLAGS = ServerFlags()


class Killed(BaseException):
    """The process ended here."""


@dataclass(slots=True)
class Stored:
    text: bytes
    flags: ServerFlags = NO_FLAGS
    modseq: int = 1


@dataclass(slots=True)
class Mailbox:
    validity: int = 1
    next_uid: int = 1
    messages: dict[int, Stored] = field(default_factory=dict)


class ModelServer:
    def __init__(
        self, *, modseqs: bool = True, tells_uids: bool = True, moves: bool = True
    ) -> None:
        self.mailboxes = {"INBOX": Mailbox(), "Archive": Mailbox(), "Trash": Mailbox()}
        self.asked_for: list[int] = []  # UIDs whose texts went out
        self.selected = ""
        self.refuses = False  # every change
        self._modseqs, self._tells_uids, self._moves = modseqs, tells_uids, moves
        self._modseq = 1

    # what other programs do

    def put(self, folder: str, text: bytes, flags: ServerFlags = NO_FLAGS) -> int:
        mailbox = self.mailboxes[folder]
        uid = mailbox.next_uid
        mailbox.next_uid += 1
        mailbox.messages[uid] = Stored(text, flags, self._next())
        return uid

    def mark(self, folder: str, uid: int, **flags: bool) -> None:
        message = self.mailboxes[folder].messages[uid]
        message.flags = replace(message.flags, **flags)
        message.modseq = self._next()

    def take(self, folder: str, uid: int) -> None:
        del self.mailboxes[folder].messages[uid]
        self._next()

    def carry(self, folder: str, uid: int, target: str) -> int:
        message = self.mailboxes[folder].messages[uid]
        there = self.put(target, message.text, message.flags)
        self.take(folder, uid)
        return there

    def renumber(self, folder: str) -> None:
        """Another UIDVALIDITY, as after a restored backup."""
        mailbox = self.mailboxes[folder]
        texts = list(mailbox.messages.values())
        self.mailboxes[folder] = Mailbox(validity=mailbox.validity + 1)
        for message in texts:
            self.put(folder, message.text, message.flags)

    def texts_in(self, folder: str) -> list[bytes]:
        return sorted(message.text for message in self.mailboxes[folder].messages.values())

    # what the sync asks

    def folders(self) -> ServerFolders:
        return folders_of(((), b"/", name) for name in self.mailboxes)

    def create(self, folder: str) -> None:
        self.mailboxes[folder] = Mailbox()

    def select(self, folder: str, *, to_change: bool = False) -> Selected:
        if folder not in self.mailboxes:
            raise Refused("refused", detail="NONEXISTENT")
        self.selected = folder
        return Selected(
            exists=len(self._here),
            uid_validity=self.mailboxes[folder].validity,
            uid_next=self.mailboxes[folder].next_uid,
            highest_modseq=max((each.modseq for each in self._here.values()), default=1)
            if self._modseqs
            else 0,
        )

    def uids(self) -> list[int]:
        return sorted(uid for uid, each in self._here.items() if not each.flags.deleted)

    def uids_above(self, uid: int) -> list[int]:
        return [each for each in self.uids() if each > uid]

    def existing(self, uids: Sequence[int]) -> set[int]:
        return set(uids) & set(self.uids())

    def with_message_id(self, message_id: str) -> list[int]:
        wanted = f"Message-ID: {message_id}\r\n".encode()
        return [uid for uid in self.uids() if wanted in self._here[uid].text]

    def all_flags(self, uids: Iterable[int]) -> dict[int, ServerFlags]:
        return {uid: self._here[uid].flags for uid in uids if uid in self._here}

    def flags_since(self, modseq: int) -> dict[int, ServerFlags]:
        return {uid: each.flags for uid, each in self._here.items() if each.modseq > modseq}

    def heads(self, uids: Sequence[int]) -> dict[int, Head]:
        return {
            uid: Head(
                uid=uid,
                size=len(self._here[uid].text),
                received_at=RECEIVED,
                flags=self._here[uid].flags,
            )
            for uid in uids
            if uid in self._here
        }

    def texts(self, heads: Sequence[Head]) -> Iterator[tuple[int, bytes]]:
        for head in heads:
            if head.uid in self._here:
                self.asked_for.append(head.uid)
                yield head.uid, self._here[head.uid].text

    def set_flag(self, uid: int, flag: str, on: bool) -> None:
        self._may()
        if uid in self._here:
            self.mark(self.selected, uid, **{flag: on})

    def move(self, uid: int, target: str) -> int | None:
        self._may()
        if target not in self.mailboxes:
            raise Refused("refused", detail="TRYCREATE")
        if uid not in self._here:
            return None
        if self._moves:
            there = self.carry(self.selected, uid, target)
        else:
            there = self.put(target, self._here[uid].text, self._here[uid].flags)
            self.after_copy()
            self.take(self.selected, uid)
        return there if self._tells_uids else None

    def after_copy(self) -> None:
        """Where a server without MOVE may be left alone."""

    def delete(self, uid: int) -> None:
        self._may()
        if uid in self._here:
            self.take(self.selected, uid)

    def append(
        self, folder: str, text: bytes, flags: Iterable[str], received_at: datetime
    ) -> int | None:
        del received_at
        self._may()
        if folder not in self.mailboxes:
            raise Refused("refused", detail="TRYCREATE")
        uid = self.put(folder, text, ServerFlags(**dict.fromkeys(flags, True)))
        return uid if self._tells_uids else None

    @property
    def _here(self) -> dict[int, Stored]:
        return self.mailboxes[self.selected].messages

    def _may(self) -> None:
        if self.refuses:
            raise Refused("refused", detail="NOPERM")

    def _next(self) -> int:
        self._modseq += 1
        return self._modseq
