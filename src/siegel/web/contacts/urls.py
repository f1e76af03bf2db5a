"""Addresses of the contacts."""

from django.urls import path

from siegel.web.contacts import cards, views

app_name = "contacts"

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("cards/", cards.take, name="take_cards"),
    path("<int:number>/", views.one, name="one"),
    path("<int:number>/edit/", views.edit, name="edit"),
    path("<int:number>/remove/", views.remove, name="remove"),
    path("<int:number>/vcard/", cards.give, name="vcard"),
]
