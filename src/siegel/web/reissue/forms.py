"""What people ask for and decide when many certificates are replaced."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from siegel.base.keys import KeyKind
from siegel.ca.crl import RevocationReason
from siegel.flows.connectors import ConnectorKind
from siegel.flows.reissuing_finding import Criteria
from siegel.flows.ways import Way
from siegel.pki.classes import ValidationType
from siegel.pki.key_generation import KeyChoice
from siegel.policy.reissue import LONGEST_LETTER
from siegel.store.reissue_rows import IssuerRow
from siegel.wording.lookup import words
from siegel.wording.words import Language

SAME_KEY = "same"
_ANY = [("", _("any"))]
_KINDS = (
    (KeyKind.RSA.value, "RSA"),
    (KeyKind.EC.value, _("elliptic curve")),
    (KeyKind.ED25519.value, "Ed25519"),
    (KeyKind.X25519.value, "X25519"),
)
_KEYS = (
    (KeyChoice.RSA_3072.value, _("A new key, RSA 3072 – works everywhere")),
    (KeyChoice.RSA_4096.value, _("A new key, RSA 4096 – slower, for long times")),
    (KeyChoice.P_256.value, _("A new key, P-256 – short and quick")),
    (KeyChoice.P_384.value, _("A new key, P-384")),
    (SAME_KEY, _("The key that each certificate has (our own authority only)")),
)
_REASONS = (
    (RevocationReason.SUPERSEDED.value, _("Replaced by a new certificate")),
    (RevocationReason.KEY_COMPROMISE.value, _("The private key may be in other hands")),
    (RevocationReason.CESSATION_OF_OPERATION.value, _("No longer in use")),
)


def _day(label: object) -> forms.DateField:
    return forms.DateField(
        label=label,  # type: ignore[arg-type]  # a lazy text
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class CriteriaForm(forms.Form):
    """In the address of the page, so that a preview can be paged through."""

    issuer = forms.ChoiceField(label=_("Issued by"), required=False)
    validation = forms.ChoiceField(label=_("Class"), required=False)
    key_kind = forms.ChoiceField(label=_("Kind of key"), choices=[*_ANY, *_KINDS], required=False)
    issued_from = _day(_("Issued from the day"))
    issued_to = _day(_("Issued until the day"))
    ends_from = _day(_("Ends from the day"))
    ends_to = _day(_("Ends until the day"))

    def __init__(
        self,
        *args: object,
        issuers: Iterable[IssuerRow],
        language: Language,
        **options: object,
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        rows = [(one.name_sha256, f"{one.name} ({one.number})") for one in issuers]
        self._choose("issuer", rows)
        classes = [(each.value, words(each, language).title) for each in ValidationType]
        self._choose("validation", classes)

    def criteria(self) -> Criteria:
        """What was given; nonsense asks for nothing in particular."""
        said = self.cleaned_data if self.is_bound else {}
        return Criteria(
            issuer=said.get("issuer") or None,
            validation=ValidationType(said["validation"]) if said.get("validation") else None,
            key_kind=KeyKind(said["key_kind"]) if said.get("key_kind") else None,
            issued_from=said.get("issued_from"),
            issued_to=said.get("issued_to"),
            ends_from=said.get("ends_from"),
            ends_to=said.get("ends_to"),
        )

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [*_ANY, *choices]


class PlanForm(forms.Form):
    way = forms.ChoiceField(label=_("Where the new certificates come from"))
    key = forms.ChoiceField(label=_("Key"), choices=_KEYS, initial=KeyChoice.RSA_3072.value)

    def __init__(self, *args: object, ways: Iterable[Way], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        self._ways = {_value(way): way for way in ways if way.hindrance is None}
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(value, _named(way)) for value, way in self._ways.items()]

    def clean(self) -> dict[str, object]:
        values: dict[str, object] = super().clean() or {}
        way = self._ways.get(str(values.get("way")))
        outside = way is not None and way.kind is not ConnectorKind.IN_HOUSE
        if values.get("key") == SAME_KEY and outside:
            self.add_error("key", gettext("Outside, a new certificate needs a new key."))
        return values

    @property
    def chosen_way(self) -> Way:
        return self._ways[self.cleaned_data["way"]]

    @property
    def choice(self) -> KeyChoice | None:
        given = self.cleaned_data["key"]
        return None if given == SAME_KEY else KeyChoice(given)


class SwitchForm(forms.Form):
    """``now`` or a moment; times are UTC, as everywhere."""

    moment = forms.DateTimeField(
        label=_("From when the new ones sign (UTC)"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def moment_of(self, at: datetime, *, now: bool) -> datetime | None:
        """None: none was given."""
        if now:
            return at
        given = self.cleaned_data.get("moment")
        return given.replace(tzinfo=UTC) if isinstance(given, datetime) else None


class LetterForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    german = forms.CharField(
        label=_("Text in German"),
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    english = forms.CharField(
        label=_("Text in English"),
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 12}),
    )


class RevokeForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=_REASONS)
    sure = forms.BooleanField(label=_("I know that this cannot be undone."))


def _value(way: Way) -> str:
    return f"{way.kind.value}:{way.name}"


def _named(way: Way) -> str:
    if way.kind is ConnectorKind.IN_HOUSE:
        return gettext("Our own authority: %(name)s") % {"name": way.name}
    if way.kind is ConnectorKind.BY_HAND:
        return gettext("An authority outside, by hand: a request for each")
    return gettext("An authority outside, by itself (ACME)")
