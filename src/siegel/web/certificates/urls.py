"""Addresses of the certificates."""

from django.urls import path, register_converter

from siegel.web.certificates import files, locked, sending, views

app_name = "certificates"


class Fingerprint:
    """SHA-256 in hexadecimal; nothing else can be part of such an address."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Fingerprint, "fingerprint")

urlpatterns = [
    path("", views.listing, name="list"),
    path("upload/", files.upload, name="upload"),
    path("locked/<int:number>/", locked.locked, name="locked"),
    path("locked/<int:number>/remove/", locked.remove, name="locked_remove"),
    path("<fingerprint:fingerprint>/", views.one, name="one"),
    path("<fingerprint:fingerprint>/export/<slug:format>/", files.export, name="export"),
    path("<fingerprint:fingerprint>/send/", sending.send, name="send"),
    path("<fingerprint:fingerprint>/key/", files.export_key, name="export_key"),
    path("<fingerprint:fingerprint>/archive/", views.archive, name="archive"),
]
