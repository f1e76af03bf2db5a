"""``siegel trust``: which roots count, decided by people and written down for good."""

import click

from siegel.cli.exits import Exit
from siegel.cli.output import as_json, say, table
from siegel.cli.settings import actor, now, ready


@click.group()
def trust() -> None:
    """Which certification authorities count, and who decided so."""


@trust.command()
@click.argument("name")
@click.option("--fingerprint", required=True, help="SHA-256, as compared over another channel.")
@click.option("--channel", required=True, help="How it was compared: telephone, letter, page …")
@click.option("--why", default="", help="For those who read it in five years.")
@click.option("--domain", "domains", multiple=True, help="Only for addresses in these domains.")
@click.pass_obj
def add(
    config_file: str | None,
    name: str,
    fingerprint: str,
    channel: str,
    why: str,
    domains: tuple[str, ...],
) -> int:
    """Trust the imported certificate NAME („auf verifiziert stellen“)."""
    ready(config_file)
    from siegel.flows.deciding import trust_by_hand

    row = trust_by_hand(
        name, fingerprint, channel=channel, why=why, domains=domains, by=actor(), at=now()
    )
    say(f"trusted: {row.subject}")
    return int(Exit.GOOD)


@trust.command()
@click.argument("name")
@click.option("--why", default="")
@click.pass_obj
def distrust(config_file: str | None, name: str, why: str) -> int:
    """Distrust a certificate wherever it stands in a path, public roots included."""
    ready(config_file)
    from siegel.flows.deciding import distrust as distrust_it

    say(f"distrusted: {distrust_it(name, why=why, by=actor(), at=now())}")
    return int(Exit.GOOD)


@trust.command()
@click.argument("name")
@click.option("--why", default="")
@click.pass_obj
def withdraw(config_file: str | None, name: str, why: str) -> int:
    """Take a decision back: what would hold without it holds again."""
    ready(config_file)
    from siegel.flows.deciding import withdraw as withdraw_it

    say(f"withdrawn: {withdraw_it(name, why=why, by=actor(), at=now())}")
    return int(Exit.GOOD)


@trust.command("list")
@click.option("--public", is_flag=True, help="Also the public roots for e-mail that are shipped.")
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def list_(config_file: str | None, public: bool, json_: bool) -> int:
    """List decisions, and with --public what is trusted by default."""
    ready(config_file)
    from siegel.flows.deciding import overview

    rows = overview(public=public)
    if json_:
        as_json(rows)
        return int(Exit.GOOD)
    columns = ("sha256", "decision", "subject", "who", "when", "channel")
    cells = (
        tuple(str(row[c] or "-")[: 16 if c == "sha256" else 60] for c in columns) for row in rows
    )
    table(columns, cells)
    return int(Exit.GOOD)
