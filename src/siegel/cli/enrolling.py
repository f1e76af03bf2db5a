"""``siegel authority enrol``: certificates for accounts."""

import click

from siegel.base.address import EmailAddress
from siegel.base.errors import Conflict
from siegel.ca.names import PersonName
from siegel.ca.profiles import LEAF_DAYS, KeyUse, LeafProfile
from siegel.cli.authority import KEYS, workshop
from siegel.cli.exits import Exit
from siegel.cli.files import naming
from siegel.cli.output import day, say
from siegel.cli.people import person_of
from siegel.cli.reading import read_input
from siegel.cli.settings import actor, now, ready
from siegel.cli.writing import write_output
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

    person = person_of(given_name, surname)
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


def _validation(person: PersonName | None, shared: bool) -> ValidationType:
    if shared and person is not None:
        raise Conflict("a shared mailbox names nobody: --shared or a person's name")
    if shared:
        return ValidationType.ORGANISATION
    return ValidationType.MAILBOX if person is None else ValidationType.SPONSOR


@click.command("enrol-many")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--authority", "name", help="Which one issues; needed where there are several.")
@click.option("--create-accounts", is_flag=True, help="Create accounts that are missing.")
@click.option("--use", type=click.Choice(_USES), default=KeyUse.DUAL.value, show_default=True)
@click.option("--key", type=click.Choice(KEYS), default=KeyChoice.RSA_3072.value, show_default=True)
@click.option("--days", type=int, default=LEAF_DAYS, show_default=True)
@click.option("--report", type=click.Path(dir_okay=False), help="Write the outcomes (CSV) here.")
@click.pass_obj
def enrol_many(
    config_file: str | None,
    file: str,
    name: str | None,
    create_accounts: bool,
    use: str,
    key: str,
    days: int,
    report: str | None,
) -> int:
    """Make keys and certificates for everybody in the table FILE (CSV), one after the other.

    Its first line names the columns: address, and if you like given_name, surname, name (of the
    account), shared. Stopped, it goes on where it was when it is started again.
    """
    data = read_input(file)
    settings = ready(config_file)
    from siegel.flows import bulk_enrolment, issuing
    from siegel.flows.staff_list import read_staff_list

    with naming(file):
        lines = read_staff_list(data)
    template = issuing.Order(
        address=EmailAddress.parse("template@invalid"),
        profile=LeafProfile(use=KeyUse(use), days=days),
        key=KeyChoice(key),
    )
    found = []
    for outcome in bulk_enrolment.enrol_many(
        lines,
        template,
        name,
        workshop(settings),
        create_accounts=create_accounts,
        by=actor(),
        at=now(),
    ):
        found.append(outcome)
        place = f"{len(found)}/{len(lines)} line {outcome.line}"
        say(f"{place}: {outcome.address or '-'}: {outcome.result.value}: {outcome.detail}")
    if report is not None:
        write_output(report, [bulk_enrolment.report(found)])
    failed = sum(one.result is bulk_enrolment.Result.FAILED for one in found)
    say(f"{len(found) - failed} of {len(found)} have their certificate, {failed} failed")
    return int(Exit.JUDGED if failed else Exit.GOOD)


@click.command()
@click.argument("address")
@click.option("--authority", "name", help="Which one issues; needed where there are several.")
@click.option("--use", type=click.Choice(_USES), default=KeyUse.DUAL.value, show_default=True)
@click.option("--key", type=click.Choice(KEYS), help="A new key of this kind; default: keep it.")
@click.pass_obj
def renew(
    config_file: str | None, address: str, name: str | None, use: str, key: str | None
) -> int:
    """Renew the certificate of the account ADDRESS: same names and profile, a new life.

    The old one stays good until its end, and old mail stays readable for ever.
    """
    settings = ready(config_file)
    from siegel.flows import issuing

    done = issuing.renew(
        EmailAddress.parse(address),
        KeyUse(use),
        name,
        workshop(settings),
        key=KeyChoice(key) if key else None,
        by=actor(),
        at=now(),
    )
    made, until = done.certificate, day(done.certificate.not_after)
    say(f"renewed: {made.subject}, until {until}  sha256 {made.fingerprint}")
    return int(Exit.GOOD)
