"""``siegel account``: whose mail is signed and opened here."""

from datetime import datetime

import click

from siegel.base.address import EmailAddress
from siegel.cli.exits import Exit
from siegel.cli.files import Moment
from siegel.cli.output import as_json, day, say, table
from siegel.cli.settings import actor, now, ready
from siegel.policy.access import Capacity, Standing

CAPACITIES = [capacity.value for capacity in Capacity]


@click.group()
def account() -> None:
    """Mail accounts of the organisation."""


@account.command()
@click.argument("address")
@click.option("--name", default="", help="The name people see.")
@click.pass_obj
def add(config_file: str | None, address: str, name: str) -> int:
    """Create the account; keys already imported for the address begin to work."""
    ready(config_file)
    from siegel.flows.accounts import create

    bound = create(EmailAddress.parse(address), name, by=actor(), at=now())
    say(f"account {address} created, {bound} private keys at its disposal")
    return int(Exit.GOOD)


@account.command("list")
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def list_(config_file: str | None, json_: bool) -> int:
    """List all accounts."""
    ready(config_file)
    from siegel.store.queries import accounts

    rows = accounts.list_all()
    if json_:
        as_json(
            [
                {
                    "address": str(row.address),
                    "display_name": row.display_name,
                    "active": row.active,
                    "added_at": row.added_at.isoformat(),
                    "aliases": [str(alias) for alias in row.aliases],
                    "delegations": [str(other) for other in row.delegations],
                }
                for row in rows
            ]
        )
        return int(Exit.GOOD)
    table(
        ("address", "name", "active", "since", "may also write as"),
        (
            (
                str(row.address),
                row.display_name,
                "yes" if row.active else "no",
                day(row.added_at),
                ", ".join(str(other) for other in (*row.aliases, *row.delegations)) or "-",
            )
            for row in rows
        ),
    )
    return int(Exit.GOOD)


@account.command()
@click.argument("address")
@click.argument("other")
@click.option(
    "--alias", is_flag=True, help="OTHER is the same person's; otherwise a deputy's right."
)
@click.pass_obj
def grant(config_file: str | None, address: str, other: str, alias: bool) -> int:
    """Let the account ADDRESS also write as OTHER."""
    ready(config_file)
    from siegel.flows.accounts import entitle

    entitle(
        EmailAddress.parse(address), EmailAddress.parse(other), alias=alias, by=actor(), at=now()
    )
    say(f"{address} may write as {other}")
    return int(Exit.GOOD)


@account.command()
@click.argument("address")
@click.option("--on/--off", "active", default=None, required=True)
@click.pass_obj
def switch(config_file: str | None, address: str, active: bool) -> int:
    """Switch an account off (nothing is deleted) or on again."""
    ready(config_file)
    from siegel.flows.accounts import switch as switch_account

    switch_account(EmailAddress.parse(address), active=active, by=actor(), at=now())
    say(f"{address} is {'on' if active else 'off'}")
    return int(Exit.GOOD)


@account.command()
@click.argument("address")
@click.argument("email")
@click.option("--as", "capacity", type=click.Choice(CAPACITIES), default="member")
@click.option("--since", type=Moment(), help="From this moment on; default: now.")
@click.option("--until", type=Moment(), help="Until this moment; default: without end.")
@click.pass_obj
def admit(
    config_file: str | None,
    address: str,
    email: str,
    capacity: str,
    since: datetime | None,
    until: datetime | None,
) -> int:
    """The person EMAIL works with the account: reads its mail and writes as it."""
    ready(config_file)
    from siegel.flows.accounts import admit as admit_person

    at = now()
    standing = Standing(capacity=Capacity(capacity), since=since or at, until=until)
    admit_person(
        EmailAddress.parse(address), EmailAddress.parse(email), standing, by=actor(), at=at
    )
    say(f"{email} works with {address} as {capacity}")
    return int(Exit.GOOD)


@account.command()
@click.argument("address")
@click.argument("email")
@click.pass_obj
def dismiss(config_file: str | None, address: str, email: str) -> int:
    """The person does not work with the account any more."""
    ready(config_file)
    from siegel.flows.accounts import dismiss as dismiss_person

    dismiss_person(EmailAddress.parse(address), EmailAddress.parse(email), by=actor(), at=now())
    say(f"{email} does not work with {address} any more")
    return int(Exit.GOOD)
