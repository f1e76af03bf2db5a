"""The command ``siegel``: verbs mirror the floors; modules load when their verb is called."""

import importlib

import click

from siegel import __version__
from siegel.base.errors import SiegelError
from siegel.cli.exits import CliError, Exit, exit_for

# verb -> (module, attribute); imported on first use, so `siegel --help` stays quick
VERBS: dict[str, tuple[str, str]] = {
    "message": ("siegel.cli.message", "message"),
    "path": ("siegel.cli.path", "path"),
    "certificate": ("siegel.cli.certificate", "certificate"),
    "account": ("siegel.cli.account", "account"),
    "trust": ("siegel.cli.trust", "trust"),
    "rules": ("siegel.cli.rules", "rules"),
    "journal": ("siegel.cli.journal", "journal"),
    "config": ("siegel.cli.config", "config"),
    "key": ("siegel.cli.key", "key"),
    "store": ("siegel.cli.store", "store"),
    "admin": ("siegel.cli.admin", "admin"),
}


class Verbs(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*VERBS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return super().get_command(ctx, cmd_name)
        module, attribute = VERBS[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - a table error of ours
        return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="siegel")
@click.option(
    "--config",
    "config_file",
    type=click.Path(dir_okay=False),
    envvar="SIEGEL_CONFIG",
    help="The configuration file (needed by verbs that use the store).",
)
@click.pass_context
def cli(ctx: click.Context, config_file: str | None) -> None:
    """S/MIME for a whole organisation: sign, encrypt, open and verify mail."""
    ctx.obj = config_file


def run(arguments: list[str]) -> int:
    """Run one verb; every error ends as one line on stderr and a documented exit code."""
    try:
        result = cli.main(arguments, prog_name="siegel", standalone_mode=False)
    except SiegelError as error:
        click.echo(f"siegel: {error}", err=True)
        return int(exit_for(error))
    except CliError as error:
        click.echo(f"siegel: {error.format_message()}", err=True)
        return int(error.code)
    except click.ClickException as error:
        error.show()
        return int(Exit.USAGE)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        return int(Exit.GOOD)
    except Exception as error:  # the door: a bug of ours, said as such
        click.echo(f"siegel: internal error: {type(error).__name__}: {error}", err=True)
        return int(Exit.INTERNAL)
    return result if isinstance(result, int) else int(Exit.GOOD)
