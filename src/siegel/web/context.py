"""What every page shows besides its own content."""

from django.conf import settings
from django.http import HttpRequest

from siegel import __version__
from siegel.web.navigation import shelves, tabs
from siegel.web.person import THEMES, language_of, person_of


def page(request: HttpRequest) -> dict[str, object]:
    """Context processor. Costs no query of its own: the person was asked for before."""
    person = person_of(request) if hasattr(request, "user") else None
    language = language_of(request)
    shown = shelves(request, person) if person is not None else ()
    theme = person.theme if person is not None and person.theme in THEMES[1:] else ""
    return {
        "person": person,
        "language": language.value,
        "theme": theme,
        "navigation": shown,
        "tabs": tabs(shown),
        "office": settings.SIEGEL.organisation.name or "Siegel",
        "is_demo": settings.SIEGEL.web.demo,
        "version": __version__,
        "has_provider": bool(settings.SIEGEL.web.oidc.issuer),
        "second_factor_missing": getattr(request, "siegel_second_factor_missing", False),
    }
