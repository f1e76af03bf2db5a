"""What peers are told: SMTP replies with enhanced codes (RFC 3463) and generic words.

Strangers learn a code and a harmless English sentence, never parameters of an error, and nothing
that tells one decryption failure from another. Only our own users (outbound) read why each of
their recipients could not be served.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from siegel.base.errors import SiegelError
from siegel.transport.envelope import Role
from siegel.transport.submission import Refusal

MAX_LINE = 512  # octets with CRLF, RFC 5321 §4.5.3.1.5
MAX_LINES = 60  # a reply ends in a bounce that a person reads

_NOT_PRINTABLE = re.compile(r"[^\x20-\x7e]")
# how German is written where only ASCII is read (replies end in bounces of any mail server)
_IN_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
    | dict.fromkeys("„“”", '"')
    | dict.fromkeys("‚‘’", "'")
    | dict.fromkeys("–—", "-")
    | {"…": "...", "→": "->"}
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer of the gateway. ``text`` may have several lines; only ASCII leaves the house."""

    code: int
    enhanced: str
    text: str

    @property
    def accepted(self) -> bool:
        return 200 <= self.code < 300

    def lines(self) -> tuple[bytes, ...]:
        """As sent, without CRLF: every line within 512 octets, every line with the codes."""
        prefix = f"{self.code}", f"{self.enhanced} " if self.enhanced else ""
        room = MAX_LINE - 2 - len(f"{prefix[0]}-{prefix[1]}")
        texts = list(_wrapped(self.text, room))
        if len(texts) > MAX_LINES:
            texts = [*texts[: MAX_LINES - 1], f"... and {len(texts) - MAX_LINES + 1} more lines"]
        marks = ["-"] * (len(texts) - 1) + [" "]
        return tuple(
            f"{prefix[0]}{mark}{prefix[1]}{text}".encode("ascii")
            for mark, text in zip(marks, texts, strict=True)
        )


def _wrapped(text: str, room: int) -> Iterator[str]:
    for line in text.splitlines() or [""]:
        rest = _NOT_PRINTABLE.sub("?", line.translate(_IN_ASCII)).strip()
        while len(rest) > room:
            at = rest.rfind(" ", 1, room + 1)
            at = at if at > 0 else room
            yield rest[:at]
            rest = rest[at:].lstrip()
        yield rest


ACCEPTED = Reply(250, "2.0.0", "accepted by the next hop")
TRY_LATER = Reply(451, "4.3.0", "the message cannot be handled now, please try again")
TOO_BIG = Reply(552, "5.3.4", "the message is bigger than this server takes")
NO_ROOM = Reply(452, "4.3.1", "no room for the message now, please try again")
BARE_LINE_END = Reply(550, "5.5.2", "a bare CR or LF is not allowed (RFC 5321 2.3.8)")
LOOP = Reply(554, "5.4.6", "the message has travelled in a loop")

_FOR_ERROR = {
    "malformed": Reply(554, "5.6.0", "the message cannot be read"),
    "malformed_address": Reply(553, "5.1.3", "an address cannot be read"),
    "limit_exceeded": Reply(552, "5.3.4", "the message exceeds a limit of this server"),
}


def for_error(error: SiegelError) -> Reply:
    """Trouble with the input is final; everything else is trouble of ours and may pass: 451."""
    if error.temporary:
        return TRY_LATER
    return _FOR_ERROR.get(error.code, TRY_LATER)


def for_refusals(refusals: Collection[Refusal]) -> Reply:
    """No recipient was taken by the next hop: final only if every refusal is."""
    if not refusals or not all(refusal.permanent for refusal in refusals):
        return Reply(451, "4.4.0", "the next hop does not take the message now")
    first = next(iter(refusals))
    enhanced = first.enhanced if len({r.enhanced for r in refusals}) == 1 else "5.0.0"
    return Reply(550, enhanced, "the next hop refused the message")


def refused_by_policy(
    role: Role, journal: str, recipients: Mapping[str, Sequence[str]] | None = None
) -> Reply:
    """550. Outbound: the journal number and the worded reasons of each recipient, for the writer.
    Inbound: nothing that a stranger could learn from."""
    if role is Role.INBOUND:
        return Reply(550, "5.7.1", "refused by the policy of this organisation")
    lines = [f"not sent: the rules of your organisation forbid it (journal {journal})"]
    for recipient, reasons in (recipients or {}).items():
        lines += [f"{recipient}: {reason}" for reason in reasons]
    return Reply(550, "5.7.1", "\n".join(lines))


def held_by_policy(role: Role, journal: str) -> Reply:
    """The same for a refusal that time may heal (a certificate not yet judged, a locked key)."""
    text = "cannot be sent now" if role is Role.OUTBOUND else "cannot be taken now"
    suffix = f" (journal {journal})" if role is Role.OUTBOUND else ""
    return Reply(451, "4.7.1", f"{text}, please try again{suffix}")
