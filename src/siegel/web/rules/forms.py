"""Forms made from the rules themselves: a new rule has its field without a line here."""

import json
from collections.abc import Iterable, Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError, MalformedAddress
from siegel.policy.rule_levels import SETTABLE, Level, layer
from siegel.policy.rules import Json, OrganisationRules
from siegel.web.rules.words import LEVELS, RULES

MOST = 20_000  # characters of a list; some hundred addresses
DEFAULTS = OrganisationRules().to_dict()
INHERIT = ""  # at a level: what the level above says


class RulesForm(forms.Form):
    """The organisation's rules. ``changed`` is what was given otherwise than it is."""

    def __init__(self, data: Mapping[str, str] | None, values: Mapping[str, Json]) -> None:
        initial = {name: _shown(value) for name, value in values.items()}
        super().__init__(data, initial=initial)
        self._values = values
        for name in DEFAULTS:
            self.fields[name] = _field(name)

    def clean(self) -> dict[str, object]:
        read: dict[str, object] = {}
        for name in DEFAULTS:
            if name in self.cleaned_data:
                read[name] = _read(name, self.cleaned_data[name])
                self._check(name, read[name])
        self.changed = {
            name: value for name, value in read.items() if value != self._values.get(name)
        }
        return read

    def _check(self, name: str, value: object) -> None:
        try:
            OrganisationRules.from_dict({name: value})
        except ConfigurationError:
            self.add_error(name, _("This value is not possible here."))


class LevelForm(forms.Form):
    """Exceptions of one level; what is left to the level above has no value."""

    def __init__(
        self, data: Mapping[str, str] | None, level: Level, values: Mapping[str, Json]
    ) -> None:
        initial = {name: _shown(value) for name, value in values.items()}
        super().__init__(data, initial=initial)
        self._values = values
        for name in SETTABLE[level]:
            self.fields[name] = _field(name, inherits=True)

    def clean(self) -> dict[str, object]:
        self.changed: dict[str, object] = {}
        for name in self.fields:
            text = str(self.cleaned_data.get(name) or INHERIT)
            value = None if text == INHERIT else _read(name, text)
            if value != self._values.get(name):
                self.changed[name] = value
        return dict(self.changed)


class NewLevelForm(forms.Form):
    """For whom an exception is made."""

    level = forms.ChoiceField(
        label=_("For whom?"),
        choices=[(level.value, title) for level, (title, hint) in LEVELS.items()],
        widget=forms.RadioSelect,
        initial=Level.DOMAIN.value,
    )
    name = forms.CharField(
        label=_("Domain or address"),
        max_length=400,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Name the domain or the address.")},
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if "level" in data and "name" in data:
            try:
                data["name"] = layer(Level(data["level"]), data["name"].strip(), {}).name
            except ConfigurationError:
                self.add_error("name", _("This is no domain or address of that kind."))
        return data


class ExplainForm(forms.Form):
    """Try the rules: nothing is sent."""

    sender = forms.EmailField(label=_("Sender"), max_length=320)
    to = forms.CharField(
        label=_("To whom"), max_length=4000, help_text=_("Several are separated by commas.")
    )
    wish = forms.ChoiceField(
        label=_("What does the writer ask for?"),
        choices=[
            ("none", _("nothing in particular")),
            ("sign", _("that it is signed")),
            ("encrypt", _("that it is encrypted")),
        ],
        required=False,
    )

    def clean_sender(self) -> str:
        return _address(self.cleaned_data["sender"])

    def clean_to(self) -> list[str]:
        named = self.cleaned_data["to"].replace(";", ",").replace("\n", ",").split(",")
        addresses = [_address(part.strip()) for part in named if part.strip()]
        if len(addresses) > MOST_RECIPIENTS:
            raise forms.ValidationError(_("At most 20 recipients can be tried at once."))
        return addresses


def _address(text: str) -> str:
    try:
        return str(EmailAddress.parse(text))
    except MalformedAddress as error:
        raise forms.ValidationError(_("This is no e-mail address.")) from error


MOST_RECIPIENTS = 20


def _field(name: str, *, inherits: bool = False) -> forms.Field:
    words, default = RULES[name], DEFAULTS[name]
    if words.choices:
        choices = [(value, title) for value, (title, hint) in words.choices.items()]
        if inherits:
            choices.insert(0, (INHERIT, _("As the level above")))
        return forms.ChoiceField(
            label=str(words.title), choices=choices, widget=forms.RadioSelect, required=not inherits
        )
    if isinstance(default, list):
        area = forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "none"})
        return forms.CharField(label=str(words.title), required=False, max_length=MOST, widget=area)
    if isinstance(default, int):
        number = forms.NumberInput(attrs={"placeholder": _("as above")} if inherits else {})
        return forms.IntegerField(label=str(words.title), required=not inherits, widget=number)
    return forms.CharField(label=str(words.title), required=False, max_length=200)


def _shown(value: Json) -> str | int:
    """A list has a line for each entry."""
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, bool):
        return json.dumps(value)
    return "" if value is None else value


def _read(name: str, given: object) -> object:
    default = DEFAULTS[name]
    if isinstance(default, list):
        return sorted(set(_entries(str(given))))
    if isinstance(default, bool):
        return given == "true"
    if isinstance(default, int):
        return int(str(given)) if str(given).isdigit() else given
    return given or None if default is None else given


def _entries(text: str) -> Iterable[str]:
    return (part for part in text.replace(",", " ").replace(";", " ").lower().split() if part)
