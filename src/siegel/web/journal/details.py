"""The details of an entry in words: names of the store's keys, and values that people can read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from siegel.policy.actions import Action
from siegel.policy.health import State
from siegel.store.rows import JournalRow
from siegel.web.templatetags.siegel import day
from siegel.wording.health import STATES
from siegel.wording.robot_letters import SILENCES
from siegel.wording.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One detail; values of lists stand one a line. ``is_code``: for comparing, not for reading."""

    name: str
    values: tuple[str, ...]
    is_code: bool


def facts_of(row: JournalRow, language: Language) -> tuple[Fact, ...]:
    """Details that no other part of the page tells: mail has its own."""
    if row.action.startswith(("outbound.", "inbound.")):
        return ()
    if row.action == Action.ROBOT_SILENT:
        return (_silence(str(row.detail.get("reason", "")), language),)
    return tuple(
        Fact(
            name=_name(name),
            values=tuple(_shown(each, language) for each in _several(value)),
            is_code=name in ("fingerprint", "fingerprints", "sha256", "query"),
        )
        for name, value in row.detail.items()
        if value not in ("", None, [], {})
    )


def _silence(why: str, language: Language) -> Fact:
    """Why the test address did not answer."""
    known = {silence.value: said for silence, said in SILENCES[language].items()}
    return Fact(name=_("Reason"), values=(known.get(why, why),), is_code=False)


def _name(key: str) -> str:
    """In words where people meet it; a key of another version as it is."""
    known = {
        "person": _("Person"),
        "capacity": _("Works with the account as"),
        "since": _("From the day"),
        "until": _("Until"),
        "other": _("Address"),
        "before": _("Before"),
        "after": _("After"),
        "roles": _("Roles"),
        "fingerprint": _("Fingerprint of the certificate"),
        "fingerprints": _("Fingerprints of the certificates"),
        "previous": _("Fingerprint before"),
        "state": _("State"),
        "answer": _("Answer of the mail server"),
        "format": _("Format"),
        "query": _("Filter"),
        "removed": _("Removed"),
        "summary": _("Result"),
        "title": _("Title"),
    }
    return known.get(key) or key.replace("_", " ")


def _several(value: object) -> Iterator[object]:
    if isinstance(value, list):
        yield from value
    else:
        yield value


def _shown(value: object, language: Language) -> str:
    text = str(value)
    known = {
        "owner": _("Owner"),
        "member": _("Member"),
        "deputy": _("Deputy"),
        "certificate_manager": _("Certificate manager"),
        "administrator": _("Administrator"),
        "True": _("yes"),
        "False": _("no"),
        **{state.value: said for state, said in STATES[language].items() if state is not State.OK},
    }
    return known.get(text) or _moment(text) or text


def _moment(text: str) -> str:
    """A moment as the journal keeps it, or nothing."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return ""
    return "" if moment is None or moment.tzinfo is None else f"{day(moment)}, {moment:%H:%M} UTC"
