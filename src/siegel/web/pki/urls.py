"""Addresses that stand in certificates (``flows.issuers.places``): they never change."""

from django.urls import path

from siegel.web.pki import views

app_name = "pki"

urlpatterns = [
    path("<slug:mark>.crl", views.revocation_list, name="list"),
    path("<slug:mark>.cer", views.certificate, name="certificate"),
    path("<slug:mark>/ocsp", views.ocsp, name="ocsp"),
    path("<slug:mark>/ocsp/<path:question>", views.ocsp, name="ocsp_get"),
]
