"""Addresses of the pages about keys and requests."""

from django.urls import path

from siegel.web.keys import creating, delivering, many, renewing, views

app_name = "keys"

urlpatterns = [
    path("", views.listing, name="list"),
    path("new/", creating.new, name="new"),
    path("answer/", views.answer, name="answer"),
    path("request/<int:number>/", views.show, name="request"),
    path("request/<int:number>/withdraw/", views.withdraw, name="withdraw"),
    path("request/<int:number>/<slug:form>/", views.download, name="download"),
    path("many/", many.new, name="many"),
    path("many/<int:number>/", many.show, name="job"),
    path("many/<int:number>/start/", many.start, name="start"),
    path("many/<int:number>/stop/", many.stop, name="stop"),
    path("many/<int:number>/discard/", many.discard, name="discard"),
    path("many/<int:number>/report/", many.csv_report, name="report"),
    path("deliveries/", delivering.listing, name="deliveries"),
    path("deliveries/new/", delivering.prepare, name="deliver"),
    path("deliveries/<int:number>/", delivering.show, name="delivery"),
    path("deliveries/<int:number>/withdraw/", delivering.withdraw, name="delivery_withdraw"),
    path("mine/", delivering.mine, name="mine"),
    path("mine/<int:number>/", delivering.fetch, name="fetch"),
    path("passphrase/<int:number>/", delivering.passphrase, name="passphrase"),
    path("renew/<slug:fingerprint>/", renewing.renew, name="renew"),
]
