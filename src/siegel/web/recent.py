"""Whether the person at the browser proved who it is a moment ago."""

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from siegel.config.pages import REAUTHENTICATED_SECONDS
from siegel.web import clock


def proofs(request: HttpRequest) -> list[dict[str, object]]:
    """Each sign-in and confirmation of this session, oldest first."""
    user = request.user
    return get_authentication_records(request, user) if isinstance(user, AbstractBaseUser) else []


def is_recent(request: HttpRequest) -> bool:
    """A sign-in counts like a confirmation: nobody gives a password twice in a minute."""
    at = [float(str(proof["at"])) for proof in proofs(request)]
    return bool(at) and clock.stamp() - at[-1] < REAUTHENTICATED_SECONDS


def is_by_provider(request: HttpRequest) -> bool:
    """Signed in by the organisation's identity provider, which asks for second factors itself."""
    return any(proof.get("method") == "socialaccount" for proof in proofs(request))
