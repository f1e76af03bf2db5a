"""``siegel rules``: the organisation's switches, and what they make of a mail from X to Y."""

import json
from collections.abc import Callable

import click

from siegel.cli.exits import CliError, Exit
from siegel.cli.output import as_json, say, table
from siegel.cli.settings import actor, now, ready


@click.group()
def rules() -> None:
    """When mail is signed, encrypted, refused."""


def _levels(command: Callable[..., int]) -> Callable[..., int]:
    """``--domain``, ``--partner`` and ``--account``; at most one of them makes sense."""
    for level, of in (("account", "an account"), ("partner", "a partner"), ("domain", "a domain")):
        command = click.option(f"--{level}", help=f"The rule of {of}, for its mail alone.")(command)
    return command


@rules.command()
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def show(config_file: str | None, json_: bool) -> int:
    """Show every rule of the organisation with its value and what it does."""
    ready(config_file)
    from siegel.policy.rules import describe
    from siegel.store.queries import organisation

    values = organisation.get_rules().to_dict()
    if json_:
        as_json(values)
        return int(Exit.GOOD)
    table(
        ("rule", "value", "what it does"),
        ((name, json.dumps(values[name]), doc) for name, _, doc in describe()),
    )
    return int(Exit.GOOD)


@rules.command("set")
@click.argument("name")
@click.argument("value")
@_levels
@click.pass_obj
def set_(
    config_file: str | None,
    name: str,
    value: str,
    domain: str | None,
    partner: str | None,
    account: str | None,
) -> int:
    """Set a rule. VALUE is JSON, or a plain word: automatic, true, 3072, ["a.example"].

    Of a domain, partner or account: null takes the rule back.
    """
    level = _one_level(domain=domain, partner=partner, account=account)
    ready(config_file)
    from siegel.flows.ruling import set_level_rule, set_rule
    from siegel.policy.rule_levels import Level

    if level is None:
        shown = set_rule(name, _value(value), by=actor(), at=now())
    else:
        kind, whose = level
        shown = set_level_rule(Level(kind), whose, name, _value(value), by=actor(), at=now())
    say(f"{name} = {json.dumps(shown)}")
    return int(Exit.GOOD)


@rules.command("levels")
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def levels(config_file: str | None, json_: bool) -> int:
    """List the rules of domains, partners and accounts; the nearer one counts."""
    ready(config_file)
    from siegel.store.queries.rule_levels import page

    rows = page(limit=_MOST_LEVELS)
    if json_:
        as_json(
            [
                {"level": r.layer.level.value, "name": r.layer.name, "rules": dict(r.layer.values)}
                for r in rows
            ]
        )
        return int(Exit.GOOD)
    table(
        ("level", "name", "rule", "value"),
        (
            (row.layer.level.value, row.layer.name, rule, json.dumps(value))
            for row in rows
            for rule, value in row.layer.values.items()
        ),
    )
    return int(Exit.GOOD)


_MOST_LEVELS = 10_000  # more exceptions than anybody can follow


def _one_level(**named: str | None) -> tuple[str, str] | None:
    given = [(level, name) for level, name in named.items() if name is not None]
    if len(given) > 1:
        raise click.UsageError("a rule is set at one level: --domain, --partner or --account")
    return given[0] if given else None


@rules.command()
@click.option("--from", "sender", required=True)
@click.option("--to", "recipients", multiple=True, required=True)
@click.option("--wish", type=click.Choice(["none", "sign", "encrypt"]), default="none")
@click.option("--language", type=click.Choice(["de", "en"]), default=None)
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def explain(
    config_file: str | None,
    sender: str,
    recipients: tuple[str, ...],
    wish: str,
    language: str | None,
    json_: bool,
) -> int:
    """Say what would happen to a mail, and why, for each recipient. Nothing is sent."""
    settings = ready(config_file)
    from siegel.flows.explaining import explain as explain_it
    from siegel.wording.words import Language

    explanation = explain_it(sender, recipients, wish, at=now())
    if json_:
        as_json(explanation.to_json())
    else:
        for line in explanation.lines(Language(language or settings.organisation.language)):
            say(line)
    return int(Exit.GOOD)


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        if text.startswith(("[", "{", '"')):
            raise CliError(f"not JSON: {text!r}", Exit.USAGE) from None
        return text
