"""``siegel journal``: what happened, and why."""

from datetime import datetime

import click

from siegel.cli.exits import Exit
from siegel.cli.files import Moment
from siegel.cli.output import as_json, table
from siegel.cli.settings import ready


@click.command()
@click.option("--number", type=int, help="One entry, as named in a notice.")
@click.option("--address", help="Entries about this address or with it as recipient.")
@click.option("--message-id", help="What happened to this message.")
@click.option("--action", help="For example outbound.sign or inbound.confidential.")
@click.option("--since", type=Moment())
@click.option("--limit", type=click.IntRange(1, 10_000), default=50)
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def journal(
    config_file: str | None,
    number: int | None,
    address: str | None,
    message_id: str | None,
    action: str | None,
    since: datetime | None,
    limit: int,
    json_: bool,
) -> int:
    """Show journal entries, the newest first."""
    ready(config_file)
    from siegel.flows.journal_export import entry_as_json
    from siegel.store.queries import journal as store

    rows = store.read(
        number=number,
        address=address,
        message_id=message_id,
        action=action,
        since=since,
        limit=limit,
    )
    if json_:
        as_json([entry_as_json(row) for row in rows])
        return int(Exit.GOOD)
    table(
        ("number", "at", "action", "about", "recipients", "reasons"),
        (
            (
                str(row.id),
                row.at.isoformat(timespec="seconds"),
                row.action,
                row.about,
                ", ".join(row.recipients)[:60],
                ", ".join(row.reasons),
            )
            for row in rows
        ),
    )
    return int(Exit.GOOD)
