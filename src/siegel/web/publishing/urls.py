"""Addresses of the administrator's side of the partner site."""

from django.urls import path

from siegel.web.publishing import settings, views

app_name = "publishing"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("change/", views.change, name="change"),
    path("open/", settings.switch, name="switch"),
    path("site/", settings.site, name="site"),
    path("site/logo/", settings.logo, name="logo"),
    path("record/<str:address>/", views.record, name="record"),
]
