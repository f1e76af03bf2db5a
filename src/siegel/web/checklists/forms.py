"""What people fill in about checklists."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.policy.checklists import Counterpart
from siegel.transport import web_address
from siegel.wording.checklists import COUNTERPARTS
from siegel.wording.words import Language

LONGEST_TITLE = 120
LONGEST_TEXT = 2000


class NewForm(forms.Form):
    counterpart = forms.ChoiceField(label=_("For which authority"), widget=forms.RadioSelect)
    account = forms.ChoiceField(
        label=_("With which of our mail accounts"),
        help_text=_("The authority gets the certificate of this account."),
    )
    title = forms.CharField(
        label=_("Name of the list"),
        required=False,
        max_length=LONGEST_TITLE,
        help_text=_("Empty: as the authority is called."),
    )
    page = forms.CharField(
        label=_("Address of the portal"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off"}),
        help_text=_("Begins with https://. Empty: the page that Siegel knows."),
    )

    def __init__(
        self, accounts: Iterable[EmailAddress], language: Language, *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on
        words = COUNTERPARTS[language]
        choices = [(each.value, words[each].title) for each in Counterpart]
        self.fields["counterpart"].choices = choices  # type: ignore[attr-defined]  # a choice field
        named = [(str(each), str(each)) for each in accounts]
        self.fields["account"].choices = named  # type: ignore[attr-defined]  # a choice field
        self.titles = dict(choices)

    def clean_page(self) -> str:
        given = str(self.cleaned_data["page"]).strip()
        if given:
            try:
                web_address.read(given)
            except web_address.NotAllowed as error:
                raise forms.ValidationError(_("This is no address of a web page.")) from error
        return given

    @property
    def named(self) -> str:
        return self.cleaned_data["title"] or self.titles[self.cleaned_data["counterpart"]]


class DoneForm(forms.Form):
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class StepForm(forms.Form):
    title = forms.CharField(label=_("What has to be done"), max_length=LONGEST_TITLE)
    text = forms.CharField(
        label=_("How"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    follows_certificate = forms.BooleanField(
        label=_("Due again with each new certificate"), required=False
    )
