"""What an administrator writes on the partner site."""

from collections.abc import Callable
from dataclasses import replace

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from siegel.base.errors import ConfigurationError
from siegel.directory import colours
from siegel.directory.colours import NotReadable, Palette
from siegel.directory.logo import MAX_SIZE
from siegel.flows.publishing_site import NoWebAddress, SiteRow
from siegel.web.fields import AddressField
from siegel.wording.partner_site import LONGEST_LINE, LONGEST_TEXT, PRESETS, SiteTexts
from siegel.wording.words import Language

_TEXTS = ("name", "contact", "disclaimer", "legal_note")


def _line(label: object, hint: object = "") -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # lazy words
        help_text=hint,  # type: ignore[arg-type]  # lazy words
        max_length=LONGEST_LINE,
        required=False,
    )


def _text(label: object, hint: object = "", rows: int = 6) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # lazy words
        help_text=hint,  # type: ignore[arg-type]  # lazy words
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _url(label: object) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # lazy words
        max_length=2000,
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class SiteForm(forms.Form):
    """An empty text means: what Siegel brings."""

    name_de = _line(gettext_lazy("Name in German"), gettext_lazy("Empty: as in the configuration."))
    name_en = _line(gettext_lazy("Name in English"))
    colour = forms.CharField(label=gettext_lazy("Colour on light pages"), max_length=7)
    colour_dark = forms.CharField(label=gettext_lazy("Colour on dark pages"), max_length=7)
    contact_address = AddressField(
        label=gettext_lazy("E-mail address for questions"), required=False
    )
    contact_phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("Where partners have the fingerprint read out to them."),
        max_length=80,
        required=False,
    )
    contact_de = _text(
        gettext_lazy("Contact in German"), gettext_lazy("Hours, a department, a room."), 3
    )
    contact_en = _text(gettext_lazy("Contact in English"), rows=3)
    imprint_url = _url(gettext_lazy("Imprint"))
    privacy_url = _url(gettext_lazy("Privacy"))
    accessibility_url = _url(gettext_lazy("Accessibility"))
    disclaimer_de = _text(
        gettext_lazy("Note on liability in German"),
        gettext_lazy("Empty: the text that Siegel brings. Let your lawyers read it."),
    )
    disclaimer_en = _text(gettext_lazy("Note on liability in English"))
    legal_note_de = _text(gettext_lazy("Legal note in German"), rows=3)
    legal_note_en = _text(gettext_lazy("Legal note in English"), rows=3)
    asks_acceptance = forms.BooleanField(
        label=gettext_lazy("Partners agree to the note on liability before they load anything"),
        help_text=gettext_lazy("It is kept nowhere who agreed. Programs are not asked."),
        required=False,
    )
    lists_everybody = forms.BooleanField(
        label=gettext_lazy("Show a list of all published addresses"),
        help_text=gettext_lazy("Otherwise only the exact address finds something."),
        required=False,
    )

    def changed(self, before: SiteRow) -> SiteRow:
        """What is unchanged from the preset is not kept: a better preset takes its place."""
        said = self.cleaned_data
        texts = {
            each: SiteTexts(**{name: _own(said[f"{name}_{each}"], name, each) for name in _TEXTS})
            for each in Language
        }
        switches = ("asks_acceptance", "lists_everybody")
        lines = (
            "colour",
            "colour_dark",
            "contact_phone",
            "imprint_url",
            "privacy_url",
            "accessibility_url",
        )
        return replace(
            before,
            texts=texts,
            contact_address=said["contact_address"],
            **{name: said[name] for name in (*switches, *lines)},
        )

    def clean_colour(self) -> str:
        return _read(self.cleaned_data["colour"], colours.light)

    def clean_colour_dark(self) -> str:
        return _read(self.cleaned_data["colour_dark"], colours.dark)

    def say(self, wrong: NoWebAddress) -> None:
        for name in wrong.fields:
            self.add_error(name, _("This is no address of a web page."))


class LogoForm(forms.Form):
    logo = forms.FileField(
        label=gettext_lazy("Picture (PNG)"),
        help_text=gettext_lazy("At most 200 KB and 1024 pixels a side. No SVG."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png"}),
    )

    def octets(self) -> bytes:
        """One octet more than allowed is enough to know that there are too many."""
        return bytes(self.cleaned_data["logo"].read(MAX_SIZE + 1))


def first_values(written: SiteRow) -> dict[str, object]:
    """As it is; of the long texts what Siegel brings, so that they can be changed a little."""
    shown = ("disclaimer", "legal_note")
    texts = {
        f"{name}_{each}": getattr(written.texts[each], name)
        or (getattr(PRESETS[each], name) if name in shown else "")
        for name in _TEXTS
        for each in Language
    }
    kept = {name: getattr(written, name) for name in SiteForm.base_fields if hasattr(written, name)}
    return {**kept, "contact_address": str(written.contact_address or ""), **texts}


def _own(text: str, name: str, language: Language) -> str:
    """ "" for what is the preset; a browser sends its own line ends."""
    found = "\n".join(text.strip().splitlines())
    return "" if found == getattr(PRESETS[language], name) else found


def _read(text: str, of_theme: Callable[[str], Palette]) -> str:
    try:
        return of_theme(text).colour
    except NotReadable as pale:
        words = _("Text in this colour is hard to read: %(contrast)s to 1, at least 4.5 is needed.")
        raise forms.ValidationError(words % {"contrast": f"{pale.contrast:.1f}"}) from pale
    except ConfigurationError as error:
        words = _("A colour is written as # and six digits or letters a to f, such as #1f5a4c.")
        raise forms.ValidationError(words) from error
