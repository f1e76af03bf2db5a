"""Addresses of the health page. What programs ask (``/healthz`` …) stands at the root."""

from django.urls import path

from siegel.web.health import views

app_name = "health"
urlpatterns = [path("", views.overview, name="overview")]
