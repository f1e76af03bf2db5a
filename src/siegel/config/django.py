"""Django's settings, derived from ``Settings``; also the settings module of tests and mypy.

As a module it reads the file named by ``SIEGEL_CONFIG``. Without that variable it stands for
``UNCONFIGURED``: a throw-away store in memory, for tests and type checking only. The doors never
get there by accident: they call ``configure`` with the settings they loaded.
"""

import importlib.util
import os
import secrets
import tempfile
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings as django_settings

from siegel.base.errors import ConfigurationError
from siegel.config.load import load
from siegel.config.pages import pages
from siegel.config.schema import Organisation, Settings, Store, Web
from siegel.config.values import PostgresUrl, SqliteUrl

UNCONFIGURED = Settings(
    organisation=Organisation(name="Test", domains=("office.example",)),
    store=Store(url=SqliteUrl(":memory:"), data_dir=Path("/nonexistent/siegel")),
    web=Web(require_second_factor=False),
)

BUSY_SECONDS = 20  # a writer waits so long for another; the longest wait measured was 2.3 s
CONNECTION_SECONDS = 600  # reuse of a PostgreSQL connection by one thread


def configure(settings: Settings) -> None:
    """Set Django up for this process, once. Raises ``ConfigurationError`` for a second, other file.

    Afterwards ``siegel.store.queries`` may be imported; before, it may not.
    """
    if not django_settings.configured:
        django_settings.configure(**derive(settings))
    elif getattr(django_settings, "SIEGEL", None) != settings:
        raise ConfigurationError("this process is already set up with another configuration")
    if not apps.ready:
        django.setup()


def derive(settings: Settings) -> dict[str, object]:
    """Django's setting names and values; nothing else decides about Django."""
    secret = settings.web.secret
    return {
        "SIEGEL": settings,
        "SIEGEL_DATA_DIR": settings.store.data_dir,
        "SECRET_KEY": secret.reveal().decode("latin-1") if secret else secrets.token_urlsafe(48),
        "DEBUG": False,
        "AUTH_USER_MODEL": "store.User",
        "PASSWORD_HASHERS": _password_hashers(),
        "DATABASES": {"default": _database(settings.store)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "USE_I18N": True,
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "LOGGING_CONFIG": None,
        **pages(settings),
    }


def _password_hashers() -> list[str]:
    hashers = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    if importlib.util.find_spec("argon2") is not None:
        hashers.insert(0, "django.contrib.auth.hashers.Argon2PasswordHasher")
    return hashers


def _database(store: Store) -> dict[str, object]:
    if isinstance(store.url, PostgresUrl):
        return _postgres(store, store.url)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": store.url.path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        },
        # A file, so that threads of a test see one store under the same locks as in production.
        "TEST": {"NAME": str(Path(tempfile.gettempdir()) / f"siegel-test-{os.getpid()}.sqlite3")},
    }


def _postgres(store: Store, url: PostgresUrl) -> dict[str, object]:
    options = dict(url.options)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.name,
        "USER": url.user,
        "PASSWORD": store.password.reveal().decode("utf-8") if store.password else "",
        "HOST": options.pop("host", url.host),
        "PORT": str(url.port),
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, **options},
    }


def _of_environment() -> Settings:
    named = os.environ.get("SIEGEL_CONFIG")
    return load(Path(named)) if named else UNCONFIGURED


SIEGEL = _of_environment()
SIEGEL_DATA_DIR: Path = SIEGEL.store.data_dir
AUTH_USER_MODEL = "store.User"
globals().update(derive(SIEGEL))
