"""Whom to invite, and in whose name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.web.fields import AddressField
from siegel.wording.words import Language


class InvitationForm(forms.Form):
    to = AddressField(label=_("Address of the partner"))
    sender = forms.ChoiceField(label=_("From the account"))
    language = forms.ChoiceField(
        label=_("Language of the letter"),
        choices=[(Language.DE.value, "Deutsch"), (Language.EN.value, "English")],
    )

    def __init__(self, senders: tuple[EmailAddress, ...], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # whatever a form takes
        sender = self.fields["sender"]
        assert isinstance(sender, forms.ChoiceField)  # noqa: S101 - for the type checker
        sender.choices = [(str(address), str(address)) for address in senders]
