"""Forms of the trust centre. Whether a fingerprint is the right one is asked by the flow again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.base.errors import SiegelError
from siegel.flows.deciding import folded

MOST = 64 * 1024  # octets of a file; a root with its chain has a few thousand


class Scope(forms.ChoiceField):
    """For which addresses certificates below the root count."""

    ALL, NAMED = "all", "named"

    def __init__(self) -> None:
        super().__init__(
            label=_("Counts for"),
            choices=[
                (self.NAMED, _("addresses of certain domains only")),
                (self.ALL, _("all addresses")),
            ],
            widget=forms.RadioSelect,
        )


class DecisionForm(forms.Form):
    """Compare, and decide; ``read`` is what was read over another channel."""

    read = forms.CharField(
        label=_("Fingerprint from a second source"),
        max_length=400,
        strip=True,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "none",
            }
        ),
        error_messages={"required": _("Type or paste the fingerprint that was read to you.")},
    )
    scope = Scope()
    domains = forms.CharField(
        label=_("Domains"),
        help_text=_("Several are separated by commas, for example amt.example, kreis.example."),
        max_length=2000,
        required=False,
    )
    channel = forms.CharField(
        label=_("How was it compared?"),
        help_text=_(
            "For example: by telephone with Ms Brandt, number from the official directory."
        ),
        max_length=200,
        error_messages={"required": _("Write how the fingerprint was compared.")},
    )
    why = forms.CharField(
        label=_("Why is it trusted?"),
        help_text=_("For those who read it in five years."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scope") == Scope.NAMED and not self.errors.get("domains"):
            data["domains"] = self._domains(str(data.get("domains", "")))
        else:
            data["domains"] = frozenset()
        return data

    def _domains(self, text: str) -> frozenset[str]:
        named = [part for part in text.replace(";", ",").replace(",", " ").split() if part]
        if not named:
            self.add_error("domains", _("Name at least one domain, or choose all addresses."))
            return frozenset()
        try:
            return folded(part.removeprefix("@") for part in named)
        except SiegelError:
            self.add_error("domains", _("This is not a list of domains."))
            return frozenset()


class ReasonForm(forms.Form):
    """Distrust and withdrawal: only why."""

    why = forms.CharField(
        label=_("Why?"),
        help_text=_("For those who read it in five years."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write down why, so that others can follow it.")},
    )


class RootFileForm(forms.Form):
    """Import is not trust: the file only becomes known."""

    file = forms.FileField(
        label=_("Certificate file"),
        help_text=_("As you got it from the authority: .cer, .crt, .pem, .der, .p7b or .p7c."),
        widget=forms.ClearableFileInput(attrs={"accept": ".cer,.crt,.pem,.der,.p7b,.p7c"}),
        error_messages={"required": _("Choose the file of the root certificate.")},
    )

    def clean_file(self) -> bytes:
        found = self.cleaned_data["file"]
        if found.size > MOST:
            raise forms.ValidationError(_("This file is too large for certificates."))
        return bytes(found.read())
