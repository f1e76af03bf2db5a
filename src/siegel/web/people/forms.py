"""Forms about people."""

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from siegel.policy.roles import Role
from siegel.web.fields import AddressField

LONGEST_NAME = 200  # characters
ROLES = (
    (Role.MEMBER.value, _("Member: works with the accounts given to them")),
    (
        Role.CERTIFICATE_MANAGER.value,
        _("Certificate manager: looks after certificates, trust and rules"),
    ),
    (Role.ADMINISTRATOR.value, _("Administrator: may do everything, but reads nobody’s mail")),
)


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"), choices=ROLES, widget=forms.CheckboxSelectMultiple
    )

    def chosen(self) -> frozenset[Role]:
        return frozenset(map(Role, self.cleaned_data["roles"]))


class InviteForm(RolesForm):
    email = AddressField(
        label=_("E-mail address"), help_text=_("The person signs in with it. A link is sent there.")
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=LONGEST_NAME)

    field_order = ("email", "name", "roles")

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        self.initial.setdefault("roles", [Role.MEMBER.value])


class WelcomeForm(forms.Form):
    """``password`` is judged by the same rules as a changed one."""

    name = forms.CharField(label=_("Your name"), required=False, max_length=LONGEST_NAME)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Twelve characters or more. A sentence is easy to remember."),
    )
    again = forms.CharField(
        label=_("The password again"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> None:
        super().clean()
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if not password:
            return
        try:
            validate_password(password)
        except ValidationError as error:
            self.add_error("password", error)
        if again and password != again:
            self.add_error("again", gettext("The two are not the same."))
