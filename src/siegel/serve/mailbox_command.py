"""``siegel mailbox``: mail on other servers, and how fetching it goes."""

import click

from siegel.base.address import EmailAddress
from siegel.base.errors import NotFound
from siegel.cli.exits import CliError, Exit
from siegel.cli.output import as_json, say, table
from siegel.cli.settings import now, ready


@click.group()
def mailbox() -> None:
    """Where the mail of accounts lies, and how fetching it goes."""


@mailbox.command("list")
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def list_(config_file: str | None, json_: bool) -> int:
    """List all mailboxes with their problems, if they have any."""
    ready(config_file)
    from siegel.store.queries import mail_due

    rows = mail_due.states()
    if json_:
        as_json(
            [
                {
                    "account": str(row.account),
                    "kind": row.kind,
                    "problem": row.problem or None,
                    "problem_since": row.problem_since and row.problem_since.isoformat(),
                    "synced_at": row.synced_at and row.synced_at.isoformat(),
                    "folders": row.folders,
                    "messages": row.messages,
                    "waiting": row.waiting,
                    "unfiled": row.unfiled,
                }
                for row in rows
            ]
        )
        return int(Exit.GOOD)
    table(
        ("account", "kind", "last read", "messages", "to be told", "not filed", "problem"),
        (
            (
                str(row.account),
                row.kind,
                f"{row.synced_at:%Y-%m-%d %H:%M}" if row.synced_at else "-",
                str(row.messages),
                str(row.waiting),
                str(row.unfiled),
                row.problem or "-",
            )
            for row in rows
        ),
    )
    return int(Exit.GOOD)


@mailbox.command()
@click.argument("address")
@click.pass_obj
def sync(config_file: str | None, address: str) -> int:
    """Look at the mailbox of the account ADDRESS now, until nothing is missing."""
    account = EmailAddress.parse(address)
    settings = ready(config_file)
    from siegel.flows import mailbox_rounds
    from siegel.serve.composing import build_site
    from siegel.store.queries import mail_due

    if account not in mail_due.on_servers():
        raise NotFound(f"the mail of {account} lies on no mail server")
    site = build_site(settings)
    while True:
        looked = mailbox_rounds.look(account, site, at=now())
        if looked is None:
            raise CliError("the worker is reading this mailbox now", Exit.TRY_LATER)
        if looked.round is None:
            raise CliError(f"the mailbox cannot be read: {looked.problem}", Exit.UNAVAILABLE)
        done = looked.round
        say(f"{done.filed} filed, {done.told} told, {done.unfiled} not filed, {done.left} left")
        if not done.left:
            return int(Exit.GOOD)
