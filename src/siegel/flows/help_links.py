"""The lists of the help: read them, and let an administrator change them.

The first change takes the shipped list over; from then on it is the organisation's. Every change
is in the journal. What goes into a list is shown to everybody, so it is read strictly.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from siegel.base.errors import ConfigurationError, LimitExceeded, NotFound
from siegel.policy.actions import Action
from siegel.store.queries import help_links, journal
from siegel.store.rows import HelpListRow
from siegel.store.transaction import together
from siegel.transport import web_address
from siegel.wording.help_links import LONGEST_NOTE, LONGEST_TITLE, SHIPPED, HelpLink, HelpList
from siegel.wording.words import Language

MAX_LINKS = 50  # a list of a help page, not a directory

Links = tuple[HelpLink, ...]
Record = tuple[Action, dict[str, str | int]]


class Fault(StrEnum):
    """Why an entry is refused, for the field it is about."""

    ADDRESS = "address"
    MISSING = "missing"
    TOO_LONG = "too_long"
    CHARACTERS = "characters"


class Refused(ConfigurationError):
    """``faults`` names the fields: ``url``, or ``title`` and ``note`` with their language."""

    def __init__(self, faults: Mapping[str, Fault]) -> None:
        super().__init__(f"not an entry of a list: {', '.join(sorted(faults))}")
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry as somebody typed it."""

    url: str
    titles: Mapping[Language, str]
    notes: Mapping[Language, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """``changed_at`` None: the list as shipped."""

    links: Links
    changed_at: datetime | None = None
    changed_by: str = ""


def listed(kind: HelpList) -> Listed:
    row = help_links.get(kind)
    return Listed(links=SHIPPED[kind]) if row is None else _listed(row)


def all_listed() -> Mapping[HelpList, Listed]:
    """Every list; two queries."""
    kept = help_links.get_all()
    return {
        kind: _listed(kept[kind]) if kind in kept else Listed(links=SHIPPED[kind])
        for kind in HelpList
    }


def add(kind: HelpList, draft: Draft, *, by: str, at: datetime) -> str:
    """At the end; the key of the new entry. Raises ``Refused`` and ``LimitExceeded``."""
    link = _checked(draft, secrets.token_hex(8))

    def with_it(links: Links) -> Links:
        if len(links) >= MAX_LINKS:
            raise LimitExceeded(f"a list of the help has at most {MAX_LINKS} entries")
        return (*links, link)

    _change(kind, with_it, _record(Action.HELP_LINK_ADDED, link), by=by, at=at)
    return link.key


def change(kind: HelpList, key: str, draft: Draft, *, by: str, at: datetime) -> None:
    """Raises ``Refused``, and ``NotFound`` for an entry that somebody else took out."""
    link = _checked(draft, key)

    def with_it(links: Links) -> Links:
        place = _place(links, key)
        return (*links[:place], link, *links[place + 1 :])

    _change(kind, with_it, _record(Action.HELP_LINK_CHANGED, link), by=by, at=at)


def remove(kind: HelpList, key: str, *, by: str, at: datetime) -> None:
    def without(links: Links) -> Links:
        place = _place(links, key)
        return links[:place] + links[place + 1 :]

    _change(kind, without, (Action.HELP_LINK_REMOVED, {"key": key}), by=by, at=at)


def move(kind: HelpList, key: str, steps: int, *, by: str, at: datetime) -> None:
    """Up for negative ``steps``; nothing goes beyond an end of the list."""

    def moved(links: Links) -> Links:
        place = _place(links, key)
        rest = links[:place] + links[place + 1 :]
        target = min(max(place + steps, 0), len(rest))
        return (*rest[:target], links[place], *rest[target:])

    _change(kind, moved, (Action.HELP_LINK_MOVED, {"key": key, "steps": steps}), by=by, at=at)


def restore(kind: HelpList, *, by: str, at: datetime) -> None:
    """The list is the shipped one again."""
    with together():
        help_links.drop(kind)
        journal.write(at=at, actor=by, action=Action.HELP_LIST_RESTORED, about=kind.value)


def _change(
    kind: HelpList,
    new: Callable[[Links], Links],
    record: Record,
    *,
    by: str,
    at: datetime,
) -> None:
    action, detail = record
    with together():
        help_links.put(kind, new(listed(kind).links), by=by, at=at)
        journal.write(at=at, actor=by, action=action, about=kind.value, detail=detail)


def _record(action: Action, link: HelpLink) -> Record:
    return action, {"key": link.key, "url": link.url, "title": link.titles[Language.DE]}


def _listed(row: HelpListRow) -> Listed:
    return Listed(links=row.links, changed_at=row.changed_at, changed_by=row.changed_by)


def _place(links: Links, key: str) -> int:
    for place, link in enumerate(links):
        if link.key == key:
            return place
    raise NotFound("this entry is not in the list any more")


def _checked(draft: Draft, key: str) -> HelpLink:
    titles = {language: draft.titles.get(language, "").strip() for language in Language}
    notes = {language: draft.notes.get(language, "").strip() for language in Language}
    link = HelpLink(key=key, url=draft.url.strip(), titles=titles, notes=notes)
    faults = dict(_faults(link))
    if faults:
        raise Refused(faults)
    return link


def _faults(link: HelpLink) -> Iterator[tuple[str, Fault]]:
    try:
        web_address.read(link.url)
    except web_address.NotAllowed:
        yield "url", Fault.ADDRESS
    for language in Language:
        if not link.titles[language]:
            yield f"title_{language}", Fault.MISSING
        yield from _unfit(f"title_{language}", link.titles[language], LONGEST_TITLE)
        yield from _unfit(f"note_{language}", link.notes[language], LONGEST_NOTE)


def _unfit(field: str, text: str, limit: int) -> Iterator[tuple[str, Fault]]:
    """Line ends, control and direction characters are refused: they could rearrange the page."""
    if len(text) > limit:
        yield field, Fault.TOO_LONG
    elif not text.isprintable():
        yield field, Fault.CHARACTERS
