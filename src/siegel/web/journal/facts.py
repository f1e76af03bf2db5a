"""Entries of the journal as people read them: title, sign, who, what about."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from siegel.base.findings import Finding
from siegel.policy.actions import Action, ActionGroup, actions_of
from siegel.policy.reasons import Reason
from siegel.store.rows import JournalRow
from siegel.wording.actions import said_of_action
from siegel.wording.lookup import words
from siegel.wording.words import Language

_SIGNS: Mapping[str, tuple[str, str]] = {
    Action.OUTBOUND_PLAIN: ("is-open", "postcard"),
    Action.OUTBOUND_SIGN: ("is-good", "seal"),
    Action.OUTBOUND_SIGN_AND_ENCRYPT: ("is-full", "seal-lock"),
    Action.OUTBOUND_REFUSED: ("is-warn", "close"),
    Action.INBOUND_UNPROTECTED: ("is-open", "postcard"),
    Action.INBOUND_VERIFIED: ("is-good", "seal"),
    Action.INBOUND_CONFIDENTIAL: ("is-full", "seal-lock"),
    Action.INBOUND_ENCRYPTED_UNVERIFIED: ("is-warn", "lock-noseal"),
    Action.CERTIFICATE_KEY_CHANGE: ("is-warn", "key"),
    Action.LOCKED_FILE_KEPT: ("is-todo", "lock"),
    Action.TRUST_DISTRUSTED: ("is-bad", "anchor"),
    Action.NOTICE_NOT_SENT: ("is-warn", "warning"),
    Action.HEALTH_ALARM: ("is-bad", "warning"),
    Action.HEALTH_GOOD_AGAIN: ("is-good", "check"),
    Action.USER_DEACTIVATED: ("is-open", "lock"),
    Action.USER_LEFT: ("is-open", "lock"),
}
_OF_GROUP = {
    ActionGroup.OUTGOING: "send",
    ActionGroup.INCOMING: "inbox",
    ActionGroup.CERTIFICATES: "cert",
    ActionGroup.PUBLIC: "partner",
    ActionGroup.TRUST: "anchor",
    ActionGroup.RULES: "rules",
    ActionGroup.ACCOUNTS: "mail",
    ActionGroup.PEOPLE: "person",
    ActionGroup.OPERATION: "clock",
}
_GROUP_OF = {action.value: group for group in ActionGroup for action in actions_of(group)}
_FINGERPRINT = re.compile("[0-9a-f]{64}")
FEW = 3  # recipients named in a list; the entry itself names all


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry in the list. ``more``: recipients that are not named."""

    row: JournalRow
    title: str
    kind: str
    icon: str
    about: str
    who: str
    recipients: tuple[str, ...]
    more: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    at: datetime
    lines: tuple[Line, ...]


def days(rows: Iterable[JournalRow], language: Language) -> tuple[Day, ...]:
    """By calendar day (UTC), as they come."""
    return tuple(
        Day(at=of_day[0].at, lines=tuple(line_of(row, language) for row in of_day))
        for of_day in (tuple(found) for _, found in groupby(rows, key=lambda row: row.at.date()))
    )


def line_of(row: JournalRow, language: Language) -> Line:
    kind, icon = sign_of(row.action)
    return Line(
        row=row,
        title=said_of_action(row.action, language).title,
        kind=kind,
        icon=icon,
        about=_about(row.about),
        who=who(row.actor),
        recipients=row.recipients[:FEW],
        more=max(0, len(row.recipients) - FEW),
        why=_first_reason(row, language),
    )


def _about(text: str) -> str:
    """A fingerprint is cut: nobody compares it in a list."""
    return f"{text[:16]}…" if _FINGERPRINT.fullmatch(text) else text


def sign_of(action: str) -> tuple[str, str]:
    group = _GROUP_OF.get(action)
    return _SIGNS.get(action) or ("is-open", _OF_GROUP[group] if group else "journal")


def who(actor: str) -> str:
    """Who did it, without the words of the code where people stand behind them."""
    kind, colon, name = actor.partition(":")
    if kind == "user" and colon:
        return name
    if kind == "cli" and colon:
        return _("%(name)s (command line)") % {"name": name}
    if actor == "gateway" or kind == "system":
        return "Siegel"
    return actor


def reasons_of(row: JournalRow) -> tuple[Reason, ...]:
    return tuple(Reason(code) for code in row.reasons if code in list(Reason))


def findings_of(row: JournalRow) -> tuple[Finding, ...]:
    """What incoming mail showed."""
    found = row.detail.get("findings", ())
    return tuple(Finding(code) for code in found if code in list(Finding))


def _first_reason(row: JournalRow, language: Language) -> str:
    """What explains most comes first, so one is enough in a list."""
    found = reasons_of(row)
    return words(found[0], language).title if found else ""
