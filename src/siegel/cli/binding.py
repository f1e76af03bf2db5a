"""``siegel certificate bind``, ``unbind``, ``bindings``: certificates of whole organisations."""

import click

from siegel.cli.exits import Exit
from siegel.cli.output import as_json, day, say, table
from siegel.cli.settings import actor, now, ready


@click.command()
@click.argument("certificate")
@click.argument("name")
@click.option("--why", default="", help="For those who read it in five years.")
@click.pass_obj
def bind(config_file: str | None, certificate: str, name: str, why: str) -> int:
    """Let the CERTIFICATE of an organisation stand for NAME, an address or a whole domain."""
    ready(config_file)
    from siegel.flows.binding import bind as bind_it

    bound = bind_it(certificate, name, why=why, by=actor(), at=now())
    say(f"bound to {bound.name} by administration: {bound.row.subject}")
    say("what it signed counts for them and is labelled as signed by the organisation")
    if bound.receives:
        say("it receives what is encrypted for those who have no certificate of their own")
    else:
        say("it receives nothing by rule: siegel rules set organisation_certificates true")
    return int(Exit.GOOD)


@click.command()
@click.argument("certificate")
@click.argument("name")
@click.pass_obj
def unbind(config_file: str | None, certificate: str, name: str) -> int:
    """Take it back: CERTIFICATE stands for NAME no more."""
    ready(config_file)
    from siegel.flows.binding import unbind as unbind_it

    say(f"no longer bound to {unbind_it(certificate, name, by=actor(), at=now())}")
    return int(Exit.GOOD)


@click.command()
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def bindings(config_file: str | None, json_: bool) -> int:
    """List the certificates of organisations and domains that were bound, and to whom."""
    ready(config_file)
    from siegel.flows.binding import listing

    rows = listing()
    if json_:
        as_json(
            [
                {
                    "name": row.name,
                    "sha256": row.fingerprint,
                    "subject": row.subject,
                    "why": row.why,
                    "bound_by": row.bound_by,
                    "bound_at": row.bound_at.isoformat(),
                }
                for row in rows
            ]
        )
        return int(Exit.GOOD)
    table(
        ("name", "sha256", "subject", "since", "who", "why"),
        (
            (r.name, r.fingerprint[:16], r.subject[:60], day(r.bound_at), r.bound_by, r.why)
            for r in rows
        ),
    )
    return int(Exit.GOOD)
