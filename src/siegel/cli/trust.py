"""``siegel trust``: which roots count, decided by people and written down for good."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from siegel.base.errors import ConfigurationError
from siegel.cli.exits import Exit
from siegel.cli.files import Moment, naming, read_crls
from siegel.cli.output import as_json, day, printable, say, table
from siegel.cli.reading import read_input
from siegel.cli.rejudging import judge_anew
from siegel.cli.roots import warn_of_old_roots
from siegel.cli.settings import actor, now, ready
from siegel.cli.verbs import Late, Verbs

if TYPE_CHECKING:
    from siegel.policy.root_lists import RootChanges


@click.group(
    cls=Verbs,
    late={
        "inbox": Late("siegel.cli.trust_inbox", "inbox", "List roots that nobody has judged yet."),
        "preview": Late("siegel.cli.trust_inbox", "preview", "Show what a decision would change."),
    },
)
def trust() -> None:
    """Which certification authorities count, and who decided so."""


@trust.command()
@click.argument("name")
@click.option("--fingerprint", required=True, help="SHA-256, as compared over another channel.")
@click.option("--channel", required=True, help="How it was compared: telephone, letter, page …")
@click.option("--why", default="", help="For those who read it in five years.")
@click.option("--domain", "domains", multiple=True, help="Only for addresses in these domains.")
@click.pass_obj
def add(
    config_file: str | None,
    name: str,
    fingerprint: str,
    channel: str,
    why: str,
    domains: tuple[str, ...],
) -> int:
    """Trust the imported certificate NAME („auf verifiziert stellen“)."""
    settings = ready(config_file)
    from siegel.flows.deciding import trust_by_hand

    row = trust_by_hand(
        name, fingerprint, channel=channel, why=why, domains=domains, by=actor(), at=now()
    )
    say(f"trusted: {row.subject}")
    judge_anew(settings)
    return int(Exit.GOOD)


@trust.command()
@click.argument("name")
@click.option("--why", default="")
@click.pass_obj
def distrust(config_file: str | None, name: str, why: str) -> int:
    """Distrust a certificate wherever it stands in a path, public roots included."""
    settings = ready(config_file)
    from siegel.flows.deciding import distrust as distrust_it

    row = distrust_it(name, why=why, by=actor(), at=now())
    say(f"distrusted: {row.subject}")
    judge_anew(settings)
    return int(Exit.GOOD)


@trust.command()
@click.argument("name")
@click.option("--why", default="")
@click.pass_obj
def withdraw(config_file: str | None, name: str, why: str) -> int:
    """Take a decision back: what would hold without it holds again."""
    settings = ready(config_file)
    from siegel.flows.deciding import withdraw as withdraw_it

    row = withdraw_it(name, why=why, by=actor(), at=now())
    say(f"withdrawn: {row.subject}")
    judge_anew(settings)
    return int(Exit.GOOD)


@trust.command()
@click.option("--file", required=True, help="certdata.txt of Mozilla's NSS, as downloaded.")
@click.option(
    "--date", type=Moment(), help="When it was published; without it: when the file was changed."
)
@click.option("--yes", is_flag=True, help="Do not ask: somebody has looked at the changes.")
@click.pass_obj
def refresh(config_file: str | None, file: str, date: datetime | None, yes: bool) -> int:
    """Take over Mozilla's newest list of public roots for e-mail; show first what changes.

    The file is not signed: take it from Mozilla over an authenticated connection. A root that the
    new list leaves out counts no more from that moment; what was judged before keeps its verdict.
    """
    settings = ready(config_file)
    from siegel.flows.public_roots import propose, take_over

    at = now()
    data = read_input(file)
    with naming(file):
        found = propose(
            data, source=file, published_at=date or _changed(file, at), by=actor(), at=at
        )
    for line in _changes(found.changes):
        say(line)
    if found.changes and not yes:
        click.confirm("take this list over?", abort=True)
    take_over(found)
    count, published = len(found.roots.anchors), day(found.row.published_at)
    say(f"in force: {count} public roots for e-mail, list of {published}")
    judge_anew(settings)
    return int(Exit.GOOD)


def _changed(file: str, at: datetime) -> datetime:
    """A pipe has no day of its own, and clocks of other machines may be ahead."""
    if file == "-":
        return at
    return min(at, datetime.fromtimestamp(Path(file).stat().st_mtime, UTC))


def _changes(changes: "RootChanges") -> Iterator[str]:
    if not changes:
        yield "no root changes"
    for anchor in changes.added:
        yield f"added: {anchor.certificate.subject}  sha256 {anchor.certificate.fingerprint}"
    for anchor in changes.removed:
        yield f"removed: {anchor.certificate.subject}  sha256 {anchor.certificate.fingerprint}"
    for anchor in changes.changed:
        until = anchor.distrust_after
        rule = f"no certificates made after {day(until)}" if until else "no last day any more"
        yield f"changed ({rule}): {anchor.certificate.subject}"
        yield f"  sha256 {anchor.certificate.fingerprint}"
    for certificate in changes.distrusted:
        yield f"distrusted: {certificate.subject}  sha256 {certificate.fingerprint}"


@trust.command()
@click.option("--language", type=click.Choice(["de", "en"]), default="en", show_default=True)
@click.option("--json", "json_", is_flag=True)
def catalogue(language: str, json_: bool) -> int:
    """Known private roots of German authorities: where to get and how to compare them.

    Nothing in this list is trusted by it. Import the file you got, compare its fingerprint with
    the authority over another channel, then: siegel trust add.
    """
    from siegel.pki.known_roots import known_private_roots
    from siegel.wording.known_roots import described
    from siegel.wording.words import Language

    lines = [described(root, Language(language)) for root in known_private_roots()]
    if json_:
        as_json(lines)
        return int(Exit.GOOD)
    for root in lines:
        say(f"{root['name']} – {root['operator']}")
        for key in ("about", "page", "subject_key_identifier", "sha256", "advice"):
            if root[key]:
                say(f"  {_LABELS.get(key, '')}{root[key]}")
    return int(Exit.GOOD)


_LABELS = {"subject_key_identifier": "SKI ", "sha256": "SHA-256 "}


@trust.command("import-crl")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False))
@click.pass_obj
def import_crl(config_file: str | None, files: tuple[str, ...]) -> int:
    """Keep revocation lists (DER or PEM) of authorities that are trusted."""
    lists = read_crls(files)
    ready(config_file)
    from siegel.flows.evidence_store import import_lists

    for issuer, new in import_lists(lists, by=actor(), at=now()):
        say(f"{'new' if new else 'not newer than the one that is there'}: {issuer}")
    return int(Exit.GOOD)


@trust.command()
@click.option("--seconds", type=click.IntRange(1, 3600), default=60, show_default=True)
@click.pass_obj
def fetch(config_file: str | None, seconds: int) -> int:
    """Fetch what is missing or out of date to judge the people's certificates in the store."""
    settings = ready(config_file)
    from siegel.flows.evidence_store import refresh
    from siegel.flows.network import network
    from siegel.transport.fetching import Budget

    allowed = network(settings.revocation)
    if allowed is None:
        raise ConfigurationError("revocation.fetch is false: nothing may be fetched")
    done = refresh(allowed, Budget(float(seconds)), now())
    for attempt in done.attempts:
        say(printable(f"{attempt.outcome.value}: {attempt.url}"))
    say(
        f"{done.certificates} certificates: {done.lists} lists, {done.answers} answers, "
        f"{done.issuers} issuers fetched"
    )
    return int(Exit.GOOD)


@trust.command("list")
@click.option("--public", is_flag=True, help="Also the public roots for e-mail in force.")
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def list_(config_file: str | None, public: bool, json_: bool) -> int:
    """List decisions, and with --public what is trusted by default."""
    ready(config_file)
    from siegel.flows.deciding import overview

    warn_of_old_roots(now())
    rows = overview(public=public, at=now())
    if json_:
        as_json(rows)
        return int(Exit.GOOD)
    columns = ("sha256", "decision", "subject", "who", "when", "channel")
    cells = (
        tuple(str(row[c] or "-")[: 16 if c == "sha256" else 60] for c in columns) for row in rows
    )
    table(columns, cells)
    return int(Exit.GOOD)
