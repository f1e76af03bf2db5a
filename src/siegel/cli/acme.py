"""``siegel acme``: certificates from the authority over ACME that the configuration names."""

from typing import TYPE_CHECKING

import click

from siegel.base.address import EmailAddress
from siegel.base.errors import ConfigurationError
from siegel.cli.exits import Exit
from siegel.cli.output import as_json, day, say, table
from siegel.cli.settings import actor, now, ready
from siegel.pki.key_generation import KeyChoice

if TYPE_CHECKING:
    from siegel.store.acme_rows import AcmeOrderRow

_KEYS = [choice.value for choice in KeyChoice if choice.can_sign]


@click.group()
def acme() -> None:
    """Certificates from an authority that speaks ACME for mail."""


@acme.command()
@click.argument("address")
@click.option(
    "--key", type=click.Choice(_KEYS), default=KeyChoice.RSA_3072.value, show_default=True
)
@click.pass_obj
def order(config_file: str | None, address: str, key: str) -> int:
    """Order a certificate for the account ADDRESS; the worker does the rest."""
    settings = ready(config_file)
    if not settings.acme.directory:
        raise ConfigurationError("acme.directory is empty: no authority to ask", key="acme")
    from siegel.cli.authority import workshop
    from siegel.flows import acme_orders
    from siegel.flows.requesting import Wanted

    wanted = Wanted(address=EmailAddress.parse(address), key=KeyChoice(key))
    number = acme_orders.place(
        wanted, settings.acme.directory, workshop(settings), by=actor(), at=now()
    )
    say(f"request {number}: ordered; see how it goes on with: siegel acme list")
    return int(Exit.GOOD)


@acme.command("list")
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def list_(config_file: str | None, json_: bool) -> int:
    """List the orders: where each stands, or why it ended."""
    ready(config_file)
    from siegel.flows import acme_orders

    rows = acme_orders.listing()
    if json_:
        as_json([_described(row) for row in rows])
        return int(Exit.GOOD)
    table(
        ("request", "for", "begun", "state", "detail"),
        (
            (str(row.id), str(row.address), day(row.begun_at), _state(row), row.detail or "-")
            for row in rows
        ),
    )
    return int(Exit.GOOD)


def _state(row: "AcmeOrderRow") -> str:
    return "issued" if row.issued else row.reason


def _described(row: "AcmeOrderRow") -> dict[str, object]:
    return {
        "request": row.id,
        "account": str(row.address),
        "directory": row.directory,
        "begun_at": row.begun_at.isoformat(),
        "ended_at": None if row.ended_at is None else row.ended_at.isoformat(),
        "state": _state(row),
        "detail": row.detail,
    }
