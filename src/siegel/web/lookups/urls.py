"""Addresses of the directories."""

from django.urls import path

from siegel.web.lookups import asking, stores, views

app_name = "lookups"

urlpatterns = [
    path("", views.listing, name="list"),
    path("ask/", asking.ask, name="ask"),
    path("dns/", stores.dns, name="dns"),
    path("ldap/new/", views.new, name="new"),
    path("ldap/<int:number>/", views.edit, name="edit"),
    path("ldap/<int:number>/test/", views.test, name="test"),
    path("ldap/<int:number>/remove/", views.remove, name="remove"),
    path("http/new/", stores.new, name="new_store"),
    path("http/<int:number>/", stores.edit, name="edit_store"),
    path("http/<int:number>/remove/", stores.remove, name="remove_store"),
]
