"""``siegel admin``: the first administrator, and the way back after a lost second factor."""

import click

from siegel.base.address import EmailAddress
from siegel.base.secret import Secret
from siegel.cli.exits import CliError, Exit
from siegel.cli.files import passphrases
from siegel.cli.output import as_json, day, say, table
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


@admin.command("list")
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def list_(config_file: str | None, json_: bool) -> int:
    """List all people with their roles."""
    ready(config_file)
    from siegel.store.queries import users

    rows = users.list_all(at=now())
    if json_:
        as_json(
            [
                {
                    "email": str(row.email),
                    "display_name": row.display_name,
                    "active": row.active,
                    "roles": sorted(row.roles),
                    "invited": row.waits,
                    "last_seen_at": row.last_seen_at.isoformat() if row.last_seen_at else None,
                }
                for row in rows
            ]
        )
        return int(Exit.GOOD)
    table(
        ("email", "name", "active", "roles", "last seen"),
        (
            (
                str(row.email),
                row.display_name,
                "yes" if row.active else "no",
                ", ".join(sorted(row.roles)) or "-",
                day(row.last_seen_at) if row.last_seen_at else "invited" if row.waits else "-",
            )
            for row in rows
        ),
    )
    return int(Exit.GOOD)


@admin.command("reset-second-factor")
@click.argument("email")
@click.pass_obj
def reset_second_factor(config_file: str | None, email: str) -> int:
    """Remove the authenticator apps, passkeys and recovery codes of a person who lost them."""
    ready(config_file)
    from siegel.flows.people import reset_second_factor as reset

    removed = reset(EmailAddress.parse(email), by=actor(), at=now())
    say(f"{email}: {removed} second factors removed; the password is asked for as before")
    return int(Exit.GOOD)


@admin.command()
@click.argument("email")
@click.pass_obj
def deactivate(config_file: str | None, email: str) -> int:
    """Let a person sign in no more; nothing is deleted. The last administrator stays."""
    ready(config_file)
    from siegel.flows.people import deactivate as deactivate_person

    deactivate_person(EmailAddress.parse(email), by=actor(), at=now())
    say(f"{email} cannot sign in any more")
    return int(Exit.GOOD)


@admin.command()
@click.argument("email")
@click.pass_obj
def reactivate(config_file: str | None, email: str) -> int:
    """Let a person sign in again."""
    ready(config_file)
    from siegel.flows.people import reactivate as reactivate_person

    reactivate_person(EmailAddress.parse(email), by=actor(), at=now())
    say(f"{email} can sign in again")
    return int(Exit.GOOD)


def _asked() -> Secret:
    return Secret(click.prompt("Password", hide_input=True, confirmation_prompt=True, type=str))
