"""The pages as a Django app: template tags and static files, no models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "siegel.web"
    label = "web"

    def ready(self) -> None:
        from siegel.web.login import recording

        recording.connect()
