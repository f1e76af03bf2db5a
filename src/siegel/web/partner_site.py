"""What every page of the partner site has in common, whichever part it belongs to.

Nobody signs in there. ``?lang=de`` sets the language and is remembered in the one cookie that
holds nothing else; without cookies and without it the browser's own language counts. A closed site
is not found, but by people who look after certificates: they see it before it opens.
"""

from collections.abc import Callable, Mapping
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from siegel.flows import publishing_site
from siegel.flows.publishing_site import SiteRow
from siegel.web.access import public
from siegel.web.partner_host import is_partner_host
from siegel.web.person import language_of, person_of
from siegel.wording.words import Language

View = Callable[..., HttpResponseBase]
PREFIX = "/partner/"


def partner_page(view: View) -> View:
    """Public, in the language of the visitor, and only while the site is open. The view gets the
    site as its second argument."""

    @public
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        site = publishing_site.site()
        if not site.is_open and not _looks_before(request):
            raise Http404
        return _answered(view, request, site, args, kwargs)

    return answer


def linked_page(view: View) -> View:
    """The same for pages with forms, which people reach by a link in a mail to them, also of a
    closed site."""

    @public
    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = _answered(view, request, publishing_site.site(), args, kwargs)
        response["Referrer-Policy"] = "same-origin"  # forms need it: without, Origin is "null"
        return response

    return answer


def _answered(
    view: View,
    request: HttpRequest,
    site: SiteRow,
    args: tuple[object, ...],
    kwargs: dict[str, object],
) -> HttpResponseBase:
    chosen = _chosen(request)
    with translation.override(chosen or translation.get_language()):
        response = view(request, site, *args, **kwargs)
        response["Content-Language"] = language_of(request).value
    if chosen:
        _remember(response, chosen)
    return harden(response)


def page(
    request: HttpRequest,
    site: SiteRow,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """A page in the frame of the site (``directory/site.html``)."""
    language = language_of(request)
    other = Language.EN if language is Language.DE else Language.DE
    shown = {
        "site": site,
        "texts": site.texts[language],
        "other_language": other.value,
        "is_preview": not site.is_open,
        **(context or {}),
    }
    return render(request, template, shown, status=status)


def is_partner_page(request: HttpRequest) -> bool:
    """Whether a stranger asked: then nothing leads into the office."""
    return is_partner_host(request) or request.path_info.startswith(PREFIX)


def partner_error(request: HttpRequest, context: dict[str, object], *, status: int) -> HttpResponse:
    """In the frame of the site; while it is closed, in one without any name."""
    site = publishing_site.site()
    template = "directory/error.html" if site.is_open else "directory/closed.html"
    with translation.override(_chosen(request) or translation.get_language()):
        return page(request, site, template, context, status=status)


def origin() -> str:
    """Of the addresses that are printed: the site's own host, else that of the pages."""
    hosts = settings.SIEGEL.directory.hosts
    return f"https://{hosts[0]}" if hosts else str(settings.SIEGEL.web.url)


def harden(response: HttpResponseBase) -> HttpResponseBase:
    """What a visitor looked for goes to nobody else and into no list of search results."""
    response["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("X-Robots-Tag", "noindex")
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def _chosen(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in list(Language) else ""


def _remember(response: HttpResponseBase, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )


def _looks_before(request: HttpRequest) -> bool:
    person = person_of(request)
    return person is not None and person.is_certificate_manager
