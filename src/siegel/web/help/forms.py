"""One entry of a list of the help."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from siegel.flows.help_links import Draft, Fault, Refused
from siegel.wording.help_links import LONGEST_NOTE, LONGEST_TITLE, HelpLink
from siegel.wording.words import Language


class LinkForm(forms.Form):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("Begins with https:// or http://."),
        max_length=2000,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    title_de = forms.CharField(label=gettext_lazy("Name in German"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=LONGEST_TITLE)
    note_de = forms.CharField(
        label=gettext_lazy("One sentence in German"), max_length=LONGEST_NOTE, required=False
    )
    note_en = forms.CharField(
        label=gettext_lazy("One sentence in English"), max_length=LONGEST_NOTE, required=False
    )

    def draft(self) -> Draft:
        given = self.cleaned_data
        return Draft(
            url=given["url"],
            titles={language: given[f"title_{language}"] for language in Language},
            notes={language: given[f"note_{language}"] for language in Language},
        )

    def say(self, refused: Refused) -> None:
        """Each fault beside its field."""
        for field, fault in refused.faults.items():
            self.add_error(field, _fault_in_words(fault))


def first_values(link: HelpLink) -> dict[str, str]:
    return {
        "url": link.url,
        **{f"title_{language}": link.titles[language] for language in Language},
        **{f"note_{language}": link.notes[language] for language in Language},
    }


def _fault_in_words(fault: Fault) -> str:
    return {
        Fault.ADDRESS: _(
            "This is no address of a web page. It begins with https:// or http://, has no user "
            "name in it, and only letters without umlauts."
        ),
        Fault.MISSING: _("This is missing."),
        Fault.TOO_LONG: _("This is too long."),
        Fault.CHARACTERS: _("There are characters in it that cannot be seen. Please type it anew."),
    }[fault]
