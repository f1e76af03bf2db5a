"""Addresses for partners; two of them stand in mails (``PATH`` of the flows that send these)."""

from django.urls import path

from siegel.web.joining import control, invitation, own_key, robot

app_name = "joining"
urlpatterns = [
    path("test/", robot.explained, name="robot"),
    path("invitation/<slug:token>/", invitation.hand_in, name="invitation"),
    path("invitation/<slug:token>/own-key/", invitation.own_key, name="invited_own_key"),
    path("control/<slug:token>/", control.control, name="control"),
    path("own-key/", own_key.own_key, name="own_key"),
    path("own-key/certificate/", own_key.certificate, name="certificate"),
]
