"""Addresses of the pages about keys and requests."""

from django.urls import path

from siegel.web.keys import creating, renewing, views

app_name = "keys"

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", creating.new, name="new"),
    path("answer/", views.answer, name="answer"),
    path("request/<int:number>/", views.show, name="request"),
    path("request/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("request/<int:number>/<slug:form>/", views.download, name="download"),
    path("renew/<slug:fingerprint>/", renewing.renew, name="renew"),
]
