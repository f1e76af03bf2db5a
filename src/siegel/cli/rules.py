"""``siegel rules``: the organisation's switches, and what they make of a mail from X to Y."""

import json

import click

from siegel.cli.exits import CliError, Exit
from siegel.cli.output import as_json, say, table
from siegel.cli.settings import actor, now, ready


@click.group()
def rules() -> None:
    """When mail is signed, encrypted, refused."""


@rules.command()
@click.option("--json", "json_", is_flag=True)
@click.pass_obj
def show(config_file: str | None, json_: bool) -> int:
    """Show every rule with its value and what it does."""
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
@click.pass_obj
def set_(config_file: str | None, name: str, value: str) -> int:
    """Set a rule. VALUE is JSON, or a plain word: automatic, true, 3072, ["a.example"]."""
    ready(config_file)
    from siegel.flows.ruling import set_rule

    shown = set_rule(name, _value(value), by=actor(), at=now())
    say(f"{name} = {json.dumps(shown)}")
    return int(Exit.GOOD)


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
