"""``siegel certificate``: import, show, list and export what the store knows."""

import click

from siegel.cli.exits import Exit
from siegel.cli.files import passphrases, read_input, write_output
from siegel.cli.output import as_json, day, table
from siegel.cli.settings import actor, now, ready

FORMATS = ("pem", "der", "p7c", "vcard")


@click.group()
def certificate() -> None:
    """Certificates of our own, of partners and of authorities."""


@certificate.command("import")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--passphrase-file", type=click.Path(dir_okay=False))
@click.pass_obj
def import_(config_file: str | None, file: str, passphrase_file: str | None) -> int:
    """Import a .p12/.pfx with its private key, or certificates (.cer .pem .der .p7b .p7c)."""
    data = read_input(file)
    settings = ready(config_file)
    from siegel.flows.importing import import_file
    from siegel.pki.pkcs12 import is_pkcs12
    from siegel.store.vault import open_vault

    at = now()
    vault = open_vault(settings.keys.file, at=at) if is_pkcs12(data) else None
    secret = passphrases([passphrase_file] if passphrase_file else [], 1)[0]
    imported = import_file(data, secret, vault, by=actor(), at=at)
    for one in imported.certificates or imported.own:
        known = "new" if one.fingerprint in imported.new else "known"
        key = ", with private key" if one in imported.own else ""
        click.echo(f"{known}: {one.subject}{key}  sha256 {one.fingerprint}")
    for address in imported.accounts:
        click.echo(f"mail from {address} will be signed as soon as its certificate is usable")
    for address in imported.without_account:
        click.echo(f"no account yet for {address}: siegel account add {address}")
    return int(Exit.GOOD)


@certificate.command("list")
@click.option("--address", help="Only those for this address.")
@click.option("--own", is_flag=True, help="Only those whose private key is here.")
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def list_(config_file: str | None, address: str | None, own: bool, json_: bool) -> int:
    """List certificates with what keeps each from being used."""
    ready(config_file)
    from siegel.flows.certificates import listing

    found = listing(address, own_only=own, at=now())
    if json_:
        as_json([state.to_json() for state in found])
        return int(Exit.GOOD)
    table(
        ("sha256", "subject", "until", "key", "source", "state"),
        (
            (
                s.row.fingerprint[:16],
                s.row.subject[:60],
                day(s.row.not_after),
                "yes" if s.row.has_private_key else "-",
                s.row.source,
                s.state_text,
            )
            for s in found
        ),
    )
    return int(Exit.GOOD)


@certificate.command()
@click.argument("name")
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def show(config_file: str | None, name: str, json_: bool) -> int:
    """Show one certificate: NAME is a fingerprint (or its beginning), an address or a name."""
    ready(config_file)
    from siegel.flows.certificates import one

    state = one(name, at=now())
    if json_:
        as_json(state.to_json())
    else:
        for label, value in state.lines():
            click.echo(f"{label + ':':22}{value}")
    return int(Exit.GOOD)


@certificate.command()
@click.argument("name")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="pem")
@click.option("-o", "--output", default="-", type=click.Path(dir_okay=False))
@click.pass_obj
def export(config_file: str | None, name: str, format_: str, output: str) -> int:
    """Write the public part only; a private key never leaves this way."""
    ready(config_file)
    from siegel.flows.certificates import one
    from siegel.pki.export import public_part

    state = one(name, at=now())
    write_output(output, [public_part(state.row.certificate, state.chain, format=format_)])
    return int(Exit.GOOD)
