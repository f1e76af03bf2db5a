"""django-allauth's forms in our words: labels above, nothing inside the fields."""

from typing import TYPE_CHECKING, Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ONE_TIME = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "20"}


class LoginForm(account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """``remember`` is left out: a session ends with the browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, "login", _("E-mail address"), autocomplete="username webauthn")
        _name(self, "password", _("Password"))
        self.fields.pop("remember", None)


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, "oldpassword", _("Password until now"))
        _name(self, "password1", _("New password"), hint=_("Twelve characters or more."))
        _name(self, "password2", _("New password once more"))


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, "password", _("Password"))


class CodeForm(second.AuthenticateForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, "code", _("Code"), hint=_("From your app, or a recovery code."), **ONE_TIME)


class CodeAgainForm(second.ReauthenticateForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, "code", _("Code"), hint=_("From your app, or a recovery code."), **ONE_TIME)


class ActivateForm(ActivateTOTPForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, "code", _("Code from the app"), hint=_("Six digits."), **ONE_TIME)


class AddKeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, "name", _("Name"), hint=_("So that you know it again in the list."))
        self.fields["name"].required = True
        self.fields["passwordless"].initial = True
        _name(
            self,
            "passwordless",
            _("Sign in with it without a password"),
            hint=_(
                "The device then asks for a fingerprint, your face or a PIN. "
                "Otherwise it is the second step after the password."
            ),
        )


class RenameKeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]  # no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, "name", _("Name"))
        self.fields["name"].widget.attrs["maxlength"] = "100"


def _name(
    form: forms.BaseForm,
    field: str,
    label: "StrPromise",
    hint: "StrPromise | str" = "",
    **attrs: str,
) -> None:
    form.fields[field].label = label
    form.fields[field].help_text = hint
    form.fields[field].widget.attrs.pop("placeholder", None)
    form.fields[field].widget.attrs.update(attrs)
