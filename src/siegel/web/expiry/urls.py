"""Addresses of the expiry watch."""

from django.urls import path

from siegel.web.expiry import subscribing, views

app_name = "expiry"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("calendar/", subscribing.show, name="calendar"),
    path("calendar/new/", subscribing.subscribe, name="subscribe"),
    path("calendar/end/", subscribing.unsubscribe, name="unsubscribe"),
    path("calendar/siegel.ics", subscribing.download, name="download"),
    path("calendar/<str:token>.ics", subscribing.fetch, name="fetch"),
]
