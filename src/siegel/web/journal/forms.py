"""What a reader of the journal asks for, as a form in the address of the page."""

from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows.journal_view import Question, Sight
from siegel.policy.actions import ActionGroup, actions_of
from siegel.policy.reasons import Reason
from siegel.wording.actions import GROUPS
from siegel.wording.lookup import words
from siegel.wording.words import Language

LONGEST = 400  # characters of a search word


class FilterForm(forms.Form):
    q = forms.CharField(
        label=_("Address, Message-ID or number"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    group = forms.ChoiceField(label=_("About"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    actor = forms.CharField(
        label=_("Who did it"),
        required=False,
        max_length=LONGEST,
        help_text=_("An address, or “gateway” for Siegel itself."),
    )
    since = forms.DateField(
        label=_("From the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: object, language: Language, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        groups = [(group.value, GROUPS[language][group]) for group in ActionGroup]
        titles = {reason.value: words(reason, language).title for reason in Reason}
        reasons = sorted(titles.items(), key=lambda pair: pair[1].casefold())
        self._choose("group", groups)
        self._choose("reason", reasons)

    def question(self, sight: Sight | None) -> Question:
        """What is asked; fields that make no sense ask for nothing in particular."""
        said = self.cleaned_data if self.is_bound else {}
        group, since, until = said.get("group"), said.get("since"), said.get("until")
        return Question(
            **_meant(said.get("q", "").strip()),  # type: ignore[arg-type]  # one of three fields
            actions=_values(ActionGroup(group)) if group else (),
            reason=said.get("reason") or None,
            actor=_actor(said.get("actor", "").strip()),
            since=_midnight(since) if since else None,
            until=_midnight(until) + timedelta(days=1) if until else None,
            sight=sight,
        )

    @property
    def asks_more(self) -> bool:
        """One of the fields that are folded away is filled in."""
        return any(self.data.get(name) for name in ("reason", "actor", "since", "until"))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [("", _("Everything")), *choices]


def _meant(text: str) -> dict[str, object]:
    """A number, a Message-ID in its brackets, a whole address, or a part of one."""
    if not text:
        return {}
    if text.isascii() and text.isdigit() and len(text) < 19:
        return {"number": int(text)}
    if text.startswith("<"):
        return {"message_id": text}
    try:
        return {"address": str(EmailAddress.parse(text))}
    except MalformedAddress:
        return {"fragment": text}


def _actor(text: str) -> str | None:
    """People write their address; the journal keeps what kind of actor it was, too."""
    return f"user:{text.lower()}" if "@" in text and ":" not in text else text or None


def _values(group: ActionGroup) -> tuple[str, ...]:
    return tuple(action.value for action in actions_of(group))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class WhyForm(forms.Form):
    """Either is enough; the Message-ID counts first."""

    message_id = forms.CharField(
        label=_("Message-ID"),
        required=False,
        max_length=1000,
        help_text=_("It stands in the header of the mail, with or without <…>."),
    )
    recipient = forms.CharField(
        label=_("or: recipient"),
        required=False,
        max_length=LONGEST,
        widget=forms.EmailInput,
        help_text=_("The newest mails to this address that left unencrypted."),
    )
