"""Addresses of the pages about people. ``welcome`` is the link of an invitation."""

from django.urls import path

from siegel.web.people import changes, views, welcome

app_name = "people"
urlpatterns = [
    path("", views.overview, name="list"),
    path("invite/", views.invite, name="invite"),
    path("welcome/<slug:token>/", welcome.welcome, name="welcome"),
    path("<path:email>/roles/", changes.roles, name="roles"),
    path("<path:email>/link/", changes.new_link, name="link"),
    path("<path:email>/active/", changes.active, name="active"),
    path("<path:email>/second-factor/", changes.second_factor, name="second_factor"),
    path("<path:email>/", views.detail, name="detail"),
]
