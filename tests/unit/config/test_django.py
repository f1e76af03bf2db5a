"""Django's settings follow from ours, and one process has one configuration."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from siegel.base.errors import ConfigurationError
from siegel.config import django
from siegel.config.schema import Settings, Store
from siegel.config.values import PostgresUrl, SqliteUrl


def database(store: Store) -> dict[str, object]:
    databases = django.derive(replace(Settings(), store=store))["DATABASES"]
    assert isinstance(databases, dict)
    found: dict[str, object] = databases["default"]
    return found


def test_sqlite_writes_ahead_and_waits_for_other_writers() -> None:
    options = database(Store(url=SqliteUrl("/x/s.db")))["OPTIONS"]
    assert options == {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }


def test_postgresql_gets_its_password_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("sesam\n")
    file.chmod(0o600)
    url = PostgresUrl("mail", "siegel", "db.example", 5433, (("sslmode", "require"),))
    found = database(Store(url=url, password_file=file))
    assert found["PASSWORD"] == "sesam"
    assert (found["HOST"], found["PORT"], found["USER"]) == ("db.example", "5433", "siegel")
    assert found["OPTIONS"] == {"connect_timeout": 10, "sslmode": "require"}


def test_a_socket_folder_is_given_as_host() -> None:
    url = PostgresUrl("mail", options=(("host", "/run/postgresql"),))
    assert database(Store(url=url))["HOST"] == "/run/postgresql"


def test_users_and_times_are_ours_from_the_first_day() -> None:
    derived = django.derive(Settings())
    assert derived["AUTH_USER_MODEL"] == "store.User"
    assert derived["USE_TZ"] is True
    assert derived["TIME_ZONE"] == "UTC"
    assert derived["DEBUG"] is False
    assert derived["LANGUAGE_CODE"] == "de"


def test_cookies_are_signed_anew_at_every_start_unless_a_file_is_given(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s" * 40)
    file.chmod(0o600)
    fixed = replace(Settings(), web=replace(Settings().web, secret_file=file))
    assert django.derive(fixed)["SECRET_KEY"] == "s" * 40
    assert django.derive(Settings())["SECRET_KEY"] != django.derive(Settings())["SECRET_KEY"]


def test_a_second_configuration_in_one_process_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="already set up"):
        django.configure(Settings())


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SIEGEL", "DJANGO"))}
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_door_sets_django_up_from_its_own_file(tmp_path: Path) -> None:
    file = tmp_path / "siegel.toml"
    file.write_text('[store]\nurl = "sqlite:own.db"\ndata_dir = "."')
    code = f"""
from pathlib import Path
from siegel.config import django
from siegel.config.load import load
settings = load(Path({str(file)!r}))
django.configure(settings)
django.configure(settings)
from siegel.base.errors import ConfigurationError
from siegel.store import schema
assert schema.is_empty()
try:
    schema.require_current()
except ConfigurationError as error:
    assert "siegel store migrate" in str(error)
else:
    raise AssertionError("an empty store is not up to date")
schema.migrate()
schema.require_current()
assert not schema.is_empty()
"""
    done = run(code)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "own.db").exists()


def test_the_variable_names_the_file_of_the_settings_module(tmp_path: Path) -> None:
    file = tmp_path / "siegel.toml"
    file.write_text('[organisation]\nlanguage = "en"')
    code = "from django.conf import settings; print(settings.LANGUAGE_CODE)"
    environment = {"DJANGO_SETTINGS_MODULE": "siegel.config.django"}
    assert run(code, **environment, SIEGEL_CONFIG=str(file)).stdout == "en\n"
    assert "broken.toml" in run(code, **environment, SIEGEL_CONFIG="/broken.toml").stderr


def test_without_a_file_the_settings_module_is_a_throw_away_store() -> None:
    assert django.UNCONFIGURED.store.url == SqliteUrl(":memory:")
    assert not django.UNCONFIGURED.store.data_dir.exists()
