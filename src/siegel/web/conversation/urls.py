"""Addresses of reading; mounted at /mail/."""

from django.urls import path

from siegel.web.conversation import frame, octets, views

app_name = "conversation"

urlpatterns = [
    path("c/<int:number>/", views.show, name="show"),
    path("m/<int:item>/frame/<int:body>/", frame.frame, name="frame"),
    path("m/<int:item>/source/", octets.source, name="source"),
    path("m/<int:item>/original/", octets.original, name="original"),
    path("m/<int:item>/part/<str:number>/", octets.part, name="part"),
]
