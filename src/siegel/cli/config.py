"""``siegel config``: the annotated configuration file, and whether an installation is sound."""

from pathlib import Path

import click

from siegel.base.errors import ConfigurationError
from siegel.cli.exits import Exit
from siegel.cli.output import say
from siegel.cli.roots import warn_without_store
from siegel.cli.settings import now


@click.group()
def config() -> None:
    """The configuration file."""


@config.command()
def describe() -> int:
    """Print the configuration file with every key, its default and its meaning."""
    from siegel.config.describe import describe as describe_it

    click.echo(describe_it())
    return int(Exit.GOOD)


@config.command()
@click.pass_obj
def check(config_file: str | None) -> int:
    """Check the file and what it names: ports, folders, the key file."""
    if config_file is None:
        raise ConfigurationError("no configuration: name it with --config or SIEGEL_CONFIG")
    from siegel.config.check import check as check_it
    from siegel.config.load import load

    problems = check_it(load(Path(config_file)))
    warn_without_store(config_file, now())
    for problem in problems:
        say(str(problem))
    say("the configuration is sound" if not problems else f"{len(problems)} problems")
    return int(Exit.CONFIGURATION if problems else Exit.GOOD)
