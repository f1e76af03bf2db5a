"""Forms about mail accounts."""

from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from siegel.policy.access import Capacity, Standing
from siegel.web.fields import AddressField

LONGEST_NAME = 200  # characters; the store keeps more, a list shows less


class CreateForm(forms.Form):
    address = AddressField(label=_("E-mail address"), help_text=_("As in the certificate."))
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("What people read, for example “Citizens’ office”."),
    )
    owner = AddressField(
        label=_("Owner"),
        required=False,
        help_text=_("Sign-in address of the person who is responsible. More people can follow."),
    )


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), required=False, max_length=LONGEST_NAME)


class PersonForm(forms.Form):
    """Days are whole days of the house's calendar (UTC): the last one is included."""

    person = AddressField(label=_("Person"), help_text=_("The address this person signs in with."))
    capacity = forms.ChoiceField(label=_("Works with the account as"), widget=forms.RadioSelect)
    since = forms.DateField(
        label=_("From day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: from now on."),
    )
    until = forms.DateField(
        label=_("Until and including"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: without end. A deputy needs an end."),
    )

    def __init__(self, *args: object, capacities: tuple[Capacity, ...], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        words = {
            Capacity.OWNER: _("Owner: reads, writes and appoints deputies"),
            Capacity.MEMBER: _("Member: reads and writes"),
            Capacity.DEPUTY: _("Deputy: reads and writes for a time"),
        }
        field = self.fields["capacity"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(each.value, words[each]) for each in capacities]
        self.initial.setdefault("capacity", capacities[-1].value)

    def clean(self) -> None:
        super().clean()
        capacity, until = self.cleaned_data.get("capacity"), self.cleaned_data.get("until")
        since = self.cleaned_data.get("since")
        if capacity == Capacity.DEPUTY and until is None and "until" not in self.errors:
            self.add_error("until", gettext("A deputy’s time has to end. Choose a day."))
        if since is not None and until is not None and until < since:
            self.add_error("until", gettext("This day is before the first one."))

    def standing(self, at: datetime) -> Standing:
        said = self.cleaned_data
        return Standing(
            capacity=Capacity(said["capacity"]),
            since=_midnight(said["since"]) if said["since"] else at,
            until=_midnight(said["until"] + timedelta(days=1)) if said["until"] else None,
        )


class AddressForm(forms.Form):
    address = AddressField(label=_("E-mail address"))
    kind = forms.ChoiceField(
        label=_("What it is"),
        widget=forms.RadioSelect,
        initial="alias",
        choices=(
            ("alias", _("Another address of this account. Mail to it is opened here, too.")),
            ("delegation", _("Somebody else’s address. This account may only write as it.")),
        ),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
