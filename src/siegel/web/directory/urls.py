"""Addresses of the partner site."""

from django.urls import path

from siegel.web.directory import files, http_store, views

app_name = "directory"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("everybody/", views.everybody, name="everybody"),
    path("chain/", views.chain, name="chain"),
    path("chain.<slug:format>", files.whole_chain, name="chain_file"),
    path("certificate/<slug:mark>/", views.one, name="one"),
    path("certificate/<slug:mark>.<slug:format>", files.certificate, name="certificate"),
    path("authority/<slug:mark>.<slug:format>", files.authority, name="authority_file"),
    path("search.cgi", http_store.certificates, name="http_store"),
    path("colours.css", files.colours, name="colours"),
    path("logo.png", files.logo, name="logo"),
]
