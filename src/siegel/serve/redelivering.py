"""``siegel message redeliver``: after a key was imported, mail that came before it is opened."""

import click

from siegel.base.address import EmailAddress
from siegel.cli.exits import Exit
from siegel.cli.output import say
from siegel.cli.settings import actor, now, ready


@click.command()
@click.option("--account", required=True, help="The address of the account.")
@click.pass_obj
def redeliver(config_file: str | None, account: str) -> int:
    """Open kept messages that came before their key, and deliver them again."""
    address = EmailAddress.parse(account)
    settings = ready(config_file)
    from siegel.flows.reopening import redeliver as redeliver_it
    from siegel.serve.composing import build_site

    done = redeliver_it(address, build_site(settings), by=actor(), at=now())
    say(f"{done.delivered} delivered, {done.closed} still closed, {done.failed} failed")
    if done.failed:
        say("what failed stays as it is: run the command again when the mail server answers")
    return int(Exit.TRY_LATER if done.failed else Exit.GOOD)
