"""Files beside a text: what each is, what is inside, and where it can be had."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.base.errors import SiegelError
from siegel.flows import mail_parts
from siegel.flows.mail_calendar import Event, events
from siegel.flows.mail_parts import Block, File, FileKind
from siegel.flows.mail_reading import Shown
from siegel.flows.mail_tnef import unwrapped
from siegel.web.conversation.ways import written
from siegel.web.templatetags.siegel import day, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """``address`` "": there is nothing to save. ``take``: where it goes into the address book.
    ``download``: it is saved, not a page."""

    name: str
    size: int
    icon: str
    address: str
    about: str
    warning: bool
    take: str
    download: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    title: str
    when: str
    place: str
    organiser: str
    people: tuple[str, ...]
    repeats: bool
    cancelled: bool


def files_of(shown: Shown, block: Block) -> tuple[FileView, ...]:
    return tuple(view for file in block.files for view in _views(shown, file))


def events_of(shown: Shown, block: Block) -> tuple[EventView, ...]:
    """Of what is withheld nothing is read out."""
    calendars = [file for file in block.files if file.kind is FileKind.CALENDAR]
    if shown.withheld:
        return ()
    return tuple(_event(each) for file in calendars for each in events(_octets(file)))


def _views(shown: Shown, file: File) -> Iterator[FileView]:
    """A winmail.dat is followed by what is in it."""
    yield _view(shown, file)
    if file.kind is FileKind.TNEF:
        for number, inside in enumerate(unwrapped(_octets(file))):
            kind = mail_parts.kind_of(inside.name, "application/octet-stream")
            yield FileView(
                name=inside.name,
                size=len(inside.octets),
                icon=_ICONS.get(kind, "draft"),
                address=_address(shown, file, inside=number),
                about=_about(kind),
                warning=kind in _WARNED,
                take="",
                download=True,
            )


def _view(shown: Shown, file: File) -> FileView:
    is_signature = file.kind is FileKind.SIGNATURE
    is_message = file.kind is FileKind.MESSAGE and not shown.withheld
    return FileView(
        name=_("Signature (%(name)s)") % {"name": file.name} if is_signature else file.name,
        size=file.size,
        icon=_ICONS.get(file.kind, "draft"),
        address=_message(shown, file) if is_message else _address(shown, file),
        about=_about(file.kind),
        warning=file.kind in _WARNED,
        take=_take(shown, file),
        download=not is_message,
    )


def _address(shown: Shown, file: File, *, inside: int | None = None) -> str:
    if file.part is None:
        return ""
    number = "signature" if file.number == mail_parts.SIGNATURE else str(file.number)
    query: dict[str, object] = {"in": written(shown.way)} if shown.way else {}
    if shown.withheld:
        query["anyway"] = 1
    if inside is not None:
        query["inside"] = inside
    address = reverse("conversation:part", args=[shown.item.id, number])
    return f"{address}?{urlencode(query)}" if query else address


def _message(shown: Shown, file: File) -> str:
    """An attached message is read on a page of its own."""
    way = written((*shown.way, file.number))
    return f"{reverse('conversation:attached', args=[shown.item.id])}?in={way}"


def _take(shown: Shown, file: File) -> str:
    if shown.withheld or file.kind not in (FileKind.CARD, FileKind.CERTIFICATE):
        return ""
    address = reverse("conversation:take", args=[shown.item.id, file.number])
    return f"{address}?in={written(shown.way)}" if shown.way else address


def _octets(file: File) -> bytes:
    try:
        return file.part.decoded() if file.part is not None else b""
    except SiegelError:
        return b""


def _event(found: Event) -> EventView:
    return EventView(
        title=found.title or _("Appointment"),
        when=_when(found),
        place=found.place,
        organiser=found.organiser,
        people=found.people,
        repeats=found.repeats,
        cancelled=found.method == "CANCEL",
    )


def _when(found: Event) -> str:
    """In the time zone of the office, as every moment of the pages."""
    begin, end = _said(found.begin), _said(found.end)
    return f"{begin} – {end}" if begin and end and begin != end else begin


def _said(value: datetime | date | None) -> str:
    if isinstance(value, datetime):
        return str(moment(value))
    if value is None:
        return ""
    return day(datetime(value.year, value.month, value.day, 12, tzinfo=UTC))


def _about(kind: FileKind) -> str:
    return {
        FileKind.SIGNATURE: _("The proof of who signed. Siegel has looked at it already."),
        FileKind.PROGRAM: _("This file can run programs. Open it only if you expected it."),
        FileKind.KEY: _("This may hold a private key. Nobody should send one by mail."),
        FileKind.PROTECTED: _("A part that is protected apart from the message; it stays closed."),
        FileKind.TNEF: _("Outlook has packed files into it; they follow here."),
    }.get(kind, "")


_WARNED = frozenset({FileKind.PROGRAM, FileKind.KEY})
_ICONS = {
    FileKind.SIGNATURE: "seal",
    FileKind.MESSAGE: "mail",
    FileKind.CALENDAR: "calendar",
    FileKind.CARD: "person",
    FileKind.CERTIFICATE: "cert",
    FileKind.KEY: "key",
    FileKind.PROGRAM: "warning",
    FileKind.PROTECTED: "lock",
}
