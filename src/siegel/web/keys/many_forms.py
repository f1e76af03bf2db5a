"""What people fill in for many accounts at once, and for a key that somebody fetches."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows.enrolling_many import Plan
from siegel.flows.preparing_keys import DAYS, MOST_AT_ONCE, MOST_DAYS
from siegel.pki.key_generation import DEFAULT, KeyChoice
from siegel.pki.pkcs12 import Flavour
from siegel.web.fields import AddressField
from siegel.web.keys.forms import KeyFields


class ManyForm(KeyFields):
    """``authorities``: names of ours that issue."""

    field_order = ("file", "everybody", "authority", "create_accounts", "key", "separate",
                   "second_key", "days")  # fmt: skip
    file = forms.FileField(
        label=_("List as a file (.csv)"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text=_(
            "The first line names the columns: address, and if you like given_name, surname, name "
            "and shared."
        ),
    )
    everybody = forms.BooleanField(
        label=_("All accounts without a certificate"),
        required=False,
        help_text=_("Then no list is needed."),
    )
    authority = forms.ChoiceField(label=_("Authority of ours"))
    create_accounts = forms.BooleanField(
        label=_("Create accounts that are missing"), required=False
    )

    def __init__(self, *args: object, authorities: Iterable[str], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        field = self.fields["authority"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(name, name) for name in authorities]

    def clean(self) -> dict[str, object]:
        values = super().clean()
        if bool(values.get("file")) == bool(values.get("everybody")) and not self.errors:
            self.add_error("file", gettext("Choose a list, or all accounts without a certificate."))
        return values

    def plan(self) -> Plan:
        said = self.cleaned_data
        second = KeyChoice(said["second_key"] or DEFAULT.value)
        return Plan(
            authority=said["authority"],
            key=KeyChoice(said["key"]),
            second_key=second if said["separate"] else None,
            days=said["days"],
            create_accounts=said["create_accounts"],
        )


class DeliverForm(forms.Form):
    """``accounts``: one in each line; a person is named only for a single one."""

    accounts = forms.CharField(
        label=_("Mail accounts, one in each line"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("At most 20 at once. Each key is for the person whose account it is."),
    )
    person = AddressField(
        label=_("For this person"),
        required=False,
        help_text=_("Only with one account. Empty: its owner."),
    )
    flavour = forms.ChoiceField(
        label=_("For which program"),
        choices=[
            (Flavour.MODERN.value, _("Programs of today (Thunderbird, Outlook, Apple Mail)")),
            (Flavour.COMPATIBLE.value, _("GnuPG and old devices; protects less")),
        ],
        initial=Flavour.MODERN.value,
        widget=forms.RadioSelect,
    )
    days = forms.IntegerField(
        label=_("To be fetched within days"), min_value=1, max_value=MOST_DAYS, initial=DAYS
    )

    def clean_accounts(self) -> list[EmailAddress]:
        lines = [line.strip() for line in str(self.cleaned_data["accounts"]).splitlines()]
        found: dict[EmailAddress, None] = {}
        for line in filter(None, lines):
            try:
                found[EmailAddress.parse(line)] = None
            except MalformedAddress as error:
                said = gettext("This is no e-mail address: %(line)s")
                raise forms.ValidationError(said % {"line": line[:100]}) from error
        if not 1 <= len(found) <= MOST_AT_ONCE:
            raise forms.ValidationError(gettext("Name 1 to 20 accounts."))
        return list(found)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("person") and len(self.cleaned_data.get("accounts", [])) > 1:
            self.add_error("person", gettext("Name a person only with one account."))
