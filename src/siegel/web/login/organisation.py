"""Sign-in with the organisation account: OpenID Connect, authorization code with PKCE.

django-allauth drives the protocol. Stricter than it: the signature of every ID token is checked
with the provider's published keys, a nonce binds it to this browser, and the provider must call
itself what the configuration calls it (OpenID Connect Core 1.0 §3.1.3.7, Discovery 1.0 §4.3).
"""

from typing import Any

import jwt
from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from siegel.config.pages import PROVIDER
from siegel.web.access import public
from siegel.web.login.identity import Refusal, forget

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
CLOCKS = 60  # seconds the clocks of provider and installation may differ
TROUBLE = (OSError, ValueError, KeyError, OAuth2Error)  # the provider is silent or talks nonsense


class Provider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """Nothing of a request goes into what is sent to the provider."""

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        del request, action
        return dict(self.get_auth_params())

    def get_oauth2_adapter(self, request: HttpRequest) -> "Exchange":
        return Exchange(request, self.app.provider_id)


class Exchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    def get_provider(self) -> Provider:
        return provider(self.request)

    @property
    def openid_config(self) -> dict[str, Any]:
        said: dict[str, Any] = super().openid_config
        if said.get("issuer") != settings.SIEGEL.web.oidc.issuer:
            raise OAuth2Error("the provider calls itself otherwise than web.oidc.issuer")
        return said

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no ID token")
        return super().complete_login(request, app, token, **kwargs)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        try:
            keys = jwt.PyJWKSet.from_dict(answer.json())
            named = jwt.get_unverified_header(id_token).get("kid")
            [key] = [each for each in keys.keys if each.key_id == named]
            said: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise OAuth2Error("the ID token is not good") from error
        if said.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token was made for another application")
        return said

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        del app
        path = reverse("openid_connect_callback", kwargs={"provider_id": PROVIDER})
        own: str = settings.SIEGEL.web.url
        return f"{own}{path}" if own else request.build_absolute_uri(path)


@require_safe
@public
def enter(request: HttpRequest) -> HttpResponseBase:
    """To the provider. A link, because browsers let no form lead to another origin under our
    Content-Security-Policy; other sites cannot send anybody here."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return redirect("account_login")
    limited = ratelimit.consume_or_429(request, action="login", limit_get=True)
    if limited is not None:
        return _answer(limited)
    found = provider(request)
    nonce, again = get_random_string(43), "again" in request.GET
    wanted = {"nonce": nonce, **({"prompt": "login", "max_age": "0"} if again else {})}
    try:
        return _answer(
            found.redirect(
                request,
                "login",
                next_url=_own_address(request),
                auth_params=wanted,
                nonce=nonce,
                again=again,
            )
        )
    except TROUBLE as error:
        return _answer(render_authentication_error(request, found, exception=error))


@require_safe
@public
def back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """From the provider, with a code that is worth something only together with our secret."""
    found = provider(request)
    try:
        view = OAuth2CallbackView.adapter_view(Exchange(request, provider_id))
        return _answer(view(request))
    except TROUBLE as error:
        return _answer(render_authentication_error(request, found, exception=error))


@require_safe
@public
def again(request: HttpRequest) -> HttpResponse:
    """The same person once more, for keys and trust."""
    provider(request)
    return render(request, "account/organisation_again.html", {"next": _own_address(request)})


@require_safe
@public
def refused(request: HttpRequest) -> HttpResponse:
    reason = _words(forget(request))
    return render(
        request,
        "socialaccount/authentication_error.html",
        {"reason": reason},
        status=403 if reason else 200,
    )


@require_safe
@public
def cancelled(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/login_cancelled.html")


def provider(request: HttpRequest) -> Provider:
    """404 when the configuration names none."""
    apps = get_adapter().list_apps(request, provider=PROVIDER)
    if not apps:
        raise Http404
    return Provider(request, app=apps[0])


def _own_address(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if own else ""


def _answer(response: Any) -> HttpResponseBase:
    if not isinstance(response, HttpResponseBase):
        raise TypeError(f"no answer: {response!r}")
    return response


def _words(refusal: Refusal | None) -> str:
    said = {
        Refusal.MIXED_UP: _("The answer did not belong to this sign-in."),
        Refusal.ADDRESS_NOT_CHECKED: _("Your organisation account has no checked e-mail address."),
        Refusal.FOREIGN_ADDRESS: _("Your e-mail address belongs to no domain of this office."),
        Refusal.NO_ROLE: _("Your organisation account has no role here."),
        Refusal.NOT_ASKED_AGAIN: _("You were not asked for your password again."),
        Refusal.ANOTHER_PERSON: _("That was another person's organisation account."),
    }
    return said[refusal] if refusal is not None else ""
