"""``siegel trust inbox`` and ``preview``: roots nobody judged, and what a decision would change."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from siegel.cli.exits import Exit
from siegel.cli.output import as_json, day, say, table
from siegel.cli.settings import now, ready

if TYPE_CHECKING:
    from siegel.flows.previewing import Preview


@click.command()
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def inbox(config_file: str | None, json_: bool) -> int:
    """List roots that nobody has judged yet, under which signed mail or certificates came.

    Nothing in this list is trusted. Compare the fingerprint with the authority over another
    channel, then: siegel trust add. Without a fingerprint only the name is known: import the root
    first.
    """
    ready(config_file)
    from siegel.flows.unknown_roots import inbox as waiting

    rows = waiting(now())
    if json_:
        as_json([row.to_json() for row in rows])
        return int(Exit.GOOD)
    table(
        ("sha256", "name", "seen", "first", "last", "from"),
        (
            (
                one.certificate.fingerprint[:16] if one.certificate else "-",
                one.name[:60],
                str(one.row.times),
                day(one.row.first_seen_at),
                day(one.row.last_seen_at),
                ", ".join(str(address) for address in one.row.senders[:3]),
            )
            for one in rows
        ),
    )
    return int(Exit.GOOD)


@click.command()
@click.argument("name", metavar="FINGERPRINT")
@click.option(
    "--as", "as_", type=click.Choice(["trusted", "distrusted", "withdrawn"]), required=True
)
@click.option("--domain", "domains", multiple=True, help="Trusted only for these domains.")
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def preview(
    config_file: str | None, name: str, as_: str, domains: tuple[str, ...], json_: bool
) -> int:
    """Show what a decision about a root would change; nothing is written."""
    ready(config_file)
    from siegel.flows.deciding import find, folded
    from siegel.flows.previewing import preview as preview_it
    from siegel.policy.trust import Trust

    if domains and as_ != "trusted":
        raise click.UsageError("--domain narrows trust; it goes with --as trusted")
    at = now()
    found = preview_it(find(name, at=at), Trust(as_), folded(domains), at=at)
    if json_:
        as_json(found.to_json())
        return int(Exit.GOOD)
    for line in _lines(found):
        say(line)
    return int(Exit.GOOD)


def _lines(found: "Preview") -> Iterator[str]:
    yield f"{found.trust.value}: {found.root.subject}"
    if found.changes_nothing:
        yield "nothing would change"
    for one in found.certificates:
        yield f"certificate {_change(one.is_gain)}: {one.certificate.subject}"
    for row, one in found.waiting:
        use = "would be used" if row.only_trust and one.is_gain else "still waits for a person"
        yield f"waiting certificate {_change(one.is_gain)}, {use}: {row.address}"
    for address in found.addresses:
        yield f"address: {address}"
    for message in found.messages:
        yield f"message of {day(message.received_at)} from {message.envelope_from or '<>'}"
    if not found.complete:
        yield "there are more than are listed here"


def _change(is_gain: bool) -> str:
    return "would become valid" if is_gain else "would no longer be valid"
