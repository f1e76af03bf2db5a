"""What people fill in about certificates."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.base.secret import Secret
from siegel.pki.pkcs12 import Flavour
from siegel.store.queries.listing import Asked, Kind, Source, Validity
from siegel.wording.words import Language

SOON_DAYS = 30  # what "soon" means unless somebody says otherwise; reminders begin then, too
LONGEST_SEARCH = 200  # characters; the longest name in a certificate that people type has fewer


class SearchForm(forms.Form):
    """The filters of the list. What is not understood is as if it was not asked."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=LONGEST_SEARCH, strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        required=False, choices=[("", ""), *((each.value, each.value) for each in Kind)],
        widget=forms.HiddenInput,
    )  # fmt: skip
    validity = forms.ChoiceField(
        label=_("Validity"),
        required=False,
        choices=[
            ("", _("Any")),
            (Validity.CURRENT.value, _("Valid today")),
            (Validity.EXPIRING.value, _("Ends soon")),
            (Validity.EXPIRED.value, _("Expired")),
            (Validity.EARLY.value, _("Not yet valid")),
        ],
    )
    days = forms.IntegerField(
        label=_("Ends within … days"),
        required=False,
        min_value=1,
        max_value=3650,
        widget=forms.NumberInput(attrs={"placeholder": SOON_DAYS}),
    )
    key = forms.ChoiceField(
        label=_("Private key"),
        required=False,
        choices=[("", _("Any")), ("yes", _("With private key")), ("no", _("Without private key"))],
    )
    source = forms.ChoiceField(
        label=_("Origin"),
        required=False,
        choices=[
            ("", _("Any")),
            (Source.IMPORTED.value, _("Uploaded")),
            (Source.HARVESTED.value, _("From a message")),
            (Source.ISSUED.value, _("Issued here")),
            (Source.PUBLIC.value, _("Public list")),
            (Source.LDAP.value, _("In a directory")),
            (Source.DNS.value, _("In DNS")),
            (Source.HTTP.value, _("In a store on the web")),
        ],
    )

    def asked(self) -> Asked:
        self.is_valid()
        given = self.cleaned_data
        key = given.get("key")
        return Asked(
            kind=Kind(given["kind"]) if given.get("kind") else None,
            with_key=None if not key else key == "yes",
            source=Source(given["source"]) if given.get("source") else None,
            validity=Validity(given["validity"]) if given.get("validity") else None,
            within=timedelta(days=given.get("days") or SOON_DAYS),
            text=given.get("q") or "",
        )


class PassphraseForm(forms.Form):
    passphrase = forms.CharField(
        label=_("Passphrase"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("The password you were given with the file. The file stays here even if it"
                    " does not fit."),
    )  # fmt: skip

    def secret(self) -> Secret:
        return Secret(str(self.cleaned_data["passphrase"]))


class SendForm(forms.Form):
    """To whom the certificate goes, from which account, in which language."""

    to = forms.CharField(
        label=_("To"), max_length=320,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "off"}),
        help_text=_("The address of the person who shall write to you encrypted."),
    )  # fmt: skip
    sender = forms.ChoiceField(label=_("From the account"))
    language = forms.ChoiceField(
        label=_("Language of the letter"),
        choices=[(Language.DE.value, "Deutsch"), (Language.EN.value, "English")],
    )

    def __init__(self, senders: tuple[EmailAddress, ...], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # whatever a form takes
        choices = [(str(address), str(address)) for address in senders]
        sender = self.fields["sender"]
        assert isinstance(sender, forms.ChoiceField)  # noqa: S101 - for the type checker
        sender.choices = choices

    def clean_to(self) -> EmailAddress:
        try:
            return EmailAddress.parse(str(self.cleaned_data["to"]).strip())
        except MalformedAddress as error:
            raise forms.ValidationError(_("This is not an e-mail address.")) from error


class ExportKeyForm(forms.Form):
    """The passphrase is typed twice and never shown again."""

    flavour = forms.ChoiceField(
        label=_("For which program"),
        choices=[
            (Flavour.MODERN.value, _("Programs of today (Thunderbird, Outlook, Apple Mail)")),
            (Flavour.COMPATIBLE.value, _("GnuPG and old devices; protects less")),
        ],
        initial=Flavour.MODERN.value,
        widget=forms.RadioSelect,
    )
    passphrase = forms.CharField(
        label=_("Passphrase for the file"), strip=False, max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12 characters or more. Several words are easy to remember and hard to guess."),
    )  # fmt: skip
    repeated = forms.CharField(
        label=_("Once more"), strip=False, max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def secrets(self) -> tuple[Secret, Secret]:
        given = self.cleaned_data
        return Secret(str(given["passphrase"])), Secret(str(given["repeated"]))
