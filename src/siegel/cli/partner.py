"""``siegel partner``: what partners' mail proposed and a person has to answer."""

import click

from siegel.cli.exits import Exit
from siegel.cli.output import as_json, day, say, table
from siegel.cli.settings import actor, now, ready

_KIND = click.Choice(["certificate", "change"])


@click.group()
def partner() -> None:
    """Partners' certificates that wait for a person, and changes of keys."""


@partner.command()
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def waiting(config_file: str | None, json_: bool) -> int:
    """List what waits for an answer, with its number."""
    ready(config_file)
    from siegel.flows.answering import waiting as waiting_now

    rows = waiting_now()
    if json_:
        as_json([row.to_json() for row in rows])
        return int(Exit.GOOD)
    table(
        ("kind", "number", "address", "sha256", "seen", "why it waits"),
        (
            (r.kind, str(r.number), str(r.address), r.fingerprint[:16], day(r.seen_at), r.why)
            for r in rows
        ),
    )
    return int(Exit.GOOD)


@partner.command()
@click.argument("kind", type=_KIND)
@click.argument("number", type=int)
@click.pass_obj
def accept(config_file: str | None, kind: str, number: int) -> int:
    """Accept a certificate for its address, or a partner's new key. Compare the fingerprint first.

    Accepting is not trusting: a certificate of an authority that is not trusted stays unusable.
    """
    ready(config_file)
    from siegel.flows.answering import answer

    answer(kind, number, accepted=True, by=actor(), at=now())
    say(f"accepted: {kind} {number}")
    return int(Exit.GOOD)


@partner.command()
@click.argument("kind", type=_KIND)
@click.argument("number", type=int)
@click.pass_obj
def refuse(config_file: str | None, kind: str, number: int) -> int:
    """Refuse it: later mail does not bring it back."""
    ready(config_file)
    from siegel.flows.answering import answer

    answer(kind, number, accepted=False, by=actor(), at=now())
    say(f"refused: {kind} {number}")
    return int(Exit.GOOD)
