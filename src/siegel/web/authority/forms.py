"""Forms about our own authorities. What a certificate may say is judged by the flows again."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from siegel.base.errors import SiegelError
from siegel.ca import names
from siegel.ca.crl import RevocationReason
from siegel.flows.authorities import AuthorityPlan
from siegel.flows.deciding import folded
from siegel.pki.key_generation import KeyChoice

LONGEST_NAME = names.MAX_TEXT - len(" Issuing")
MOST = 64 * 1024  # octets of an answer; a chain has a few thousand
KEYS = (
    (KeyChoice.RSA_4096.value, _("RSA, 4096 bits: every mail program knows it")),
    (KeyChoice.RSA_3072.value, _("RSA, 3072 bits")),
    (KeyChoice.P_384.value, _("Elliptic curve P-384: smaller and faster, for newer programs")),
    (KeyChoice.P_256.value, _("Elliptic curve P-256")),
    (KeyChoice.BRAINPOOL_P384.value, _("Elliptic curve Brainpool P-384: few programs know it")),
)
REASONS = (
    (RevocationReason.KEY_COMPROMISE.value, _("The private key may be in wrong hands")),
    (
        RevocationReason.AFFILIATION_CHANGED.value,
        _("The person has left, or the name or the address is another one now"),
    ),
    (RevocationReason.SUPERSEDED.value, _("There is a new certificate in its place")),
    (RevocationReason.CESSATION_OF_OPERATION.value, _("The address is not used any more")),
    (
        RevocationReason.PRIVILEGE_WITHDRAWN.value,
        _("It should not have been issued, or is not allowed any more"),
    ),
    (RevocationReason.UNSPECIFIED.value, _("Another reason, or none that others should read")),
)
CA_COMPROMISE = (
    RevocationReason.CA_COMPROMISE.value,
    _("The private key of the authority may be in wrong hands"),
)


class BelowForm(forms.Form):
    """An authority below one outside. ``domains``: those of the organisation."""

    name = forms.CharField(
        label=_("Name of the authority"),
        help_text=_("It stands in every certificate, for example “Landratsamt Musterstadt”."),
        max_length=LONGEST_NAME,
        validators=[RegexValidator(r"\A[^\x00-\x1f\x7f-\x9f]*\Z")],
    )
    organisation = forms.CharField(label=_("Organisation"), max_length=names.MAX_TEXT)
    country = forms.CharField(
        label=_("Country"),
        help_text=_("Two letters, as DE or AT."),
        max_length=2,
        validators=[RegexValidator(r"\A[A-Za-z]{2}\Z", _("A country has two letters."))],
    )
    identifier = forms.CharField(
        label=_("Number in a register"),
        help_text=_("As certificates write it, for example NTRDE-HRB 12345 or GOVDE+BY."),
        max_length=names.MAX_TEXT,
        required=False,
    )
    domains = forms.MultipleChoiceField(
        label=_("May certify addresses in"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one of your own domains.")},
    )
    further = forms.CharField(
        label=_("Further domains"),
        help_text=_(
            "Domains of others, separated by commas, if they too shall get certificates from you."
        ),
        max_length=2000,
        required=False,
    )
    further_is_meant = forms.BooleanField(
        label=_("These domains belong to others, and I mean to certify addresses there"),
        help_text=_(
            "Everybody who trusts this authority will believe its certificates for these domains."
            " Before one is issued, a mail to the address proves that it is read there."
        ),
        required=False,
    )
    key = forms.ChoiceField(label=_("Kind of key"), choices=KEYS)
    publish_at = forms.CharField(
        label=_("Address where lists are published"),
        help_text=_(
            "Stands in every certificate and cannot be changed later. It begins with http://,"
            " because whoever checks a certificate cannot check another one first."
        ),
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, domains: frozenset[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(each, each) for each in sorted(domains)]
        self.fields["domains"].choices = choices  # type: ignore[attr-defined]  # a choice field
        self.initial.setdefault("domains", sorted(domains))

    def clean_name(self) -> str:
        return self._printable("name")

    def clean_organisation(self) -> str:
        return self._printable("organisation")

    def clean_identifier(self) -> str:
        return self._printable("identifier")

    def clean_publish_at(self) -> str:
        place = str(self.cleaned_data["publish_at"])
        try:
            names.web_place(place)
        except SiegelError as error:
            raise forms.ValidationError(
                _("This is no address that begins with http:// and holds no spaces.")
            ) from error
        return place

    def clean_further(self) -> tuple[str, ...]:
        text = str(self.cleaned_data["further"])
        named = [
            part.removeprefix("@") for part in text.replace(",", " ").replace(";", " ").split()
        ]
        try:
            found = folded(named)
        except SiegelError as error:
            raise forms.ValidationError(_("This is not a list of domains.")) from error
        if any("." not in each for each in found):
            raise forms.ValidationError(_("A domain has a dot, as school.example."))
        return tuple(sorted(found))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("further") and not data.get("further_is_meant"):
            self.add_error("further_is_meant", _("Tick this, or leave the further domains empty."))
        return data

    def plan(self) -> AuthorityPlan:
        data = self.cleaned_data
        return AuthorityPlan(
            name=data["name"],
            organisation=names.Organisation(
                name=data["organisation"], country=data["country"], identifier=data["identifier"]
            ),
            publish_at=data["publish_at"],
            domains=tuple(data["domains"]),
            further=data["further"],
            key=KeyChoice(data["key"]),
        )

    def _printable(self, field: str) -> str:
        text = " ".join(str(self.cleaned_data[field]).split())
        if not text.isprintable():
            raise forms.ValidationError(_("Only letters, digits and signs that can be printed."))
        return text


class CreateForm(BelowForm):
    """Root and issuing authority. ``trust``: the decision about the root, taken at once."""

    trust = forms.BooleanField(
        label=_("Trust our own root here"),
        help_text=_(
            "Then its certificates count in Siegel at once. Others have to trust it themselves."
        ),
        required=False,
    )


class AnswerForm(forms.Form):
    file = forms.FileField(
        label=_("Answer of the authority above"),
        help_text=_("As it came: .cer, .crt, .pem, .der, .p7b or .p7c, with or without chain."),
        widget=forms.ClearableFileInput(attrs={"accept": ".cer,.crt,.pem,.der,.p7b,.p7c"}),
        error_messages={"required": _("Choose the file that came from the authority above.")},
    )

    def clean_file(self) -> bytes:
        found = self.cleaned_data["file"]
        if found.size > MOST:
            raise forms.ValidationError(_("This file is too large for certificates."))
        return bytes(found.read())


class RevokeForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why?"),
        help_text=_("The reason stands on the list, for everybody to read."),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )

    def __init__(self, *args: Any, of_authority: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if of_authority:
            field = self.fields["reason"]
            field.choices = [CA_COMPROMISE, *REASONS[2:]]  # type: ignore[attr-defined]  # a choice field

    def reason_given(self) -> RevocationReason:
        return RevocationReason(self.cleaned_data["reason"])
