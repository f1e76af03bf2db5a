"""Who takes part in a conversation, and whether one can write to them encrypted."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows.conversations import Talk
from siegel.flows.recipient_standing import Asking, RecipientStanding, standings
from siegel.web.templatetags.siegel import plain
from siegel.wording.lookup import words
from siegel.wording.words import Language

MOST = 10  # people named beside a conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """``words``: whether encryption is possible, or what is in the way."""

    address: str
    name: str
    letters: str
    state: str
    icon: str
    words: str


def people_of(talk: Talk, language: Language, at: datetime) -> tuple[Someone, ...]:
    """Everybody else who wrote; asked all at once, by the rules for a mail to them."""
    found = {each.row.from_address: each.row.from_name for each in talk.items}
    account = talk.row.account
    named = {address: name for text, name in found.items() if (address := _address(text))}
    others = [address for address in named if address != account][:MOST]
    if not others:
        return ()
    asked = Asking(account=account, sender=account, to=tuple(others))
    return tuple(
        _someone(each, named[each.address], language) for each in standings(asked, at=at).recipients
    )


def _someone(found: RecipientStanding, name: str, language: Language) -> Someone:
    shown = name or str(found.address)
    if found.obstacle is None:
        state, icon, said = "is-good", "lock", _("Encryption ready")
    else:
        state, icon, said = "is-open", "lock-open", words(found.obstacle, language).title
    return Someone(
        address=str(found.address),
        name=shown,
        letters=_letters(shown),
        state=state,
        icon=icon,
        words=said,
    )


def _letters(text: str) -> str:
    """The first letters of the first and the last word."""
    found = [word for word in plain(text).replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (found[:1] + found[1:][-1:]))


def _address(text: str) -> EmailAddress | None:
    try:
        return EmailAddress.parse(text)
    except MalformedAddress:
        return None
