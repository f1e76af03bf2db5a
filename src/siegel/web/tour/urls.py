"""What the bar of the tour sends, and the file that the tour is about."""

from django.urls import path

from siegel.web.tour import views

app_name = "tour"
urlpatterns = [
    path("", views.go, name="go"),
    path("file/", views.file, name="file"),
]
