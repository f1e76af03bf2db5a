"""What django-allauth reports goes into the journal.

Failures are bounded: one entry for each person in ten minutes, however many attempts there are
(the rate limits of ``config/pages.py`` stop the attempts themselves).
"""

from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as second
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_logged_out
from django.core.cache import cache
from django.http import HttpRequest

from siegel.base.address import EmailAddress
from siegel.base.errors import MalformedAddress
from siegel.flows import sign_ins
from siegel.policy.actions import Action
from siegel.web import clock
from siegel.web.recent import proofs

QUIET = 600  # seconds between two entries about failures of one person


def connect() -> None:
    """Once, when the application starts."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="journal")
    account.password_changed.connect(_password_changed, dispatch_uid="journal")
    user_logged_out.connect(_signed_out, dispatch_uid="journal")
    second.authenticator_added.connect(_added, dispatch_uid="journal")
    second.authenticator_removed.connect(_removed, dispatch_uid="journal")
    second.authenticator_reset.connect(_added, dispatch_uid="journal")
    second.authentication_failed.connect(_code_failed, dispatch_uid="journal")


def address_of(user: AbstractBaseUser) -> EmailAddress:
    return EmailAddress.parse(str(user.get_username()))


def failed(request: HttpRequest, typed: str) -> None:
    try:
        email = EmailAddress.parse(typed)
    except MalformedAddress:
        return
    if _first("failed", email):
        sign_ins.failed(email, _client(request), at=clock.now())


def _first(what: str, email: EmailAddress) -> bool:
    return cache.add(f"siegel:{what}:{email}", True, QUIET)


def _client(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def _signed_in(sender: object, request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    del sender
    methods = [str(proof.get("type") or proof["method"]) for proof in proofs(request)]
    sign_ins.signed_in(address_of(user), methods, _client(request), at=clock.now())


def _signed_out(sender: object, user: AbstractBaseUser | None, **_: Any) -> None:
    del sender
    if user is not None and user.is_authenticated:
        sign_ins.note(Action.USER_SIGNED_OUT, address_of(user), at=clock.now())


def _password_changed(sender: object, user: AbstractBaseUser, **_: Any) -> None:
    del sender
    sign_ins.note(Action.USER_PASSWORD_CHANGED, address_of(user), at=clock.now())


def _added(sender: object, user: AbstractBaseUser, authenticator: Authenticator, **_: Any) -> None:
    del sender
    kind = str(authenticator.type)
    sign_ins.note(Action.USER_SECOND_FACTOR_ADDED, address_of(user), at=clock.now(), kind=kind)


def _removed(
    sender: object, user: AbstractBaseUser, authenticator: Authenticator, **_: Any
) -> None:
    del sender
    kind = str(authenticator.type)
    sign_ins.note(Action.USER_SECOND_FACTOR_REMOVED, address_of(user), at=clock.now(), kind=kind)


def _code_failed(sender: object, request: HttpRequest, user: AbstractBaseUser, **_: Any) -> None:
    del sender
    failed(request, str(user.get_username()))
