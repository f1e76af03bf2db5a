"""Addresses of replacing many certificates."""

from django.urls import path

from siegel.web.reissue import acts, planning, views

app_name = "reissue"

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", planning.new, name="new"),
    path("<int:number>/", views.show, name="one"),
    path("<int:number>/start/", acts.start, name="start"),
    path("<int:number>/stop/", acts.stop, name="stop"),
    path("<int:number>/discard/", acts.discard, name="discard"),
    path("<int:number>/again/", acts.again, name="again"),
    path("<int:number>/switch/", acts.switch, name="switch"),
    path("<int:number>/partners/", planning.partners, name="partners"),
    path("<int:number>/revoke/", planning.revoke, name="revoke"),
    path("<int:number>/end/", acts.end, name="end"),
]
