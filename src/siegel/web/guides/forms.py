"""What somebody chooses who sends a guide."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.web.fields import AddressField
from siegel.wording.guides.model import Audience
from siegel.wording.guides.reading import all_guides
from siegel.wording.words import Language


class GuideForm(forms.Form):
    to = AddressField(label=_("Address of the partner"))
    program = forms.ChoiceField(
        label=_("Mail program of the partner"),
        help_text=_("If you do not know it, ask first. A guide for another program does not help."),
    )
    language = forms.ChoiceField(
        label=_("Language of the message"), choices=[("de", "Deutsch"), ("en", "English")]
    )
    sender = forms.ChoiceField(label=_("From"))

    def __init__(
        self, senders: Iterable[EmailAddress], language: Language, *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on
        guides = [(one.slug, one.name) for one in all_guides(Audience.PARTNER, language)]
        named = [(str(each), str(each)) for each in senders]
        self.fields["program"].choices = guides  # type: ignore[attr-defined]  # a choice field
        self.fields["sender"].choices = named  # type: ignore[attr-defined]  # a choice field
