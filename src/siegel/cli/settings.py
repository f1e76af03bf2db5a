"""What the verbs with a store share: configuration, Django, and who is acting."""

import getpass
from datetime import UTC, datetime
from pathlib import Path

from siegel.base.errors import ConfigurationError
from siegel.config.schema import Settings


def now() -> datetime:
    return datetime.now(UTC)


def actor() -> str:
    """Who types, for the journal."""
    return f"cli:{getpass.getuser()}"


def configured(config_file: str | None) -> Settings:
    """Load the configuration and set Django up; raises ``ConfigurationError``.

    Only after this call may modules of flows and store be imported.
    """
    if config_file is None:
        raise ConfigurationError("no configuration: name it with --config or SIEGEL_CONFIG")
    from siegel.config.django import configure
    from siegel.config.load import load

    settings = load(Path(config_file))
    configure(settings)
    return settings


def ready(config_file: str | None) -> Settings:
    """The same, with a store that is up to date; a new installation gets its tables here."""
    settings = configured(config_file)
    from siegel.store.queries import organisation
    from siegel.store.schema import is_empty, migrate, require_current
    from siegel.store.transaction import reachable

    with reachable():
        if is_empty():
            migrate()
        require_current()
    office = settings.organisation
    organisation.establish(name=office.name, language=office.language, domains=office.domains)
    return settings
