"""Addresses of the partner site."""

from django.urls import path

from siegel.web.directory import views

app_name = "directory"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("chain/", views.chain, name="chain"),
    path("colours.css", views.colours, name="colours"),
    path("logo.png", views.logo, name="logo"),
]
