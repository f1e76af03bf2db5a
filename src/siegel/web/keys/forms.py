"""What people fill in for a new key."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from siegel.ca.names import MAX_TEXT, Organisation, PersonName
from siegel.ca.profiles import LEAF_DAYS, MAX_LEAF_DAYS, KeyUse, LeafProfile
from siegel.flows.connectors import ConnectorKind
from siegel.flows.issuing import Order
from siegel.pki.classes import ValidationType
from siegel.pki.key_generation import DEFAULT, KeyChoice
from siegel.web.fields import AddressField

KEY_NAMES = {
    KeyChoice.RSA_3072: _("RSA 3072 – works everywhere"),
    KeyChoice.RSA_2048: _("RSA 2048 – for old devices"),
    KeyChoice.RSA_4096: _("RSA 4096 – slower, for long times"),
    KeyChoice.P_256: _("P-256 – short and quick"),
    KeyChoice.P_384: _("P-384"),
    KeyChoice.P_521: _("P-521"),
    KeyChoice.BRAINPOOL_P256: _("Brainpool P256"),
    KeyChoice.BRAINPOOL_P384: _("Brainpool P384"),
    KeyChoice.BRAINPOOL_P512: _("Brainpool P512"),
    KeyChoice.ED25519: _("Ed25519 – signs only"),
    KeyChoice.X25519: _("X25519 – encrypts only, our own authority only"),
}
PROFILE_NAMES = (
    (ValidationType.MAILBOX.value, _("Only the address")),
    (ValidationType.SPONSOR.value, _("A person of the organisation")),
    (ValidationType.ORGANISATION.value, _("A shared mailbox of the organisation")),
)
_X25519 = KeyChoice.X25519.value
_SIGNING = [(one.value, words) for one, words in KEY_NAMES.items() if one.can_sign]
_OPENING = [(one.value, words) for one, words in KEY_NAMES.items() if one.can_be_encrypted_to]


class KeyFields(forms.Form):
    """The kinds of keys; what cannot go together is said at its field."""

    separate = forms.BooleanField(
        label=_("Separate keys for signing and encryption"),
        required=False,
        help_text=_("Two certificates. Some authorities want it; most people need one."),
    )
    key = forms.ChoiceField(label=_("Kind of key"), choices=_SIGNING, initial=DEFAULT.value)
    second_key = forms.ChoiceField(
        label=_("Kind of the key for encryption"),
        choices=_OPENING,
        initial=DEFAULT.value,
        required=False,
        help_text=_("Only with separate keys."),
    )
    days = forms.IntegerField(
        label=_("Valid for days"),
        min_value=1,
        max_value=MAX_LEAF_DAYS,
        initial=LEAF_DAYS,
        help_text=_("Our own authority only; others decide that themselves."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def clean(self) -> dict[str, object]:
        values: dict[str, object] = super().clean() or {}
        if values.get("key") == KeyChoice.ED25519 and not values.get("separate"):
            self.add_error(
                "key", gettext("This key only signs. Tick separate keys, or choose another kind.")
            )
        return values

    def uses(self) -> tuple[tuple[KeyUse, KeyChoice], ...]:
        said = self.cleaned_data
        first = KeyChoice(said["key"])
        if not said["separate"]:
            return ((KeyUse.DUAL, first),)
        second = KeyChoice(said["second_key"] or DEFAULT.value)
        return ((KeyUse.SIGNING, first), (KeyUse.ENCRYPTION, second))


class NewKeyForm(KeyFields):
    """``ways``: value and label of those that are open."""

    field_order = (
        "account", "way", "validation", "given_name", "surname", "organisation", "country",
        "separate", "key", "second_key", "days",
    )  # fmt: skip
    account = AddressField(
        label=_("Mail account"), help_text=_("Spelt as it shall stand in the certificate.")
    )
    way = forms.ChoiceField(label=_("Who makes the certificate"), widget=forms.RadioSelect)
    validation = forms.ChoiceField(
        label=_("What it names"),
        choices=PROFILE_NAMES,
        initial=ValidationType.MAILBOX.value,
        widget=forms.RadioSelect,
    )
    given_name = forms.CharField(label=_("Given name"), required=False, max_length=MAX_TEXT)
    surname = forms.CharField(label=_("Surname"), required=False, max_length=MAX_TEXT)
    organisation = forms.CharField(
        label=_("Organisation"),
        required=False,
        max_length=MAX_TEXT,
        help_text=_("For authorities outside; our own knows it."),
    )
    country = forms.CharField(label=_("Country"), max_length=2, min_length=2, initial="DE")

    def __init__(self, *args: object, ways: Iterable[tuple[str, str]], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        field = self.fields["way"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = list(ways)
        if field.choices:
            self.initial.setdefault("way", field.choices[0][0])

    def clean(self) -> dict[str, object]:
        values = super().clean()
        named = bool(values.get("given_name")), bool(values.get("surname"))
        if values.get("validation") == ValidationType.SPONSOR and not all(named):
            missing = "surname" if named[0] else "given_name"
            self.add_error(missing, gettext("A person has a given name and a surname."))
        is_ours = str(values.get("way", "")).startswith(ConnectorKind.IN_HOUSE)
        if values.get("separate") and values.get("second_key") == _X25519 and not is_ours:
            said = gettext("Only our own authority certifies X25519: such a key signs no request.")
            self.add_error("second_key", said)
        return values

    def behind(self) -> Organisation | None:
        """Whom a request names. Raises ``Conflict`` for no country."""
        name = self.cleaned_data["organisation"].strip()
        return Organisation(name=name, country=self.cleaned_data["country"]) if name else None

    def orders(self) -> tuple[Order, ...]:
        """One, or two for separate keys. Raises ``Conflict`` for what no profile takes."""
        said = self.cleaned_data
        validation = ValidationType(said["validation"])
        person = None
        if validation is ValidationType.SPONSOR:
            person = PersonName(given_name=said["given_name"], surname=said["surname"])
        return tuple(
            Order(
                address=said["account"],
                person=person,
                profile=LeafProfile(validation=validation, use=use, days=said["days"]),
                key=key,
            )
            for use, key in self.uses()
        )


class RenewForm(forms.Form):
    """``key``: "" keeps the one there is."""

    key = forms.ChoiceField(label=_("Key"), required=False, widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("Who makes the certificate"), widget=forms.RadioSelect)

    def __init__(
        self,
        *args: object,
        ways: Iterable[tuple[str, str]],
        same: bool,
        **options: object,
    ) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        key, way = self.fields["key"], self.fields["way"]
        assert isinstance(key, forms.ChoiceField)  # noqa: S101 - narrows the type
        assert isinstance(way, forms.ChoiceField)  # noqa: S101 - narrows the type
        kept = [("", _("Keep the key – partners notice nothing"))] if same else []
        new = (KeyChoice.RSA_3072, KeyChoice.P_256, KeyChoice.P_384, KeyChoice.BRAINPOOL_P256)
        key.choices = [
            *kept,
            *((one.value, gettext("New key: %(kind)s") % {"kind": KEY_NAMES[one]}) for one in new),
        ]
        way.choices = list(ways)
        self.initial.setdefault("key", key.choices[-4][0])
        if way.choices:
            self.initial.setdefault("way", way.choices[0][0])

    def chosen(self) -> KeyChoice | None:
        said = self.cleaned_data["key"]
        return KeyChoice(said) if said else None
