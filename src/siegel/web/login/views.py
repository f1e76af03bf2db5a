"""The one page of sign-in that django-allauth does not know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from siegel.web.access import public


@require_safe
@public
def forgotten(request: HttpRequest) -> HttpResponse:
    """No mail with a link: who reads somebody's mail must not get at the keys for it."""
    return render(request, "account/forgotten.html")
