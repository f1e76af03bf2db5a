"""Addresses of reading; mounted at /mail/."""

from django.urls import path

from siegel.web.conversation import attached, deeds, frame, octets, views

app_name = "conversation"

urlpatterns = [
    path("c/<int:number>/", views.show, name="show"),
    path("c/<int:number>/note/", deeds.note, name="note"),
    path("m/<int:item>/attached/", attached.attached, name="attached"),
    path("m/<int:item>/pictures/", deeds.consent, name="consent"),
    path("m/<int:item>/report/", deeds.report, name="report"),
    path("m/<int:item>/take/<int:number>/", deeds.take, name="take"),
    path("m/<int:item>/state/", deeds.state, name="state"),
    path("m/<int:item>/frame/<int:body>/", frame.frame, name="frame"),
    path("m/<int:item>/source/", octets.source, name="source"),
    path("m/<int:item>/original/", octets.original, name="original"),
    path("m/<int:item>/part/<str:number>/", octets.part, name="part"),
]
