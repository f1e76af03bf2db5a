"""``siegel certificate``: import, show, list and export what the store knows."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siegel.base.errors import WrongPassphrase
from siegel.base.secret import Secret
from siegel.cli import binding
from siegel.cli.exits import Exit
from siegel.cli.files import naming, passphrases
from siegel.cli.output import as_json, day, say, table
from siegel.cli.reading import read_input
from siegel.cli.settings import actor, now, ready
from siegel.cli.writing import write_output
from siegel.config.schema import Settings

if TYPE_CHECKING:
    from siegel.flows.importing import Imported

FORMATS = ("pem", "der", "p7c", "vcard")
_FILE = click.Path(dir_okay=False)


@click.group()
def certificate() -> None:
    """Certificates of our own, of partners and of authorities."""


certificate.add_command(binding.bind)
certificate.add_command(binding.unbind)
certificate.add_command(binding.bindings)


@certificate.command("import")
@click.argument("file", type=_FILE)
@click.option("--passphrase-file", type=_FILE, help="The passphrase is its first line.")
@click.option("--keep-locked", is_flag=True, help="Keep a .p12 until its passphrase is known.")
@click.pass_obj
def import_(
    config_file: str | None, file: str, passphrase_file: str | None, keep_locked: bool
) -> int:
    """Import a .p12/.pfx with its private key, or certificates (.cer .pem .der .p7b .p7c)."""
    data = read_input(file)
    secret = _passphrase(passphrase_file)
    settings = ready(config_file)
    from siegel.flows import importing
    from siegel.flows.vaults import vault_of

    at = now()
    vault = vault_of(settings, at=at) if importing.needs_vault(data) else None
    try:
        with naming(file):
            imported = importing.import_file(data, secret, vault, by=actor(), at=at)
    except WrongPassphrase:
        if not keep_locked:
            raise
        name = Path(file).name
        number = importing.keep_locked(name, data, by=actor(), at=at)
        say(f"kept locked as {number}: siegel certificate unlock {number} --passphrase-file FILE")
        return int(Exit.GOOD)
    _report(imported, settings, at)
    return int(Exit.GOOD)


@certificate.command()
@click.argument("name")
@click.option("--passphrase-file", type=_FILE, required=True, help="Its first line.")
@click.pass_obj
def unlock(config_file: str | None, name: str, passphrase_file: str) -> int:
    """Import a .p12 that was kept locked: NAME is its number or file name."""
    secret = _passphrase(passphrase_file)
    settings = ready(config_file)
    from siegel.flows import unlocking
    from siegel.flows.vaults import vault_of

    at = now()
    vault = vault_of(settings, at=at)
    with naming(name):
        number = unlocking.named(name)
        imported = unlocking.unlock(number, secret, vault, by=actor(), at=at)
    _report(imported, settings, at)
    return int(Exit.GOOD)


@certificate.command("list")
@click.option("--address", help="Only those for this address.")
@click.option("--own", is_flag=True, help="Only those whose private key is here.")
@click.option("--locked", is_flag=True, help="Instead: files that wait for their passphrase.")
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def list_(
    config_file: str | None, address: str | None, own: bool, locked: bool, json_: bool
) -> int:
    """List certificates with what keeps each from being used."""
    ready(config_file)
    if locked:
        return _list_locked(json_)
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
@click.option("--json", "json_", is_flag=True, help="For programs.")
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
            say(f"{label + ':':22}{value}")
    return int(Exit.GOOD)


@certificate.command()
@click.option("--days", type=click.IntRange(0, 3650), default=30, show_default=True)
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def expiring(config_file: str | None, days: int, json_: bool) -> int:
    """List what ends within DAYS days, or has just ended, and has no successor."""
    ready(config_file)
    from siegel.flows.expiring import expiring as ending

    found = ending(now(), within=timedelta(days=days))
    if json_:
        as_json(
            [
                {
                    "kind": due.kind.value,
                    "name": due.name,
                    "sha256": due.row.fingerprint,
                    "not_after": due.row.not_after.isoformat(),
                }
                for due in found
            ]
        )
        return int(Exit.GOOD)
    table(
        ("kind", "name", "until", "sha256"),
        ((d.kind.value, d.name, day(d.row.not_after), d.row.fingerprint[:16]) for d in found),
    )
    return int(Exit.GOOD)


@certificate.command()
@click.argument("name")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="pem", show_default=True)
@click.option("-o", "--output", default="-", type=_FILE, help="Where to write; default: stdout.")
@click.pass_obj
def export(config_file: str | None, name: str, format_: str, output: str) -> int:
    """Write the public part only; a private key never leaves this way."""
    ready(config_file)
    from siegel.flows.certificates import one
    from siegel.pki.export import public_part

    state = one(name, at=now())
    write_output(output, [public_part(state.row.certificate, state.chain, format=format_)])
    return int(Exit.GOOD)


def _passphrase(file: str | None) -> Secret:
    return passphrases([file] if file else [], 1)[0]


def _list_locked(json_: bool) -> int:
    from siegel.store.queries import locked

    rows = locked.list_all()
    if json_:
        as_json(
            [
                {
                    "number": row.id,
                    "name": row.name,
                    "sha256": row.sha256,
                    "size": row.size,
                    "kept_at": row.uploaded_at.isoformat(),
                    "kept_by": row.uploaded_by,
                }
                for row in rows
            ]
        )
        return int(Exit.GOOD)
    columns = ("number", "name", "size", "since", "who")
    table(
        columns,
        ((str(r.id), r.name, str(r.size), day(r.uploaded_at), r.uploaded_by) for r in rows),
    )
    return int(Exit.GOOD)


def _report(imported: "Imported", settings: Settings, at: datetime) -> None:
    """What came in, what it is good for, and what to do next."""
    for one in dict.fromkeys((*imported.own, *imported.certificates)):
        known = "new" if one.fingerprint in imported.new else "known"
        key = ", with private key" if one in imported.own else ""
        say(f"{known}: {one.subject}{key}  sha256 {one.fingerprint}")
    if imported.keys_without_certificate:
        say(f"left out: {imported.keys_without_certificate} private keys without a certificate")
    for address in imported.accounts:
        say(f"mail from {address} will be signed as soon as its certificate is usable")
    for address in imported.without_account:
        say(f"no account yet for {address}: siegel account add {address}")
    if imported.accounts:
        _report_openable(imported, settings, at)


def _report_openable(imported: "Imported", settings: Settings, at: datetime) -> None:
    from siegel.flows.reopening import openable
    from siegel.flows.vaults import vault_of

    vault = vault_of(settings, at=at)
    for account, count in openable(imported.accounts, vault).items():
        command = f"siegel message redeliver --account {account}"
        say(f"{count} older messages can now be opened: {command}")
