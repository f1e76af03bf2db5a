"""Who may see a page or do something: decorators for views, the one place where roles are asked.

Views are closed unless they say otherwise (``urls.py`` wraps nothing; a test looks at each view).
What concerns keys and trust asks for the password again (``recently``).
"""

from collections.abc import Callable
from functools import wraps

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from siegel.flows.people import Role
from siegel.web.person import person_of
from siegel.web.recent import is_recent

View = Callable[..., HttpResponseBase]


def for_role(role: Role) -> Callable[[View], View]:
    """``@for_role(Role.MEMBER)``: the view gets the person as its second argument.

    Nobody signed in: to the sign-in page, and back afterwards. Signed in without the role: 403.
    """

    def closed(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            person = person_of(request)
            if person is None:
                return redirect_to_login(request.get_full_path())
            if not person.may(role):
                raise PermissionDenied
            return view(request, person, *args, **kwargs)

        answer.siegel_role = role  # type: ignore[attr-defined]  # a test reads it
        return answer

    return closed


def recently(view: View) -> View:
    """Only with a password, passkey or code given in the last five minutes; else it is asked for,
    and the person comes back to this address. Put it above ``for_role``; forms behind it are shown
    by GET, so that nothing typed is lost on the way."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not is_recent(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    answer.siegel_recently = True  # type: ignore[attr-defined]  # a test reads it
    return answer


def public(view: View) -> View:
    """Everybody may see it, signed in or not."""
    view.siegel_public = True  # type: ignore[attr-defined]  # a test reads it
    return view
