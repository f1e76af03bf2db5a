"""Where the pages are."""

from django.urls import path

from siegel.web import views

urlpatterns = [
    path("", views.status, name="status"),
    path("healthz", views.health, name="health"),
    path("siegel.<slug:mark>.css", views.stylesheet, name="stylesheet"),
]
