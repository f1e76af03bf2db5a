"""Addresses of the help; the words of chapters come last, because anything may stand there."""

from django.urls import path

from siegel.web.help import lists, views

app_name = "help"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("search/", views.search, name="search"),
    path("lists/", lists.overview, name="lists"),
    path("lists/<slug:kind>/add/", lists.add, name="add"),
    path("lists/<slug:kind>/restore/", lists.restore, name="restore"),
    path("lists/<slug:kind>/<slug:key>/", lists.change, name="change"),
    path("lists/<slug:kind>/<slug:key>/move/", lists.move, name="move"),
    path("lists/<slug:kind>/<slug:key>/remove/", lists.remove, name="remove"),
    path("<slug:slug>/", views.chapter, name="chapter"),
]
