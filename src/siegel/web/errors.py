"""Pages for what went wrong: what happened and what to do; details stay in the log."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from siegel.web.access import public
from siegel.web.partner_site import is_partner_page, partner_error


def _page(request: HttpRequest, code: int, title: str, sentence: str, step: str) -> HttpResponse:
    context = {"title": title, "sentence": sentence, "step": step, "code": code}
    if is_partner_page(request):
        return partner_error(request, context, status=code)
    return render(request, "error.html", context, status=code)


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _page(
        request,
        400,
        _("This request cannot be understood"),
        _("Something in the address or in the form was not as it has to be."),
        _("Go back and try again."),
    )


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _page(
        request,
        403,
        _("This page is not for you"),
        _("Your role does not allow this."),
        _("Ask your administration if you need it."),
    )


@public
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    del exception
    return _page(
        request,
        404,
        _("There is nothing here"),
        _("The address is wrong, or what was here is gone."),
        _("Look for it in the navigation."),
    )


@public
def failed(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        _("This did not work"),
        _("It is our mistake. Nothing was lost; what happened stands in the log of the server."),
        _("Try again in a minute. If it happens again, tell your administration."),
    )


@public
def too_many(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        429,
        _("Too many attempts"),
        _("To keep guessers out, nobody may try this often in a row."),
        _("Wait five minutes and try again. A passkey works at once."),
    )


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    return _page(
        request,
        403,
        _("This form is too old"),
        _("It was opened before you signed in, or the browser does not keep cookies."),
        _("Open the page again and repeat the last step."),
    )
