"""Addresses of the pages about mail accounts."""

from django.urls import path

from siegel.web.accounts import addresses, people, views

app_name = "accounts"
urlpatterns = [
    path("", views.overview, name="list"),
    path("new/", views.create, name="create"),
    path("<path:account>/person/", people.admit, name="admit"),
    path("<path:account>/person/remove/", people.dismiss, name="dismiss"),
    path("<path:account>/address/", addresses.grant, name="grant"),
    path("<path:account>/address/remove/", addresses.withdraw, name="withdraw"),
    path("<path:account>/name/", views.rename, name="rename"),
    path("<path:account>/switch/", views.switch, name="switch"),
    path("<path:account>/", views.detail, name="detail"),
]
