"""When a session was last used, for the page that lists one's own sessions.

django-allauth would write it with every page; a page that only shows something should not wait for
whoever writes to the store at that moment.
"""

from collections.abc import Callable

from allauth.usersessions.internal.usersessionkit import track_activity
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]
EVERY = 300  # seconds; "last seen" is that exact


def last_seen(get_response: Answer) -> Answer:
    """Middleware after sign-in."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"siegel:seen:{key}", True, EVERY):
            track_activity(request, user=request.user, session=request.session)
        return get_response(request)

    return answer
