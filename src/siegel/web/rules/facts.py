"""What the templates of the rules show: rows of rules, and an explanation in marks and words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from siegel.flows.copies import encrypted_copies
from siegel.flows.explaining import Explanation
from siegel.flows.journaling import against_signing, plan_name
from siegel.policy.rule_levels import RuleLayer
from siegel.policy.rules import Json
from siegel.web.rules.forms import RulesForm
from siegel.web.rules.words import LEVELS, RULES, SHELVES, RuleWords
from siegel.wording.encryption import said_of
from siegel.wording.lookup import words
from siegel.wording.words import Language, Words

PLANS = {
    "plain": ("is-open", "postcard", _("The mail goes out without protection.")),
    "sign": ("is-good", "seal", _("The mail is signed. It stays readable on its way.")),
    "sign_and_encrypt": ("is-full", "seal-lock", _("The mail is signed and encrypted.")),
    "refused": ("is-bad", "close", _("The mail is not sent.")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One radio button with what it means."""

    widget: BoundWidget
    hint: Promise | str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """One rule: its words and its control."""

    name: str
    words: RuleWords
    field: BoundField
    value: str

    @property
    def choices(self) -> list[Choice]:
        """In the order of the words; at a level the first leaves it to the level above."""
        if not self.words.choices:
            return []
        hints = [hint for title, hint in self.words.choices.values()]
        widgets = list(self.field)
        padded = [""] * (len(widgets) - len(hints)) + hints
        return [Choice(widget=w, hint=h) for w, h in zip(widgets, padded, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfRows:
    title: Promise
    expert: bool
    rows: tuple[RuleRow, ...]


def shelves(form: RulesForm, values: Mapping[str, Json]) -> list[ShelfRows]:
    return [
        ShelfRows(
            title=shelf.title,
            expert=shelf.expert,
            rows=tuple(row(name, form[name], values[name]) for name in shelf.rules),
        )
        for shelf in SHELVES
    ]


def row(name: str, field: BoundField, value: Json) -> RuleRow:
    return RuleRow(name=name, words=RULES[name], field=field, value=said(name, value))


def said(name: str, value: Json) -> str:
    """A value as people read it."""
    choices = RULES[name].choices
    key = str(value).lower() if isinstance(value, bool) else str(value)
    if key in choices:
        return str(choices[key][0])
    if isinstance(value, list):
        return ", ".join(value) or "–"
    return "–" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    address: str
    ready: bool
    obstacles: list[Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An explanation for people: what happens, why, for whom, by whose rules."""

    state: str
    icon: str
    sentence: Promise
    offer: Words
    reasons: list[Words]
    recipients: list[Recipient]
    copies: list[str]
    layers: list[tuple[Promise | str, str, list[tuple[Promise | str, str]]]]


def explained(found: Explanation, language: Language) -> Said:
    decision = found.decision
    state, icon, sentence = PLANS[plan_name(decision)]
    against = [words(one, language) for one in against_signing(decision)]
    return Said(
        state=state,
        icon=icon,
        sentence=sentence,
        offer=words(found.offer.encryption, language),
        reasons=[*(words(reason, language) for reason in decision.reasons), *against],
        recipients=[
            Recipient(
                address=str(address),
                ready=not obstacles,
                obstacles=[words(one, language) for one in obstacles],
            )
            for address, obstacles in decision.recipients.items()
        ],
        copies=[said_of(copy, language) for copy in encrypted_copies(decision)],
        layers=list(_layers(found.layers)),
    )


def _layers(
    found: tuple[RuleLayer, ...],
) -> Iterator[tuple[Promise | str, str, list[tuple[Promise | str, str]]]]:
    for one in found:
        yield (
            LEVELS[one.level][0],
            one.name,
            [(RULES[name].title, said(name, value)) for name, value in one.values.items()],
        )
