"""Somebody shows that he reads the mail of an address: a link is mailed there, and he uses it.

„Kontrolle der E-Mailadresse … auf einen Link in einer … zugesendeten E-Mail klicken“. The link
works for a day and once; opening it proves nothing, because scanners open links, only the button
behind it does. Whoever asks too often is told to wait: nobody's mailbox is filled from here.
"""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, NotFound, TooManyAttempts
from siegel.flows.notices import send_notice
from siegel.flows.site import Site
from siegel.policy.actions import Action
from siegel.store.entry_rows import ControlRow
from siegel.store.queries import control_proofs, journal, organisation
from siegel.store.transaction import together
from siegel.wording.partner_letters import control_letter
from siegel.wording.words import Language

LINK_FOR = timedelta(hours=24)
PROOF_FOR = timedelta(days=30)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
MOST_OF_ADDRESS = 3  # links a day to one address; a lost mail is asked for again, not ten times
MOST_OF_CLIENT = 10  # links a day from one client; a company behind one address has a few
MOST_OF_ALL = 100  # links an hour; a real rush has tens
PATH = "/partner/joining/control/"  # of ``joining:control``; a test compares
_TOKEN = 32  # octets


class Purpose(StrEnum):
    """What the proof is for; it counts for everything, but people want to know."""

    OWN_KEY = "own_key"
    ACCOUNT = "account"


def begin(
    address: EmailAddress,
    site: Site,
    *,
    purpose: Purpose,
    by: str,
    at: datetime,
    client: str = "",
    language: Language | None = None,
) -> bool:
    """Mail a link to the address; whether the mail was taken. ``client``: who asks, if a stranger.

    Raises ``TooManyAttempts``, and ``ConfigurationError`` where nobody said at which address the
    pages are.
    """
    if not site.pages_at:
        raise ConfigurationError(
            "web.url is empty: a link in a mail needs the address of the pages"
        )
    _require_patience(address, client, at)
    token, ends_at = site.rng(_TOKEN).hex(), at + LINK_FOR
    with together():
        control_proofs.add(
            address,
            _hash(token),
            purpose=purpose.value,
            client=_hash(client) if client else "",
            by=by,
            at=at,
            link_ends_at=ends_at,
        )
        _note(Action.CONTROL_ASKED, address, by, at, purpose)
    letter = control_letter(
        language or site.language,
        organisation=organisation.get().name or "Siegel",
        address=str(address),
        link=f"{site.pages_at}{PATH}{token}/",
        ends_at=ends_at,
    )
    return send_notice(site, address, letter.subject, letter.text, at=at)


def waiting(token: str, *, at: datetime) -> ControlRow | None:
    """What the link would prove; None for every link that proves nothing (any more)."""
    return control_proofs.find(_hash(token), at=at)


def prove(token: str, *, at: datetime) -> EmailAddress:
    """The link was used: the address counts as proved for a month. ``NotFound`` for a link that
    proves nothing (any more)."""
    found = waiting(token, at=at)
    with together():
        used = control_proofs.use(_hash(token), at=at, ends_at=at + PROOF_FOR)
        if found is None or not used:
            raise NotFound("this link proves nothing (any more)")
        _note(Action.CONTROL_PROVED, found.address, str(found.address), at, Purpose(found.purpose))
    return found.address


def is_proved(address: EmailAddress, *, at: datetime) -> bool:
    return control_proofs.newest_proof(address, at=at) is not None


def _require_patience(address: EmailAddress, client: str, at: datetime) -> None:
    asked = control_proofs.asked(
        address, _hash(client) if client else "", since=at - DAY, all_since=at - HOUR
    )
    if (
        asked.address >= MOST_OF_ADDRESS
        or asked.group >= MOST_OF_CLIENT
        or asked.all >= MOST_OF_ALL
    ):
        raise TooManyAttempts("too many links were asked for; try again tomorrow")


def _note(action: Action, address: EmailAddress, by: str, at: datetime, purpose: Purpose) -> None:
    detail = {"purpose": purpose.value}
    journal.write(at=at, actor=by, action=action, about=str(address), detail=detail)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
