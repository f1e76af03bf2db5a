"""Addresses of mail to many."""

from django.urls import path

from siegel.web.bulk import views

app_name = "bulk"

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<int:number>/", views.show, name="show"),
    path("<int:number>/start/", views.start, name="start"),
    path("<int:number>/stop/", views.stop, name="stop"),
    path("<int:number>/discard/", views.discard, name="discard"),
    path("<int:number>/report/", views.csv_report, name="report"),
]
