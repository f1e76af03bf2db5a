"""What django-allauth asks the application: who may come in, how secrets lie, where to go."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from siegel.flows import sign_ins
from siegel.store.second_factors import USE
from siegel.web import clock, running
from siegel.web.login import identity, recording
from siegel.web.recent import is_by_provider, is_recent


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by himself: people are invited, or come from the organisation's sign-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse | None:
        """Before any second step: whoever is inactive or has no role goes no further, and whom the
        identity provider answers for comes in by no other door."""
        closed: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if closed is not None:
            return closed
        email = recording.address_of(user)
        if not sign_ins.may_enter(email, at=clock.now()):
            clear_login(request)
            return redirect("account_inactive")
        by_provider = "sociallogin" in (kwargs["signal_kwargs"] or {})
        if not by_provider and identity.is_managed(user):
            clear_login(request)
            messages.error(request, _("Please sign in with your organisation account."))
            return redirect("account_login")
        return None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        recording.failed(request, str(credentials.get("email", "")))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        del app, kwargs
        return not is_recent(context.request)

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict[str, Any]]:
        """Passkey before code: fewer keystrokes. Who came by the identity provider goes there."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        named = {
            "reauthenticate": _("Confirm with your password"),
            "mfa_reauthenticate": _("Confirm with a code"),
            "mfa_reauthenticate:webauthn": _("Confirm with a passkey"),
        }
        for method in found:
            method["description"] = named[method["id"]]
        if is_by_provider(context.request):
            again = {
                "id": "organisation",
                "description": _("Confirm with your organisation account"),
                "url": reverse("organisation_again"),
            }
            found.insert(0, again)
        return found

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Greetings say nothing new; what was done is said."""
        template = args[0] if args else kwargs.get("message_template")
        if template != "account/messages/logged_in.txt":
            super().add_message(request, level, *args, **kwargs)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth puts the Host field of the request in, and each port would have its own count."""
        del request
        return str(credentials.get("email", "")).lower()


class OrganisationAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types
    """Sign-in by the organisation's own identity provider (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        del request, sociallogin
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        identity.admit(request, sociallogin)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors are sealed under the key file, as private keys are."""

    def encrypt(self, text: str) -> str:
        return running.site().vault.seal_text(text, USE)

    def decrypt(self, encrypted_text: str) -> str:
        return running.site().vault.unseal_text(encrypted_text, USE)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey") if number == 0 else _("Passkey {number}").format(number=number + 1)
