"""The HTTP store where programs look for it without being told (RFC 4387 §3)."""

from django.urls import path

from siegel.web.directory import files, http_store

app_name = "http_store"
urlpatterns = [
    path("search.cgi", http_store.certificates, name="any"),
    path("certificates/search.cgi", http_store.certificates, name="certificates"),
    path("crls/search.cgi", http_store.lists, name="lists"),
    path("robots.txt", files.robots, name="robots"),
]
