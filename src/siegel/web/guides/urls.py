"""Addresses of the guides, below those of the public site; ``office.py`` has the staff's."""

from django.urls import path

from siegel.web.guides import views

app_name = "guides"

urlpatterns = [
    path("", views.listing, name="list"),
    path("<slug:slug>/", views.program, name="program"),
    path("<slug:slug>/<slug:language>.pdf", views.pdf, name="pdf"),
]
