"""Addresses of the checklists."""

from django.urls import path

from siegel.web.checklists import steps, views

app_name = "checklists"

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", views.new, name="new"),
    path("<int:number>/", views.one, name="one"),
    path("<int:number>/remove/", views.remove, name="remove"),
    path("<int:number>/add/", steps.add, name="add"),
    path("<int:number>/<int:step>/done/", steps.done, name="done"),
    path("<int:number>/<int:step>/open/", steps.reopen, name="reopen"),
    path("<int:number>/<int:step>/remove/", steps.remove, name="remove_step"),
]
