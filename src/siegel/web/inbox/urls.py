"""Addresses of the lists of conversations."""

from django.urls import path

from siegel.web.inbox import acts, views

app_name = "inbox"

urlpatterns = [
    path("", views.home, name="home"),
    path("f/<int:number>/", views.folder, name="folder"),
    path("assigned/", views.assigned, name="assigned"),
    path("sent/", views.sent, name="sent"),
    path("act/", acts.act, name="act"),
    path("undo/", acts.undo, name="undo"),
]
