"""What partners fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.pki.request import MAX_SIZE
from siegel.web.fields import AddressField


class AddressForm(forms.Form):
    address = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We send a link to it, to be sure that it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class CertificateForm(forms.Form):
    file = forms.FileField(
        label=_("Your certificate"),
        help_text=_("A file that ends with .cer, .crt, .pem or .p7b. Never one with .p12 or .pfx."),
        widget=forms.ClearableFileInput(attrs={"accept": ".cer,.crt,.pem,.der,.p7b,.p7c"}),
    )


class RequestForm(forms.Form):
    """A request as a file, or – from the script – as text. ``csr``: its octets, after cleaning."""

    file = forms.FileField(
        label=_("Your request (PKCS #10)"),
        help_text=_("A file that ends with .csr, .p10 or .pem. It holds no private key."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csr,.p10,.pem,.der"}),
        required=False,
    )
    text = forms.CharField(required=False, max_length=MAX_SIZE, widget=forms.HiddenInput)
    csr = b""

    def clean(self) -> dict[str, object]:
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        self.csr = text.encode() if text else b"" if file is None else file.read(MAX_SIZE + 1)
        if not self.csr:
            self.add_error("file", _("Choose the file with the request."))
        return self.cleaned_data
