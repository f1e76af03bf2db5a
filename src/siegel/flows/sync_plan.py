"""What a look at a folder of a mail server means for us: pure, so that it can be tried out.

Nothing is read in the order of a mark: what is missing here is what the server has and we do not
know. So a first reading of 100,000 messages that was interrupted goes on where it was, newest
first, and a server whose UIDs go backwards loses nothing.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from siegel.store.mail_rows import Flags
from siegel.transport.imap_session import ServerFlags


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the server was heard to say. ``uids`` None: only those above the mark were asked for,
    because the numbers show that none is gone. ``flags``: of messages whose flags it named."""

    uids: Set[int] | None
    new: Set[int] = frozenset()
    flags: Mapping[int, ServerFlags] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """``uids``: messages that lie here or cannot be filed; ``leaving``: moved or deleted here,
    which the server does not know yet."""

    uids: Set[int]
    leaving: Set[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPlan:
    """``fetch``: the newest first. ``gone``: to be asked for once more before they leave."""

    fetch: tuple[int, ...]
    gone: tuple[int, ...]
    flags: Mapping[int, Flags]


def plan(seen: Seen, known: Known) -> FolderPlan:
    """What a person changed here and the server does not know yet, wins."""
    deleted = {uid for uid, flags in seen.flags.items() if flags.deleted}
    named = set(seen.flags) - deleted
    there = set(seen.uids) if seen.uids is not None else set(seen.new) | named
    fetch = there - deleted - known.uids - known.leaving
    gone = known.uids & deleted
    if seen.uids is not None:
        gone = gone | (known.uids - seen.uids)
    return FolderPlan(
        fetch=tuple(sorted(fetch, reverse=True)),
        gone=tuple(sorted(gone)),
        flags={uid: ours(seen.flags[uid]) for uid in named & known.uids},
    )


def ours(flags: ServerFlags) -> Flags:
    return Flags(seen=flags.seen, flagged=flags.flagged, answered=flags.answered, draft=flags.draft)
