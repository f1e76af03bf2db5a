"""``siegel authority``: what is done again and again – lists, answers, a new certificate."""

import click

from siegel.cli.authority import workshop
from siegel.cli.exits import Exit
from siegel.cli.output import day, say
from siegel.cli.reading import read_input
from siegel.cli.settings import actor, now, ready
from siegel.cli.writing import write_output

_FILE = click.Path(dir_okay=False)


@click.command()
@click.option("--authority", "name", help="Only this one, whether its list is due or not.")
@click.option("--out", type=_FILE, help="Write the list (DER) into this file; - for stdout.")
@click.pass_obj
def crl(config_file: str | None, name: str | None, out: str | None) -> int:
    """Issue the revocation lists that are due, or that of one authority."""
    settings = ready(config_file)
    from siegel.flows import authority_upkeep

    if out is not None and name is None:
        raise click.UsageError("--out needs --authority: one file, one list")
    done = authority_upkeep.issue_lists(name, workshop(settings).vault, by=actor(), at=now())
    if out is not None:
        write_output(out, [row.der for _, row in done])
        return int(Exit.GOOD)
    for authority_name, row in done:
        say(f"{authority_name}: list {row.number}, next before {row.next_update.isoformat()}")
    if not done:
        say("no list is due")
    return int(Exit.GOOD)


@click.command("ocsp-respond")
@click.argument("request", type=_FILE)
@click.option("--authority", "name", required=True, help="Whose certificates are asked about.")
@click.option("--out", type=_FILE, required=True, help="Where the answer (DER) goes; - for stdout.")
@click.pass_obj
def ocsp_respond(config_file: str | None, request: str, name: str, out: str) -> int:
    """Answer the question in the file REQUEST (DER), signed by the authority's responder."""
    asked = read_input(request)
    settings = ready(config_file)
    from siegel.flows import responding

    answer = responding.respond(name, asked, workshop(settings), by=actor(), at=now())
    write_output(out, [answer])
    return int(Exit.GOOD)


@click.command()
@click.argument("name")
@click.pass_obj
def recertify(config_file: str | None, name: str) -> int:
    """A new certificate for the issuing authority NAME from its root here: same name, same key."""
    settings = ready(config_file)
    from siegel.flows import authority_upkeep

    tools = workshop(settings)
    row = authority_upkeep.renew(name, tools.vault, rng=tools.rng, by=actor(), at=now())
    certificate = row.certificate
    if certificate is not None:
        until = day(certificate.not_after)
        say(f"renewed: {certificate.subject}, until {until}  sha256 {certificate.fingerprint}")
    return int(Exit.GOOD)
