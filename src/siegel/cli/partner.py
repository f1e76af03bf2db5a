"""``siegel partner``: what partners' mail proposed and a person has to answer."""

import click

from siegel.cli.exits import Exit
from siegel.cli.output import as_json, day, say, table
from siegel.cli.settings import actor, now, ready

_KIND = click.Choice(["certificate", "change"])


@click.group()
def partner() -> None:
    """Partners' certificates that wait for a person, and changes of keys."""


@partner.command()
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def waiting(config_file: str | None, json_: bool) -> int:
    """List what waits for an answer, with its number."""
    ready(config_file)
    from siegel.flows.answering import waiting as waiting_now

    rows = waiting_now()
    if json_:
        as_json([row.to_json() for row in rows])
        return int(Exit.GOOD)
    table(
        ("kind", "number", "address", "sha256", "seen", "why it waits"),
        (
            (r.kind, str(r.number), str(r.address), r.fingerprint[:16], day(r.seen_at), r.why)
            for r in rows
        ),
    )
    return int(Exit.GOOD)


@partner.command(name="look-up")
@click.argument("address")
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def look_up(config_file: str | None, address: str, json_: bool) -> int:
    """Ask foreign directories for the certificate of ADDRESS; 1 if none is used afterwards."""
    settings = ready(config_file)
    from siegel.base.address import EmailAddress
    from siegel.flows import looking_up
    from siegel.flows.finders import finders
    from siegel.flows.network import network
    from siegel.flows.site import Site
    from siegel.flows.vaults import vault_of
    from siegel.policy.lookups import CERTAIN
    from siegel.wording.lookups import answer_words
    from siegel.wording.words import Language

    language = Language(settings.organisation.language)
    site = Site(
        hostname=settings.gateway.announced_name(),
        language=language,
        vault=vault_of(settings, at=now()),
        hops={},
        network=network(settings.revocation),
        finders=finders(settings.lookups, settings.revocation),
    )
    asked = EmailAddress.parse(address)
    (found,) = looking_up.look_up([asked], site, by=actor(), at=now(), again=True)
    if json_:
        as_json(found.to_json())
    else:
        words = answer_words(found.answer, language)
        say(f"{found.address}: {words.title} – {words.sentence}")
        table(
            ("source", "name", "answer"),
            ((one.kind, one.name, one.answer.value) for one in found.said),
        )
    return int(Exit.GOOD if found.answer in CERTAIN else Exit.JUDGED)


@partner.command()
@click.argument("kind", type=_KIND)
@click.argument("number", type=int)
@click.pass_obj
def accept(config_file: str | None, kind: str, number: int) -> int:
    """Accept a certificate for its address, or a partner's new key. Compare the fingerprint first.

    Accepting is not trusting: a certificate of an authority that is not trusted stays unusable.
    """
    ready(config_file)
    from siegel.flows.answering import answer

    answer(kind, number, accepted=True, by=actor(), at=now())
    say(f"accepted: {kind} {number}")
    return int(Exit.GOOD)


@partner.command()
@click.argument("kind", type=_KIND)
@click.argument("number", type=int)
@click.pass_obj
def refuse(config_file: str | None, kind: str, number: int) -> int:
    """Refuse it: later mail does not bring it back."""
    ready(config_file)
    from siegel.flows.answering import answer

    answer(kind, number, accepted=False, by=actor(), at=now())
    say(f"refused: {kind} {number}")
    return int(Exit.GOOD)
