"""``siegel key``: the key file that seals the private keys of the store."""

import click

from siegel.cli.exits import Exit
from siegel.cli.output import say
from siegel.cli.settings import actor, now, ready


@click.group()
def key() -> None:
    """The key file.

    It seals the private keys of the store. Keep a copy of it, apart from the backups.
    """


@key.command()
@click.pass_obj
def create(config_file: str | None) -> int:
    """Create the key file of a store that has none yet."""
    settings = ready(config_file)
    from siegel.store.vault import create_key_file, open_vault

    create_key_file(settings.keys.file)
    open_vault(settings.keys.file, at=now())
    say(f"created {settings.keys.file}; keep a copy of it in a safe place")
    return int(Exit.GOOD)


@key.command("import-token")
@click.argument("label")
@click.argument("address")
@click.pass_obj
def import_token(config_file: str | None, label: str, address: str) -> int:
    """Use the key LABEL of the configured token for the account ADDRESS.

    The key stays in the token. Import its certificate as any other.
    """
    settings = ready(config_file)
    from siegel.base.address import EmailAddress
    from siegel.flows.token_keys import adopt
    from siegel.flows.vaults import vault_of

    vault = vault_of(settings, at=now())
    name = adopt(label, EmailAddress.parse(address), vault, by=actor(), at=now())
    say(f"key {name[:16]}… stays in the token; import its certificate next")
    return int(Exit.GOOD)


@key.command()
@click.pass_obj
def rotate(config_file: str | None) -> int:
    """Replace the key file and seal every private key anew (stop the gateway before)."""
    settings = ready(config_file)
    from siegel.store.vault import rotate_key_file

    count = rotate_key_file(settings.keys.file, at=now())
    say(f"{count} private keys sealed anew; keep a copy of the new file")
    return int(Exit.GOOD)
