"""An answer to a message, or the message passed on: whom to, about what, and what it may quote.

What came encrypted is quoted only into mail that leaves encrypted; ``without_quote`` takes it out
again. The subject is the one that everybody could read already.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from siegel.base.address import EmailAddress
from siegel.flows import mail_access, mail_facts, mail_reading
from siegel.flows.composing import Named
from siegel.flows.drafts import Upload, Way, Written
from siegel.flows.mail_parts import File, FileKind
from siegel.flows.mail_reading import Shown
from siegel.flows.site import Site
from siegel.mime.fields import addresses
from siegel.mime.mailboxes import Mailbox, parse_mailboxes
from siegel.mime.message import Message
from siegel.mime.parse import parse_header
from siegel.policy.message_state import MessageState
from siegel.store.mail_rows import ItemRow
from siegel.store.queries import account_people, accounts, messages
from siegel.store.queries.drafts import DraftKind
from siegel.wording import quoting
from siegel.wording.words import Language

_BEGINNING = re.compile(r"\s*(?:re|aw|antw|antwort|sv|fwd?|wg|wtr)(?:\[\d+\])?\s*:", re.IGNORECASE)
_FILES = re.compile(
    r"\b(?:anhang|anhänge|anhängen|angehängt|anbei|beigefügt|attach\w*|enclosed)\b", re.IGNORECASE
)
_QUOTED = re.compile(r"^>.*$")
_NOT_PASSED_ON = frozenset({FileKind.SIGNATURE, FileKind.KEY})
DOUBTFUL = frozenset({MessageState.MISMATCH, MessageState.BROKEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the form begins with. ``asks_elsewhere``: the checked sender, when the message wants its
    answer sent to another domain. ``files``: names of what is passed on with it."""

    written: Written
    state: MessageState
    asks_elsewhere: str = ""
    files: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        return self.state in DOUBTFUL


def answer(
    kind: DraftKind,
    item: int,
    person: EmailAddress,
    language: Language,
    site: Site,
    *,
    at: datetime,
) -> Answer:
    """Raises ``NotFound`` for a message that is not for this person."""
    shown = mail_reading.read(item, person, site, at=at)
    row, message = shown.item, shown.opened.message
    quoted = mail_reading.quoted(item, person, site, at=at)
    forward = kind is DraftKind.FORWARD
    to, cc = _recipients(kind, message, row, person, at)
    text = (
        _forwarded(shown, quoted.text, language)
        if forward
        else _quote(shown, quoted.text, language)
    )
    written = Written(
        sender=_sender(message, row),
        to=to,
        cc=cc,
        subject=subject(row.subject, quoting.FORWARD if forward else quoting.REPLY, language),
        text=text,
        way=Way.ENCRYPT if quoted.was_encrypted else Way.RULE,
        closed=quoted.was_encrypted,
    )
    return Answer(
        written=written,
        state=shown.state,
        asks_elsewhere="" if forward else asks_elsewhere(shown),
        files=tuple(file.name for file in _files(shown)) if forward else (),
    )


def to_several(shown: Shown, person: EmailAddress, *, at: datetime) -> bool:
    """Whether an answer to all goes to somebody whom a plain answer leaves out."""
    message, row = shown.opened.message, shown.item
    one, everyone = (
        _recipients(kind, message, row, person, at)
        for kind in (DraftKind.REPLY, DraftKind.REPLY_ALL)
    )
    return one != everyone


def files_of(item: int, person: EmailAddress, site: Site, *, at: datetime) -> tuple[Upload, ...]:
    """What is passed on with a message; nothing of what is withheld from its reader."""
    shown = mail_reading.read(item, person, site, at=at)
    return tuple(
        Upload(
            name=file.name,
            media_type=file.media,
            octets=file.part.decoded(site.limits),
            carried=True,
        )
        for file in _files(shown)
        if file.part is not None
    )


def references(item: int, person: EmailAddress, site: Site, *, at: datetime) -> tuple[str, ...]:
    """Message-IDs for References, the one of the message itself last (RFC 5322 §3.6.4)."""
    row = mail_access.item(item, person, at=at)
    message = parse_header(messages.raw(row.sha256), limits=site.limits)
    thread = mail_facts.thread(message)
    return (*thread[1:], *thread[:1]) if row.message_id else thread


def subject(text: str, beginnings: dict[Language, str], language: Language) -> str:
    """With one beginning, however many it had."""
    rest = text
    while found := _BEGINNING.match(rest):
        rest = rest[found.end() :]
    return f"{beginnings[language]} {rest.strip()}".strip()


def without_quote(written: Written) -> Written:
    """The words of the writer alone: quoted lines, the line above them and what was passed on are
    gone, and with them the reason to encrypt."""
    lines = written.text.split("\n")
    marks = set(quoting.FORWARDED.values())
    end = next((n for n, line in enumerate(lines) if line.strip() in marks), len(lines))
    kept: list[str] = []
    for line in lines[:end]:
        if not _QUOTED.match(line):
            kept.append(line)
        elif kept and quoting.is_attribution(kept[-1]):
            kept.pop()
    text = "\n".join(kept).rstrip()
    return replace(written, text=f"{text}\n" if text else "", closed=False, way=Way.RULE)


def speaks_of_files(text: str) -> bool:
    """Whether the writer's own lines mention an attachment."""
    return any(_FILES.search(line) for line in text.split("\n") if not _QUOTED.match(line))


def named(texts: Iterable[str]) -> tuple[Named, ...]:
    """What people typed as recipients; what is no address is left out."""
    found = (mailbox for text in texts for mailbox in parse_mailboxes(text))
    return tuple(
        Named(address=each.address, name=each.display) for each in found if each.address is not None
    )


def typed(mailbox: Mailbox) -> str:
    """A recipient as it stands in the form."""
    name = mailbox.display.replace('"', "").strip()
    return f'"{name}" <{mailbox.address}>' if name else str(mailbox.address)


def _recipients(
    kind: DraftKind, message: Message, row: ItemRow, person: EmailAddress, at: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if kind is DraftKind.FORWARD:
        return (), ()
    own = _own(row, person, at)
    to = addresses(message, "To") if row.outgoing else _asked_for(message)
    cc: tuple[Mailbox, ...] = ()
    if kind is DraftKind.REPLY_ALL:
        others = () if row.outgoing else addresses(message, "To")
        to, cc = (*to, *others), addresses(message, "Cc")
    first = _once(to, own) or _once(to, set())  # a note to oneself is answered to oneself
    return tuple(map(typed, first)), tuple(
        typed(each) for each in _once(cc, own) if each.address not in {one.address for one in first}
    )


def _asked_for(message: Message) -> tuple[Mailbox, ...]:
    found = [each for each in addresses(message, "Reply-To") if each.address is not None]
    return tuple(found) or addresses(message, "From")


def _once(found: Iterable[Mailbox], own: set[EmailAddress]) -> tuple[Mailbox, ...]:
    kept = {each.address: each for each in found if each.address is not None}
    return tuple(each for address, each in kept.items() if address not in own)


def _own(row: ItemRow, person: EmailAddress, at: datetime) -> set[EmailAddress]:
    account = accounts.get(row.account)
    mine = account_people.addresses_of(person, at=at)
    return {account.address, *account.aliases, *mine}


def _sender(message: Message, row: ItemRow) -> str:
    """The address it was written to, where that is one of the account's; else the account's own."""
    account = accounts.get(row.account)
    named_there = [
        each.address
        for name in ("From", "To", "Cc")
        for each in addresses(message, name)
        if each.address in {account.address, *account.aliases, *account.delegations}
    ]
    return str(named_there[0] if named_there else account.address)


def asks_elsewhere(shown: Shown) -> str:
    """A checked sender whose answers go to another domain: shown and asked, not followed."""
    if not shown.trustworthy or not shown.address:
        return ""
    wanted = [each.address for each in addresses(shown.opened.message, "Reply-To") if each.address]
    domain = shown.address.rpartition("@")[2]
    return shown.address if any(each.domain != domain for each in wanted) else ""


def _files(shown: Shown) -> tuple[File, ...]:
    if shown.withheld:
        return ()
    return tuple(
        file
        for block in shown.blocks[:1]
        for file in block.files
        if file.part is not None and file.kind not in _NOT_PASSED_ON
    )


def _quote(shown: Shown, text: str, language: Language) -> str:
    if not text.strip():
        return ""
    name = shown.item.from_name or shown.item.from_address
    lines = text.replace("\r\n", "\n").rstrip().split("\n")
    quote = "\n".join(
        f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines
    )
    return f"\n\n{quoting.attribution(language, name, shown.item.sent_at)}\n{quote}\n"


def _forwarded(shown: Shown, text: str, language: Language) -> str:
    row = shown.item
    sender = f"{row.from_name} <{row.from_address}>" if row.from_name else row.from_address
    header = quoting.forwarded_header(
        language, sender=sender, to=row.to_names, subject=row.subject, at=row.sent_at
    )
    return f"\n\n{header}\n\n{text.replace(chr(13), '').rstrip()}\n"
