"""What django-allauth asks the application: who may come in, how mail leaves, how secrets lie."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from siegel.store.second_factors import USE
from siegel.web import running


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs up by himself: people are invited, or come from the organisation's sign-in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False


class OrganisationAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # no types
    """Sign-in by the organisation's own identity provider (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        del request, sociallogin
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors are sealed under the key file, as private keys are."""

    def encrypt(self, text: str) -> str:
        return running.site().vault.seal_text(text, USE)

    def decrypt(self, encrypted_text: str) -> str:
        return running.site().vault.unseal_text(encrypted_text, USE)
