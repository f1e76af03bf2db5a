"""Addresses of the invitations of partners."""

from django.urls import path

from siegel.web.invitations import views

app_name = "invitations"
urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<int:number>/withdraw/", views.withdraw, name="withdraw"),
]
