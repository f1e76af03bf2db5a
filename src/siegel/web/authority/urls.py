"""Addresses of the pages about our own authorities."""

from django.urls import path

from siegel.web.authority import making, revoking, upkeep, views

app_name = "authority"

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", making.create, name="create"),
    path("below/", making.below, name="below"),
    path("<int:number>/", views.show, name="show"),
    path("<int:number>/request/<slug:format>/", making.request_file, name="request"),
    path("<int:number>/answer/", making.answer, name="answer"),
    path("<int:number>/trust/", upkeep.trust, name="trust"),
    path("<int:number>/renew/", upkeep.renew, name="renew"),
    path("<int:number>/list/", upkeep.issue_list, name="issue_list"),
    path("revoke/<slug:fingerprint>/", revoking.revoke, name="revoke"),
]
