"""What partners fill in."""

from django import forms
from django.utils.translation import gettext_lazy as _

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
    """A request that was made elsewhere; a script sends the same as text."""

    file = forms.FileField(
        label=_("Your request (PKCS #10)"),
        help_text=_("A file that ends with .csr, .p10 or .pem. It holds no private key."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csr,.p10,.pem,.der"}),
    )
