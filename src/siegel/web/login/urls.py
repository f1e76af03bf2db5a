"""Which of django-allauth's pages there are; what we do not offer has no address."""

from allauth.account import views as account
from allauth.usersessions import views as sessions
from django.urls import URLPattern, URLResolver, include, path, reverse_lazy
from django.views.generic import RedirectView

from siegel.config.pages import PROVIDER
from siegel.web.login import organisation, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("in/", account.login, name="account_login"),
    path("out/", account.logout, name="account_logout"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("forgotten/", views.forgotten, name="password_forgotten"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("second/", include("allauth.mfa.urls")),
    path("organisation/", organisation.enter, name="organisation_enter"),
    path("organisation/again/", organisation.again, name="organisation_again"),
    path("organisation/refused/", organisation.refused, name="socialaccount_login_error"),
    path("organisation/cancelled/", organisation.cancelled, name="socialaccount_login_cancelled"),
    path(
        "organisation/back/",
        organisation.back,
        {"provider_id": PROVIDER},
        name="openid_connect_callback",
    ),
    # allauth names these two; we offer neither: people are invited, passwords are given anew
    path("up/", RedirectView.as_view(url=reverse_lazy("account_login")), name="account_signup"),
    path(
        "set/",
        RedirectView.as_view(url=reverse_lazy("account_change_password")),
        name="account_set_password",
    ),
]
