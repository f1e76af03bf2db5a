"""Addresses of the rules."""

from django.urls import path

from siegel.web.rules import levels, views

app_name = "rules"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("save/", views.save, name="save"),
    path("explain/", views.explain, name="explain"),
    path("exceptions/", levels.listing, name="levels"),
    path("exceptions/new/", levels.new, name="new"),
    path("exceptions/<slug:level>/<path:name>/", levels.level, name="level"),
]
