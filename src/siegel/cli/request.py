"""``siegel request``: certificates from authorities outside, for keys that are made here."""

from typing import TYPE_CHECKING

import click

from siegel.base.address import EmailAddress
from siegel.ca.profiles import KeyUse
from siegel.cli.exits import Exit
from siegel.cli.files import naming
from siegel.cli.output import as_json, day, say, table
from siegel.cli.people import person_of
from siegel.cli.reading import read_input
from siegel.cli.settings import actor, now, ready
from siegel.cli.writing import write_output
from siegel.pki.key_generation import KeyChoice

if TYPE_CHECKING:
    from siegel.store.authority_rows import RequestRow

_KEYS = [choice.value for choice in KeyChoice if choice.can_sign]
_USES = [use.value for use in KeyUse]
_FILE = click.Path(dir_okay=False)


def write_pem(name: str, request: bytes) -> None:
    """RFC 7468 §7."""
    from siegel.pki.request import pem_of

    write_output(name, [pem_of(request)])


@click.group()
def request() -> None:
    """Certificates from authorities outside: requests and their answers."""


@request.command()
@click.argument("address")
@click.option(
    "--out", type=_FILE, required=True, help="Where the request (PEM) goes; - for stdout."
)
@click.option("--given-name", default="", help="Together with --surname and --organisation.")
@click.option("--surname", default="")
@click.option("--organisation", default="", help="Ask for the organisation in the certificate.")
@click.option("--country", default="DE", show_default=True)
@click.option("--use", type=click.Choice(_USES), default=KeyUse.DUAL.value, show_default=True)
@click.option(
    "--key", type=click.Choice(_KEYS), default=KeyChoice.RSA_3072.value, show_default=True
)
@click.option("--token", "in_token", is_flag=True, help="Make the key in the configured token.")
@click.pass_obj
def create(
    config_file: str | None,
    address: str,
    out: str,
    given_name: str,
    surname: str,
    organisation: str,
    country: str,
    use: str,
    key: str,
    in_token: bool,
) -> int:
    """Make a key for the account ADDRESS and a request for its certificate.

    The key is kept here, sealed; it begins to work when the answer comes.
    """
    settings = ready(config_file)
    from siegel.ca.names import Organisation
    from siegel.cli.authority import workshop
    from siegel.flows import requesting

    behind = Organisation(name=organisation, country=country) if organisation else None
    wanted = requesting.Wanted(
        address=EmailAddress.parse(address),
        person=person_of(given_name, surname),
        organisation=behind,
        use=KeyUse(use),
        key=KeyChoice(key),
        in_token=in_token,
    )
    row = requesting.create(wanted, workshop(settings), by=actor(), at=now())
    write_pem(out, row.der)
    if out != "-":
        say(f"request {row.id}: {row.subject}; answer it with: siegel request answer FILE")
    return int(Exit.GOOD)


@request.command("list")
@click.option("--all", "all_", is_flag=True, help="Those that were answered, too.")
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def list_(config_file: str | None, all_: bool, json_: bool) -> int:
    """List the requests that wait for their answer."""
    ready(config_file)
    from siegel.flows import requesting

    rows = requesting.listing(answered=all_)
    if json_:
        as_json([_described(row) for row in rows])
        return int(Exit.GOOD)
    table(
        ("number", "subject", "for", "made", "answered"),
        (
            (
                str(row.id),
                row.subject[:60],
                str(row.account or row.authority or "-"),
                day(row.made_at),
                day(row.answered_at) if row.answered_at else "-",
            )
            for row in rows
        ),
    )
    return int(Exit.GOOD)


def _described(row: "RequestRow") -> dict[str, object]:
    return {
        "number": row.id,
        "subject": row.subject,
        "account": None if row.account is None else str(row.account),
        "authority": row.authority,
        "made_at": row.made_at.isoformat(),
        "made_by": row.made_by,
        "answered_at": None if row.answered_at is None else row.answered_at.isoformat(),
    }


@request.command()
@click.argument("number", type=int)
@click.option("--out", type=_FILE, default="-", help="Where the request (PEM) goes.")
@click.pass_obj
def show(config_file: str | None, number: int, out: str) -> int:
    """Write the request NUMBER once more."""
    ready(config_file)
    from siegel.flows import requesting

    write_pem(out, requesting.get(number).der)
    return int(Exit.GOOD)


@request.command()
@click.argument("file", type=_FILE)
@click.pass_obj
def answer(config_file: str | None, file: str) -> int:
    """Import what the authority sent (PEM, DER, .p7b, with its chain or without)."""
    data = read_input(file)
    settings = ready(config_file)
    from siegel.cli.authority import workshop
    from siegel.flows import requesting

    with naming(file):
        done = requesting.answer(data, workshop(settings), by=actor(), at=now())
    for certificate in done.certificates:
        say(f"answered: {certificate.subject}  sha256 {certificate.fingerprint}")
    for account in done.without_address:
        say(f"attention: the certificate does not name {account}")
    for certificate in done.chain:
        say(f"chain: {certificate.subject}")
    return int(Exit.GOOD)
