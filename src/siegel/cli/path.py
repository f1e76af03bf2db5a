"""``siegel path check``: is this certificate good, for mail, at that moment? No store needed."""

from datetime import UTC, datetime

import click

from siegel.cli.exits import CliError, Exit
from siegel.cli.files import Moment, read_certificates, read_crls
from siegel.cli.output import as_json, printable, say
from siegel.pki.anchors import AnchorSet, AnchorSource, TrustAnchor, public_email_roots
from siegel.pki.certificate import Certificate
from siegel.pki.evidence import Evidence
from siegel.pki.trust_facts import TrustFacts
from siegel.pki.verdict import PathStatus, PathVerdict, Purpose, RevocationStatus

FETCH_SECONDS = 30.0  # somebody waits at the terminal

_FILES = click.Path(dir_okay=False)


@click.group()
def path() -> None:
    """Certification paths (no configuration, no store)."""


@path.command()
@click.argument("certificate", type=_FILES)
@click.option("--anchor", "anchors", multiple=True, type=_FILES, help="Certificates to trust.")
@click.option("--public", is_flag=True, help="Also trust the public roots for e-mail.")
@click.option("--intermediate", "intermediates", multiple=True, type=_FILES)
@click.option("--crl", "crls", multiple=True, type=_FILES)
@click.option("--fetch", is_flag=True, help="Fetch missing issuers, lists and OCSP answers.")
@click.option("--private-host", "hosts", multiple=True, help="host or host:port to ask as well.")
@click.option("--purpose", type=click.Choice([p.value for p in Purpose]), default="any")
@click.option("--at", "moment", type=Moment(), help="The moment to judge for; default: now.")
@click.option("--json", "json_", is_flag=True)
def check(
    certificate: str,
    anchors: tuple[str, ...],
    public: bool,
    intermediates: tuple[str, ...],
    crls: tuple[str, ...],
    fetch: bool,
    hosts: tuple[str, ...],
    purpose: str,
    moment: datetime | None,
    json_: bool,
) -> int:
    """Judge the first certificate of the file; the others in it may serve as intermediates."""
    found = read_certificates([certificate])
    if not found:
        raise CliError(f"{certificate}: no certificate inside", Exit.BAD_INPUT)
    trusted = tuple(
        TrustAnchor(certificate=c, source=AnchorSource.VERIFIED_BY_HAND)
        for c in read_certificates(anchors)
    )
    facts = TrustFacts(
        anchors=AnchorSet(anchors=(*trusted, *(public_email_roots() if public else ()))),
        evidence=Evidence(
            intermediates=(*found[1:], *read_certificates(intermediates)), crls=read_crls(crls)
        ),
        at=moment or datetime.now(UTC),
    )
    if fetch:
        facts = _fetched(found[0], facts, hosts)
    verdict = facts.verdict(found[0], Purpose(purpose))
    if json_:
        as_json(verdict_json(verdict))
    else:
        _show(verdict)
    good = verdict.status is PathStatus.VALID and verdict.revocation is not RevocationStatus.REVOKED
    return int(Exit.GOOD if good else Exit.JUDGED)


def _fetched(certificate: Certificate, facts: TrustFacts, hosts: tuple[str, ...]) -> TrustFacts:
    """What was asked goes to standard error: the verdict stays readable for programs."""
    from siegel.config.schema import Revocation
    from siegel.flows.network import gathering, network

    work = gathering(network(Revocation(private_hosts=hosts)), FETCH_SECONDS)
    if work is None:
        return facts
    facts = work.complete([certificate], facts)
    for attempt in work.attempts:
        click.echo(printable(f"{attempt.outcome.value}: {attempt.url}"), err=True)
    return facts


def verdict_json(verdict: PathVerdict) -> dict[str, object]:
    return {
        "version": 1,
        "status": verdict.status.value,
        "revocation": verdict.revocation.value,
        "path": list(verdict.path),
        "anchor": verdict.anchor,
        "reasons": [
            {
                "finding": reason.finding.value,
                "depth": reason.depth,
                "detail": reason.detail,
                "at": reason.at.isoformat() if reason.at else None,
            }
            for reason in verdict.reasons
        ],
        "revoked_at": verdict.revoked_at.isoformat() if verdict.revoked_at else None,
        "at": verdict.at.isoformat(),
    }


def _show(verdict: PathVerdict) -> None:
    say(f"path: {verdict.status.value}, revocation: {verdict.revocation.value}")
    for reason in verdict.reasons:
        detail = f" ({reason.detail})" if reason.detail else ""
        say(f"  certificate {reason.depth}: {reason.finding.value}{detail}")
    for depth, fingerprint in enumerate(verdict.path):
        say(f"  {depth}: {fingerprint}")
