"""``siegel demo``: an office, a partner and their first protected exchange, on this machine.

Everything lies below one folder. The demo starts the real service, sends six real messages, says
what became of each, and then keeps the service running for whoever wants to try more.
"""

import json
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from siegel.base.errors import ConfigurationError
from siegel.cli.exits import CliError, Exit
from siegel.config.check import check
from siegel.config.django import configure
from siegel.config.load import load
from siegel.config.schema import Settings
from siegel.serve.demonstration import cast, places
from siegel.serve.demonstration.places import Places
from siegel.serve.demonstration.service import Service
from siegel.serve.demonstration.telling import DeviationError, copyable, line

LOOK = 0.5  # seconds between looks at the service while it runs


@click.command()
@click.option(
    "--dir", "folder", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="Where everything is kept; made if it does not exist.",
)  # fmt: skip
@click.option("--stop-after-exchange", is_flag=True, help="End after the six messages.")
@click.option("--keep/--fresh", "keep", default=True, help="Go on with DIR, or begin anew.")
@click.option("--remove", is_flag=True, help="Remove DIR with everything the demo made, and end.")
def demo(folder: Path, stop_after_exchange: bool, keep: bool, remove: bool) -> int:
    """Show Siegel at work: a demo office, its gateway, and mail with a partner."""
    for kind in (signal.SIGTERM, signal.SIGINT):  # also where a shell had them ignored
        signal.signal(kind, signal.default_int_handler)
    here = Places(folder.absolute())
    if remove:
        places.clear(here)
        click.echo(f"removed: {here.folder}")
        return int(Exit.GOOD)
    again = keep and here.is_complete
    click.echo(f"Siegel demo in {here.folder}")
    try:
        settings = _go_on(here) if again else _begin(here)
        _introduce(here, settings)
        with Service(here, settings) as service:
            if not again:
                _exchange(here, settings)
            _suggest(here, settings, again)
            return int(Exit.GOOD) if stop_after_exchange else _stay(service, here)
    except DeviationError as deviation:
        raise CliError(f"the demo failed: {deviation}", Exit.JUDGED) from deviation


def _begin(here: Places) -> Settings:
    """A new folder with configuration, certificates, and an office that is set up."""
    places.clear(here)
    line("", "making keys and certificates")
    places.lay_out(here)
    cast.issue(here, datetime.now(UTC))
    cast.prepare_tour(here, datetime.now(UTC))
    settings = load(here.configuration)
    configure(settings)
    from siegel.serve.demonstration.office import Administrator

    Administrator(here).set_up(cast.office_files(here))
    return settings


def _go_on(here: Places) -> Settings:
    settings = load(here.configuration)
    problems = check(settings)
    if problems:
        raise ConfigurationError("; ".join(str(problem) for problem in problems))
    configure(settings)
    return settings


def _introduce(here: Places, settings: Settings) -> None:
    gateway = settings.gateway
    line("office", f"{settings.organisation.name}: {cast.ANNA}, {cast.BEN}")
    line("partner", f"{cast.HUBER}, with an authority of her own")
    line("gateway", f"outgoing mail {gateway.outbound.listen}, incoming {gateway.inbound.listen}")


def _exchange(here: Places, settings: Settings) -> None:
    """Run the six steps; their record is written only when all of them went as they have to."""
    from siegel.serve.composing import build_site
    from siegel.serve.demonstration.exchange import Exchange
    from siegel.serve.demonstration.inbox import Inbox, open_mailboxes
    from siegel.serve.demonstration.office import Administrator
    from siegel.serve.demonstration.partner import mail_program
    from siegel.serve.demonstration.partner_page import open_partner_page
    from siegel.serve.demonstration.visitors import receive_visitors

    partner = cast.partner_files(here)
    program = mail_program(partner, cast.office_files(here).root)
    line("", f"the partner's mail program is played by {program.name}")
    exchange = Exchange(
        places=here,
        settings=settings,
        administrator=Administrator(here),
        partner=partner,
        program=program,
    )
    record = exchange.run()
    receive_visitors(partner, settings, exchange.administrator)
    open_mailboxes(datetime.now(UTC))
    open_partner_page(datetime.now(UTC))
    Inbox(settings=settings, partner=partner, program=program, site=build_site(settings)).fill()
    here.record.write_text(json.dumps(record, indent=2, ensure_ascii=False), "utf-8")


def _suggest(here: Places, settings: Settings, again: bool) -> None:
    """What a person can do now, with the paths and ports of this very demo."""
    from siegel.serve.demonstration.suggestions import suggestions

    taken_place = datetime.fromtimestamp(here.record.stat().st_mtime, UTC)
    if again:
        line("", f"the exchange took place on {taken_place:%Y-%m-%d %H:%M} UTC; --fresh repeats it")
    click.echo("\nTry next")
    for label, text in suggestions(here, settings):
        copyable(label, text)


def _stay(service: Service, here: Places) -> int:
    click.echo("\nThe service runs until you press Ctrl-C.")
    try:
        while service.is_running:
            time.sleep(LOOK)
    except KeyboardInterrupt:
        click.echo("\nEnded. The same command goes on with this folder.")
        return int(Exit.GOOD)
    raise DeviationError(f"the service ended by itself; see {here.log}")
