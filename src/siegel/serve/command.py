"""``siegel serve``: one supervisor, one process for each role; SIGTERM ends them in peace."""

import logging
import sys
from pathlib import Path

import click

from siegel.base.errors import ConfigurationError
from siegel.config.load import load
from siegel.config.schema import Settings
from siegel.serve.supervisor import supervise

ROLES = ("gateway", "web", "worker")
LDAP = "ldap"  # only where the configuration has a listener for it


@click.command()
@click.option("--only", type=click.Choice((*ROLES, LDAP)), help="Run one role in this process.")
@click.pass_obj
def serve(config_file: str | None, only: str | None) -> int:
    """Run the gateway, the pages and the worker until SIGTERM."""
    if config_file is None:
        raise ConfigurationError("no configuration: name it with --config or SIEGEL_CONFIG")
    settings = load(Path(config_file))
    logging.basicConfig(
        level=settings.log.level,
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    # aiosmtpd names every connection and mechanisms of AUTH that we do not offer
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    from siegel.config.django import configure

    configure(settings)
    if only is not None:
        return run_role(only, settings)
    prepare(settings)
    roles = ROLES if settings.ldap.listen is None else (*ROLES, LDAP)
    return supervise({role: _command(config_file, role) for role in roles})


def prepare(settings: Settings) -> None:
    """Bring the store up to date and refuse early what every role would refuse."""
    from siegel.store.schema import migrate

    migrate()
    from siegel.serve.composing import build_site

    build_site(settings)


def run_role(role: str, settings: Settings) -> int:
    if role == "gateway":
        from siegel.serve.gateway import run_gateway

        return run_gateway(settings)
    if role == "web":
        from siegel.serve.web import run_web

        return run_web(settings)
    if role == LDAP:
        from siegel.serve.ldap import run_ldap

        return run_ldap(settings)
    from siegel.serve.worker import run_worker

    return run_worker(settings)


def _command(config_file: str, role: str) -> list[str]:
    return [sys.executable, "-m", "siegel", "--config", config_file, "serve", "--only", role]
