"""The partner site: how it looks, what it says, whether it is open.

What strangers see is read strictly, and every change is in the journal.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from siegel.base.errors import ConfigurationError
from siegel.directory import colours
from siegel.policy.actions import Action
from siegel.store.queries import directory as store
from siegel.store.queries import journal, organisation
from siegel.store.rows import SiteRow
from siegel.store.transaction import together
from siegel.transport import web_address
from siegel.wording.partner_site import PRESETS, SiteTexts
from siegel.wording.words import Language

__all__ = ["SiteRow", "as_written", "close", "logo", "open_", "put_logo", "save", "shown", "site"]


def site() -> SiteRow:
    """As everybody sees it: where nobody wrote anything, the presets."""
    return shown(as_written())


def as_written() -> SiteRow:
    """Only what somebody wrote, as it is edited; closed where nobody set it up."""
    return store.site() or SiteRow(
        colour=colours.PRESET[0], colour_dark=colours.PRESET[1], texts=_nothing()
    )


def shown(written: SiteRow) -> SiteRow:
    """The site with the presets where it says nothing itself."""
    named = SiteTexts(name=organisation.get().name)
    texts = {each: written.texts[each].or_else(named.or_else(PRESETS[each])) for each in Language}
    return replace(written, texts=texts)


class NoWebAddress(ConfigurationError):
    """``fields``: those whose value is no address of a web page."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(f"no address of a web page: {', '.join(fields)}")
        self.fields = fields


def save(written: SiteRow, *, by: str, at: datetime) -> None:
    """Colours, texts, links and switches. Raises ``NotReadable``, ``NoWebAddress`` and, for what
    is no colour, ``ConfigurationError``."""
    colours.stylesheet(written.colour, written.colour_dark)
    _check_links(written)
    with together():
        store.put_site(written, by=by, at=at)
        _note(Action.DIRECTORY_SITE_CHANGED, by, at)


def open_(*, by: str, at: datetime) -> None:
    _switch(True, by, at)


def close(*, by: str, at: datetime) -> None:
    """Also the HTTP store and the guides are gone at once; publications stay as they are."""
    _switch(False, by, at)


def put_logo(png: bytes | None, *, by: str, at: datetime) -> None:
    """None takes it away."""
    sha256 = "" if png is None else hashlib.sha256(png).hexdigest()
    with together():
        if store.site() is None:
            store.put_site(as_written(), by=by, at=at)
        store.put_logo(png, sha256)
        _note(Action.DIRECTORY_SITE_CHANGED, by, at, {"logo": sha256})


def logo() -> bytes | None:
    return store.logo()


def _switch(is_open: bool, by: str, at: datetime) -> None:
    written = as_written()
    if written.is_open is is_open:
        return
    action = Action.DIRECTORY_SITE_OPENED if is_open else Action.DIRECTORY_SITE_CLOSED
    with together():
        store.put_site(replace(written, is_open=is_open), by=by, at=at)
        _note(action, by, at)


def _check_links(written: SiteRow) -> None:
    links = ("imprint_url", "privacy_url", "accessibility_url")
    wrong = tuple(name for name in links if not _is_link(getattr(written, name)))
    if wrong:
        raise NoWebAddress(wrong)


def _is_link(text: str) -> bool:
    try:
        return not text or bool(web_address.read(text))
    except web_address.NotAllowed:
        return False


def _note(action: Action, by: str, at: datetime, detail: Mapping[str, str] | None = None) -> None:
    journal.write(at=at, actor=by, action=action, about="partner page", detail=dict(detail or {}))


def _nothing() -> dict[Language, SiteTexts]:
    return {each: SiteTexts() for each in Language}
