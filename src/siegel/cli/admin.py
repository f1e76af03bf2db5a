"""``siegel admin``: the first administrator, and the way back after a lost second factor."""

import click

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.cli.exits import CliError, Exit
from siegel.cli.files import passphrases
from siegel.cli.output import say
from siegel.cli.settings import actor, now, ready

SHORTEST = 12  # characters; a password that opens everything


@click.group()
def admin() -> None:
    """People who administer this installation."""


@admin.command()
@click.argument("email")
@click.option("--name", default="")
@click.option("--password-file", type=click.Path(dir_okay=False), help="First line; else asked.")
@click.pass_obj
def create(config_file: str | None, email: str, name: str, password_file: str | None) -> int:
    """Create an administrator, or give an existing user a new password and the role."""
    ready(config_file)
    from siegel.flows.people import make_administrator

    secret = passphrases([password_file], 1)[0] if password_file else _asked()
    if len(secret.reveal()) < SHORTEST:
        raise CliError(f"the password needs {SHORTEST} characters or more", Exit.USAGE)
    make_administrator(EmailAddress.parse(email), name, secret, by=actor(), at=now())
    say(f"{email} is an administrator")
    return int(Exit.GOOD)


def _asked() -> Secret:
    return Secret(click.prompt("Password", hide_input=True, confirmation_prompt=True, type=str))
