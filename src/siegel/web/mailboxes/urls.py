"""Addresses of the pages about mailboxes."""

from django.urls import path

from siegel.web.mailboxes import consent, views

app_name = "mailboxes"
urlpatterns = [
    path("consent/", consent.back, name="consent"),
    path("<path:account>/test/", views.test, name="test"),
    path("<path:account>/remove/", views.remove, name="remove"),
    path("<path:account>/", views.edit, name="edit"),
]
