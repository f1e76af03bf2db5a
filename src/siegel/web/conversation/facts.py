"""A message in words: the line above it, what stands under it, and what it is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from siegel.flows import mail_facts
from siegel.flows.mail_parts import Block, Body
from siegel.flows.mail_reading import Shown, text_of
from siegel.policy.message_state import MessageState
from siegel.policy.signers import ErrantJudgement
from siegel.store.conversation_rows import PlacedItem
from siegel.store.mail_rows import ItemRow
from siegel.web.conversation.files import EventView, FileView, events_of, files_of
from siegel.web.conversation.plain_text import Paragraph, paragraphs
from siegel.web.conversation.ways import written
from siegel.web.message_looks import look_of
from siegel.web.templatetags.siegel import plain
from siegel.wording.message_states import state_words
from siegel.wording.words import Language

LINE = 24  # pixels of a line of HTML mail, by which a frame's height is estimated
_REMOTE = re.compile(r"<img\b[^>]{0,2000}?\bsrc\s*=\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)
SMALLEST, TALLEST = 160, 1200  # pixels of a frame; what is longer scrolls inside


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """The one calm line."""

    state: str
    icon: str
    title: str
    sentence: str
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """``frame``: address of the HTML form; "" when it is shown as text. ``other``: the page with
    the other form, ``pictures``: with those from elsewhere."""

    number: int
    frame: str
    height: int
    paragraphs: tuple[Paragraph, ...]
    has_html: bool
    remote: bool
    other: str
    pictures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """``line``: of a part that is protected apart from the others; None for everything else."""

    line: StatusLine | None
    bodies: tuple[BodyView, ...]
    events: tuple[EventView, ...]
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Who wrote when to whom, as it stands above every message. ``open``: the page with it in
    full."""

    item: int
    who: str
    address: str
    to: str
    at: datetime | None
    line: StatusLine
    lined: bool
    preview: str
    outgoing: bool
    seen: bool
    open: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the reader asked for with this page: HTML mail as text, what is withheld, pictures.
    ``base`` and ``kept``: its address, and what of its query stays."""

    base: str
    kept: Mapping[str, str] = field(default_factory=dict)
    text: bool = False
    anyway: bool = False
    pictures: bool = False

    def page(self, item: int, **more: int) -> str:
        """This page again, at this message, with one wish more."""
        query = urlencode({**self.kept, "open": item, **more})
        return f"{self.base}?{query}#m{item}"


def head_of(each: PlacedItem, preview: str, language: Language, wishes: Wishes) -> Head:
    row = each.row
    return Head(
        item=row.id,
        who=row.from_name or row.from_address or _("Sender not known"),
        address=row.from_address,
        to=row.to_names,
        at=row.sent_at or row.received_at,
        line=_line_of_row(row, language),
        lined=bool(row.sealed) or row.state is MessageState.KEY_MISSING,
        preview=preview,
        outgoing=row.outgoing,
        seen=each.seen,
        open=wishes.page(row.id),
    )


def head_of_attached(shown: Shown, wishes: Wishes, language: Language) -> Head:
    message = shown.opened.message
    address, named = mail_facts.author(message)
    return Head(
        item=shown.item.id,
        who=named or address or _("Sender not known"),
        address=address,
        to=mail_facts.recipients(message),
        at=mail_facts.sent_at(message),
        line=line_of_shown(shown, language),
        lined=bool(shown.opened.encrypted_layers),
        preview="",
        outgoing=False,
        seen=True,
        open=wishes.page(shown.item.id),
    )


def _line_of_row(row: ItemRow, language: Language) -> StatusLine:
    """A good state was said of the address in From; whose signature did not match, is not known
    before the message is opened."""
    line = line_of(row.state, row.from_address, row.from_address, language)
    return replace(line, sentence="") if row.state is MessageState.MISMATCH else line


def line_of(state: MessageState, address: str, sender: str, language: Language) -> StatusLine:
    """``address`` is a checked one, or that of From in a state that says so of it."""
    said = state_words(state, language)
    look, icon = look_of(state)
    nobody = _("an unknown address")
    return StatusLine(
        state=look,
        icon=icon,
        title=said.title,
        sentence=said.sentence.format(
            address=plain(address or nobody, 320), sender=plain(sender or nobody, 320)
        ),
        action=said.action,
    )


def line_of_shown(shown: Shown, language: Language) -> StatusLine:
    return line_of(shown.state, shown.address, shown.sender, language)


def blocks_of(shown: Shown, wishes: Wishes) -> tuple[BlockView, ...]:
    return tuple(_block(shown, block, wishes) for block in shown.blocks)


def _block(shown: Shown, block: Block, wishes: Wishes) -> BlockView:
    line = None
    if block.path is not None:
        line = _line_of_part(shown.errant.get(block.path))
    return BlockView(
        line=line,
        bodies=tuple(_body(shown, body, wishes) for body in block.bodies),
        events=events_of(shown, block),
        files=files_of(shown, block),
    )


def _line_of_part(judged: ErrantJudgement | None) -> StatusLine:
    """A part has no state of its own: what holds for it is said calmly and never in green."""
    if judged is None or not judged.signers:
        return StatusLine(
            state="is-open",
            icon="lock-noseal",
            title=_("Separately protected part."),
            sentence=_("Not opened: it does not belong to the message as a whole."),
        )
    if judged.hold_for_their_part and judged.signers[0].certificate is not None:
        signer = next((str(a) for a in judged.signers[0].certificate.addresses), "")
        return StatusLine(
            state="is-open",
            icon="seal-q",
            title=_("Only this part is signed."),
            sentence=_("By %(address)s. Everything around it is not.") % {"address": signer},
        )
    return StatusLine(
        state="is-warn",
        icon="seal-q",
        title=_("The signature of this part does not count."),
        sentence=_("Read it as if nobody had signed it."),
    )


def _body(shown: Shown, body: Body, wishes: Wishes) -> BodyView:
    as_text = wishes.text or shown.withheld or body.html is None
    text = text_of(body)
    item = shown.item.id
    words = paragraphs(text, links=shown.authentic and not shown.withheld)
    other = {} if wishes.text else {"text": item}
    return BodyView(
        number=body.number,
        frame="" if as_text else _frame(shown, body, wishes),
        height=0 if as_text else _height(body),
        paragraphs=words,
        has_html=body.html is not None and not shown.withheld,
        remote=shown.trustworthy and not as_text and not wishes.pictures and _names_remote(body),
        other=wishes.page(item, **other),
        pictures=wishes.page(item, pictures=item),
    )


def _frame(shown: Shown, body: Body, wishes: Wishes) -> str:
    query = {"in": written(shown.way)} if shown.way else {}
    if wishes.pictures:
        query["pictures"] = "1"
    address = reverse("conversation:frame", args=[shown.item.id, body.number])
    return f"{address}?{urlencode(query)}" if query else address


def _names_remote(body: Body) -> bool:
    """Whether it may name pictures from elsewhere; what they are the sanitiser decides."""
    html = mail_facts.text_of(body.html) if body.html is not None else ""
    return _REMOTE.search(html) is not None


def _height(body: Body) -> int:
    """By the lines of its text and its pictures; nobody measures inside the frame."""
    html = mail_facts.text_of(body.html) if body.html is not None else ""
    text = mail_facts.text_of_html(html[:50_000])
    lines = sum(1 + len(line) // 90 for line in text.splitlines())
    pictures = min(html.lower().count("<img"), 6)
    return max(SMALLEST, min(TALLEST, 60 + lines * LINE + pictures * 120))


def number_of_messages(number: int) -> str:
    return ngettext("%(number)d message", "%(number)d messages", number) % {"number": number}
