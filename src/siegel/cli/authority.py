"""``siegel authority``: the in-house authority, its certificates and its revocation lists."""

import os
from typing import TYPE_CHECKING

import click

from siegel.cli.exits import Exit
from siegel.cli.output import as_json, day, say, table
from siegel.cli.request import write_pem
from siegel.cli.settings import actor, now, ready
from siegel.cli.verbs import Late, Verbs
from siegel.config.schema import Settings
from siegel.pki.key_generation import KeyChoice

if TYPE_CHECKING:
    from siegel.flows.issuing import Workshop
    from siegel.store.authority_rows import AuthorityRow

KEYS = [choice.value for choice in KeyChoice]
REASONS = (
    "unspecified",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "privilegeWithdrawn",
)


@click.group(
    cls=Verbs,
    late={
        "enrol": Late(
            "siegel.cli.enrolling", "enrol", "Make key and certificate for an account of ours."
        ),
        "enrol-many": Late(
            "siegel.cli.enrolling", "enrol_many", "The same for the people of a table (CSV)."
        ),
        "renew": Late("siegel.cli.enrolling", "renew", "Renew the certificate of an account."),
        "recertify": Late(
            "siegel.cli.authority_upkeep", "recertify", "Renew the certificate of an authority."
        ),
        "crl": Late(
            "siegel.cli.authority_upkeep", "crl", "Issue the revocation lists that are due."
        ),
        "ocsp-respond": Late(
            "siegel.cli.authority_upkeep", "ocsp_respond", "Answer one question about revocation."
        ),
    },
)
def authority() -> None:
    """The in-house authority: certificates, revocations, lists."""


def workshop(settings: Settings) -> "Workshop":
    from siegel.flows.issuing import Workshop
    from siegel.flows.vaults import vault_of

    return Workshop(vault=vault_of(settings, at=now()), rng=os.urandom)


@authority.command()
@click.argument("name")
@click.option(
    "--publish-at",
    required=True,
    help="http:// address under which lists and certificates will be found by everybody.",
)
@click.option("--organisation", help="As it stands in certificates; default: as configured.")
@click.option("--country", default="DE", show_default=True)
@click.option("--identifier", default="", help="organizationIdentifier, like NTRDE-HRB 12345.")
@click.option("--domain", "domains", multiple=True, help="Only these; default: all of ours.")
@click.option(
    "--further-domain",
    "further",
    multiple=True,
    help="Of others: addresses there may be certified, too, once they are proved.",
)
@click.option("--key", type=click.Choice(KEYS), default=KeyChoice.RSA_4096.value, show_default=True)
@click.option("--policy", default="", help="Object identifier of a policy of your own.")
@click.option("--token", "in_token", is_flag=True, help="Make its keys in the configured token.")
@click.option("--trust", is_flag=True, help="Decide at once that its certificates count here.")
@click.option(
    "--request",
    type=click.Path(dir_okay=False),
    help="Below an authority outside: write the request to it (PEM) into this file.",
)
@click.pass_obj
def create(
    config_file: str | None,
    name: str,
    publish_at: str,
    organisation: str | None,
    country: str,
    identifier: str,
    domains: tuple[str, ...],
    further: tuple[str, ...],
    key: str,
    policy: str,
    in_token: bool,
    trust: bool,
    request: str | None,
) -> int:
    """Create a root and an issuing authority below it, with their first revocation lists.

    The issuing authority can certify addresses in the domains of the organisation, in further ones
    that are named here, and nowhere else: its certificate says so.
    """
    settings = ready(config_file)
    from siegel.ca.names import Organisation
    from siegel.flows import authorities

    plan = authorities.AuthorityPlan(
        name=name,
        organisation=Organisation(
            name=organisation or settings.organisation.name, country=country, identifier=identifier
        ),
        publish_at=publish_at,
        domains=domains,
        further=further,
        key=KeyChoice(key),
        policy=policy,
        in_token=in_token,
    )
    at, tools = now(), workshop(settings)
    if request is not None:
        row = authorities.create_below(plan, tools.vault, by=actor(), at=at)
        write_pem(request, authorities.request_of(row))
        say(_line(row))
        return int(Exit.GOOD)
    made = authorities.create(plan, tools.vault, rng=tools.rng, by=actor(), at=at, trust=trust)
    for row in (made.root, made.issuing):
        say(_line(row))
    if not trust and made.root.certificate is not None:
        say(f"not trusted yet: siegel authority trust {made.root.name!r}")
    return int(Exit.GOOD)


def _line(row: "AuthorityRow") -> str:
    certificate = row.certificate
    if certificate is None:
        return f"{row.kind}: {row.name}, waits for its certificate"
    return f"{row.kind}: {certificate.subject}  sha256 {certificate.fingerprint}"


@authority.command()
@click.argument("name")
@click.pass_obj
def trust(config_file: str | None, name: str) -> int:
    """Decide that certificates below our own root NAME count here."""
    ready(config_file)
    from siegel.flows import authorities

    row = authorities.trust_own(name, by=actor(), at=now())
    say(f"trusted: {_line(row)}")
    return int(Exit.GOOD)


@authority.command("list")
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def list_(config_file: str | None, json_: bool) -> int:
    """List the authorities of this installation."""
    ready(config_file)
    from siegel.flows import authority_view
    from siegel.store.authority_rows import IssuedCounts

    counts = authority_view.counts()
    rows = [(row, counts.get(row.id, IssuedCounts())) for row in authority_view.listing()]
    if json_:
        as_json([authority_view.described(row, counted) for row, counted in rows])
        return int(Exit.GOOD)
    table(
        ("name", "kind", "until", "issued", "revoked", "domains"),
        (
            (
                row.name,
                row.kind,
                day(row.certificate.not_after) if row.certificate else "waits",
                str(counted.issued),
                str(counted.revoked),
                ", ".join(row.domains) or "-",
            )
            for row, counted in rows
        ),
    )
    return int(Exit.GOOD)


@authority.command()
@click.argument("name")
@click.option("--json", "json_", is_flag=True, help="For programs.")
@click.pass_obj
def show(config_file: str | None, name: str, json_: bool) -> int:
    """Show one authority and what it issued lately: NAME or a part of it."""
    ready(config_file)
    from siegel.flows import authority_view

    found = authority_view.shown(name)
    if json_:
        as_json(found)
        return int(Exit.GOOD)
    for key, value in found.items():
        if key != "certificates":
            say(f"{key.replace('_', ' ')}: {_shown(value)}")
    table(
        ("serial", "subject", "until", "profile", "revoked"),
        (
            tuple(str(one[column] or "-")[:60] for column in _COLUMNS)
            for one in authority_view.recent(name)
        ),
    )
    return int(Exit.GOOD)


_COLUMNS = ("serial", "subject", "not_after", "profile", "reason")


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "-")


@authority.command()
@click.argument("name")
@click.option("--reason", type=click.Choice(REASONS), required=True)
@click.option("--yes", is_flag=True, help="Do not ask: a revocation is for ever.")
@click.pass_obj
def revoke(config_file: str | None, name: str, reason: str, yes: bool) -> int:
    """Revoke a certificate of ours for ever; the new list is issued at once.

    NAME is a fingerprint (or its beginning), an address or a serial number.
    """
    settings = ready(config_file)
    from siegel.ca.crl import RevocationReason
    from siegel.flows import issuing

    found = issuing.find(name)
    if not yes:
        click.confirm(f"revoke {found.certificate.subject} for ever?", abort=True)
    tools = workshop(settings)
    row = issuing.revoke(name, RevocationReason(reason), tools, by=actor(), at=now())
    say(f"revoked ({row.reason}): {row.certificate.subject}  serial {row.serial:x}")
    return int(Exit.GOOD)
