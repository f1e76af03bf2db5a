"""Addresses of the journal's pages."""

from django.urls import path

from siegel.web.journal import export, views, why

app_name = "journal"
urlpatterns = [
    path("", views.overview, name="list"),
    path("why/", why.why, name="why"),
    path("export/", export.export, name="export"),
    path("<int:number>/", views.detail, name="detail"),
]
