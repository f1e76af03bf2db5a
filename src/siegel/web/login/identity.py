"""Whom the identity provider vouches for, and whether this installation lets that person in.

The checked e-mail address decides who somebody is here, and the groups of this moment decide what
the person may do (``policy.roles``). From the first such sign-in on the provider alone answers for
the person: password and passkey of this installation open nothing any more, so that nobody who
left comes in by another door.
"""

import hmac
from collections.abc import Mapping
from enum import StrEnum

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import redirect

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows import people, sign_ins
from siegel.web import clock

JUST_NOW = 120  # seconds between the provider's question for the password and our answer


class Refusal(StrEnum):
    """Why somebody whom the provider knows does not come in; words in ``organisation.py``."""

    MIXED_UP = "mixed_up"
    ADDRESS_NOT_CHECKED = "address_not_checked"
    FOREIGN_ADDRESS = "foreign_address"
    NO_ROLE = "no_role"
    NOT_ASKED_AGAIN = "not_asked_again"
    ANOTHER_PERSON = "another_person"


class Refused(Exception):
    def __init__(self, refusal: Refusal, email: EmailAddress | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.email = email


def admit(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """Set ``sociallogin.user`` to the person, or leave towards the page that says why not."""
    try:
        sociallogin.user = _person(request, sociallogin)
    except Refused as refused:
        if refused.email is not None:
            sign_ins.refused(refused.email, refused.refusal.value, at=clock.now())
        request.session["siegel_refusal"] = refused.refusal.value
        raise ImmediateHttpResponse(redirect("socialaccount_login_error")) from refused


def is_managed(user: AbstractBaseUser) -> bool:
    """The provider answers for this person; without a provider in the configuration nobody does."""
    if not settings.SIEGEL.web.oidc.issuer:
        return False
    return bool(SocialAccount.objects.filter(user_id=user.pk).exists())


def _person(request: HttpRequest, sociallogin: SocialLogin) -> AbstractBaseUser:
    said, state = sociallogin.account.extra_data, sociallogin.state
    claims = _claims(said, str(state.get("nonce", "")))
    email = _address(claims)
    if state.get("again"):
        _same_person_now(request, claims, email)
    oidc = settings.SIEGEL.web.oidc
    name = claims.get("name")
    entered = people.sign_in_by_provider(
        email,
        name if isinstance(name, str) else "",
        claims,
        groups_claim=oidc.groups_claim,
        table=oidc.table(),
        at=clock.now(),
    )
    if not entered:
        raise Refused(Refusal.NO_ROLE, email)
    user = get_user_model().objects.get(email=str(email))
    _bind(user, sociallogin)
    return user


def _claims(said: Mapping[str, object], nonce: str) -> Mapping[str, object]:
    """The signed token before what the provider only answered; both about the same person (OpenID
    Connect Core 1.0 §3.1.3.7 No. 11, §5.3.2)."""
    token, answered = said.get("id_token"), said.get("userinfo")
    if not isinstance(token, Mapping) or not isinstance(answered, Mapping):
        raise Refused(Refusal.MIXED_UP)
    same = hmac.compare_digest(str(token.get("nonce", "")).encode(), nonce.encode())
    if not nonce or not same or token.get("sub") != answered.get("sub"):
        raise Refused(Refusal.MIXED_UP)
    return {**answered, **token}


def _address(claims: Mapping[str, object]) -> EmailAddress:
    if claims.get(settings.SIEGEL.web.oidc.verified_claim) not in (True, "true", "1"):
        raise Refused(Refusal.ADDRESS_NOT_CHECKED)
    try:
        email = EmailAddress.parse(str(claims.get("email", "")))
    except MalformedAddress as error:
        raise Refused(Refusal.ADDRESS_NOT_CHECKED) from error
    if email.domain not in settings.SIEGEL.organisation.domains:
        raise Refused(Refusal.FOREIGN_ADDRESS)
    return email


def _same_person_now(
    request: HttpRequest, claims: Mapping[str, object], email: EmailAddress
) -> None:
    """A confirmation counts if the provider asked the same person a moment ago (``max_age=0``)."""
    asked_at = claims.get("auth_time")
    if not isinstance(asked_at, int) or clock.stamp() - asked_at > JUST_NOW:
        raise Refused(Refusal.NOT_ASKED_AGAIN, email)
    if request.user.is_authenticated and request.user.get_username() != str(email):
        raise Refused(Refusal.ANOTHER_PERSON, email)


def _bind(user: AbstractBaseUser, sociallogin: SocialLogin) -> None:
    """Only that the provider answers for the person is kept, none of the claims."""
    account = sociallogin.account
    SocialAccount.objects.update_or_create(
        provider=account.provider,
        uid=account.uid,
        defaults={"user": user, "extra_data": {}},
    )


def forget(request: HttpRequest) -> Refusal | None:
    """The reason the last attempt of this browser was refused, once."""
    kept = request.session.pop("siegel_refusal", "")
    return Refusal(kept) if kept in list(Refusal) else None
