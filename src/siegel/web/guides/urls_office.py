"""Addresses of the guides inside the office: for the staff, and to send to partners."""

from django.urls import path

from siegel.web.guides import office, sending

app_name = "office_guides"

urlpatterns = [
    path("", office.listing, name="list"),
    path("send/", sending.send, name="send"),
    path("<slug:slug>/", office.guide, name="one"),
    path("<slug:slug>/<slug:language>.pdf", office.pdf, name="pdf"),
]
