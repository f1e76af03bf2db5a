"""Addresses of the outbox."""

from django.urls import path

from siegel.web.outbox import views

app_name = "outbox"

urlpatterns = [
    path("", views.listing, name="list"),
    path("<int:number>/", views.show, name="show"),
    path("<int:number>/undo/", views.undo, name="undo"),
    path("<int:number>/now/", views.now, name="now"),
    path("<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:number>/original/", views.original, name="original"),
]
