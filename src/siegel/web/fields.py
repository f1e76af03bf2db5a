"""Fields of forms that several parts need."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress

LONGEST = 320  # characters of an address


class AddressField(forms.CharField):
    """An e-mail address as mail knows it; the value is an ``EmailAddress`` (None when empty)."""

    widget = forms.EmailInput

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_length": LONGEST, **options})  # type: ignore[arg-type]  # passed on
        self.widget.attrs.setdefault("autocomplete", "off")

    def clean(self, value: object) -> EmailAddress | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return EmailAddress.parse(text)
        except MalformedAddress as error:
            raise ValidationError(
                _("This is no e-mail address. It looks like name@office.example.")
            ) from error
