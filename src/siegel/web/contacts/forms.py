"""What people write into the address book."""

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.store.queries.contacts import MOST_ADDRESSES, Given


class ContactForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    addresses = forms.CharField(
        label=_("E-mail addresses"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("One in each line. Certificates are found by the exact address."),
    )
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_addresses(self) -> tuple[EmailAddress, ...]:
        words = str(self.cleaned_data["addresses"]).replace(",", " ").replace(";", " ").split()
        if len(words) > MOST_ADDRESSES:
            raise forms.ValidationError(_("At most 20 addresses fit into one contact."))
        return tuple(_address(word) for word in words)

    def given(self) -> Given:
        values = self.cleaned_data
        return Given(
            name=values["name"],
            organisation=values["organisation"],
            note=values["note"],
            addresses=values["addresses"],
        )


class CardsForm(forms.Form):
    cards = forms.FileField(
        label=_("vCard file (.vcf)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".vcf,text/vcard"}),
        help_text=_("From Outlook, Thunderbird, a phone. Certificates in it are imported, too."),
    )


def _address(word: str) -> EmailAddress:
    try:
        return EmailAddress.parse(word)
    except MalformedAddress as error:
        shown = word[:60]
        raise forms.ValidationError(
            _("“%(word)s” is not an e-mail address."), params={"word": shown}
        ) from error
