"""Addresses of the certificates."""

from django.urls import path

from siegel.web.certificates import files, locked, sending, views

app_name = "certificates"

urlpatterns = [
    path("", views.listing, name="list"),
    path("upload/", files.upload, name="upload"),
    path("locked/<int:number>/", locked.locked, name="locked"),
    path("locked/<int:number>/remove/", locked.remove, name="locked_remove"),
    path("<slug:fingerprint>/", views.one, name="one"),
    path("<slug:fingerprint>/export/<slug:format>/", files.export, name="export"),
    path("<slug:fingerprint>/send/", sending.send, name="send"),
    path("<slug:fingerprint>/key/", files.export_key, name="export_key"),
    path("<slug:fingerprint>/archive/", views.archive, name="archive"),
]
