"""What every page shows besides its own content."""

from django.conf import settings
from django.http import HttpRequest

from siegel import __version__
from siegel.flows import mail_list
from siegel.web import clock
from siegel.web.navigation import Shelf, shelves, tabs, writing
from siegel.web.person import THEMES, language_of, person_of


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor. One query of its own, for what waits in the person's mail; the person was
    asked for before."""
    person = person_of(request) if hasattr(request, "user") else None
    language = language_of(request)
    shown: tuple[Shelf, ...] = ()
    if person is not None:
        shown = shelves(request, person, mail_list.waiting(person.email, at=clock.now()))
    theme = person.theme if person is not None and person.theme in THEMES[1:] else ""
    return {
        "person": person,
        "language": language.value,
        "theme": theme,
        "navigation": shown,
        "tabs": tabs(shown),
        "write": writing(shown),
        "office": settings.SIEGEL.organisation.name or "Siegel",
        "is_demo": settings.SIEGEL.web.demo,
        "version": __version__,
        "has_provider": bool(settings.SIEGEL.web.oidc.issuer),
        "second_factor_missing": getattr(request, "siegel_second_factor_missing", False),
    }
