"""``siegel authority enrol``: certificates for accounts."""

import click

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.ca.names import PersonName
from siegel.ca.profiles import LEAF_DAYS, KeyUse, LeafProfile
from siegel.cli.authority import KEYS, workshop
from siegel.cli.exits import Exit
from siegel.cli.output import day, say
from siegel.cli.settings import actor, now, ready
from siegel.pki.classes import Generation, ValidationType
from siegel.pki.key_generation import KeyChoice

_GENERATIONS = [Generation.STRICT.value, Generation.MULTIPURPOSE.value]
_USES = [use.value for use in KeyUse]


@click.command()
@click.argument("address")
@click.option("--authority", "name", help="Which one issues; needed where there are several.")
@click.option("--given-name", default="", help="Together with --surname: names the person.")
@click.option("--surname", default="")
@click.option("--shared", is_flag=True, help="A shared mailbox: names the organisation.")
@click.option("--use", type=click.Choice(_USES), default=KeyUse.DUAL.value, show_default=True)
@click.option(
    "--generation",
    type=click.Choice(_GENERATIONS),
    default=Generation.STRICT.value,
    show_default=True,
)
@click.option("--key", type=click.Choice(KEYS), default=KeyChoice.RSA_3072.value, show_default=True)
@click.option("--days", type=int, default=LEAF_DAYS, show_default=True)
@click.pass_obj
def enrol(
    config_file: str | None,
    address: str,
    name: str | None,
    given_name: str,
    surname: str,
    shared: bool,
    use: str,
    generation: str,
    key: str,
    days: int,
) -> int:
    """Make key and certificate for the account ADDRESS, in exactly this spelling.

    A certificate that is there already, and still good, is left as it is.
    """
    settings = ready(config_file)
    from siegel.flows import issuing

    person = _person(given_name, surname)
    order = issuing.Order(
        address=EmailAddress.parse(address),
        person=person,
        profile=LeafProfile(
            validation=_validation(person, shared),
            generation=Generation(generation),
            use=KeyUse(use),
            days=days,
        ),
        key=KeyChoice(key),
    )
    done = issuing.enrol(order, name, workshop(settings), by=actor(), at=now())
    made, until = done.certificate, day(done.certificate.not_after)
    word = "issued" if done.new else "there already"
    say(f"{word}: {made.subject}, until {until}  sha256 {made.fingerprint}")
    return int(Exit.GOOD)


def _person(given_name: str, surname: str) -> PersonName | None:
    if bool(given_name) != bool(surname):
        raise Conflict("a person has both: --given-name and --surname")
    return PersonName(given_name=given_name, surname=surname) if surname else None


def _validation(person: PersonName | None, shared: bool) -> ValidationType:
    if shared and person is not None:
        raise Conflict("a shared mailbox names nobody: --shared or a person's name")
    if shared:
        return ValidationType.ORGANISATION
    return ValidationType.MAILBOX if person is None else ValidationType.SPONSOR
