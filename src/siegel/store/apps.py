"""The one Django app with models."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class StoreConfig(AppConfig):
    name = "siegel.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from siegel.store.append_only import install_triggers

        post_migrate.connect(install_triggers, sender=self)
