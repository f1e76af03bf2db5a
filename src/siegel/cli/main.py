"""The command ``siegel``: verbs mirror the floors; modules load when their verb is called."""

import io
import os
import sys
import traceback

import click

from siegel import __version__
from siegel.base.errors import SiegelError, WrongPassphrase
from siegel.cli.exits import CliError, Exit, exit_for
from siegel.cli.output import printable
from siegel.cli.verbs import Late, Verbs

VERBS: dict[str, Late] = {
    name: Late(f"siegel.cli.{name}", name, line)
    for name, line in {
        "message": "Open and protect single messages (both without a configuration).",
        "path": "Certification paths (no configuration, no store).",
        "certificate": "Certificates of our own, of partners and of authorities.",
        "authority": "The in-house authority: certificates, revocations, lists.",
        "request": "Certificates from authorities outside: requests and their answers.",
        "acme": "Certificates from an authority that speaks ACME for mail.",
        "account": "Mail accounts of the organisation.",
        "partner": "Partners' certificates that wait for a person, and changes of keys.",
        "trust": "Which certification authorities count, and who decided so.",
        "rules": "When mail is signed, encrypted, refused.",
        "journal": "Show journal entries, the newest first.",
        "config": "The configuration file.",
        "key": "The key file.",
        "store": "The store: database and kept messages.",
        "admin": "People who administer this installation.",
    }.items()
}

# what the extra [server] brings; the engine and its verbs do without
_SERVER_PARTS = frozenset({"aiosmtpd", "django", "gunicorn", "nh3", "psycopg"})


class _Siegel(Verbs):
    """Knows when the reader of its output has gone: click would exit with 1, a verdict of ours."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            _drop_what_is_not_written()
            raise click.exceptions.Exit(int(Exit.BROKEN_PIPE)) from None


def _drop_what_is_not_written() -> None:
    """What is still in the buffer must not fail once more when Python ends: it would exit with 120.
    Nothing happens while standard output can be written, or where there is none."""
    if not isinstance(sys.stdout, io.TextIOBase):
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=_Siegel, late=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
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
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ö is no reason to fail
    try:
        result = cli.main(arguments, prog_name="siegel", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return _failed("stopped", Exit.INTERRUPTED)
    except (SiegelError, click.ClickException) as error:
        return _told(error)
    except Exception as error:
        return _unforeseen(error)
    return result if isinstance(result, int) else int(Exit.GOOD)


def _told(error: SiegelError | click.ClickException) -> int:
    if isinstance(error, WrongPassphrase):
        return _failed(f"{error}; give it with --passphrase-file", Exit.PASSPHRASE)
    if isinstance(error, SiegelError):
        return _failed(str(error), exit_for(error))
    if isinstance(error, CliError):
        return _failed(error.format_message(), error.code)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return int(Exit.USAGE)
    return _failed(_usage(error), Exit.USAGE)


def _unforeseen(error: Exception) -> int:
    if isinstance(error, ModuleNotFoundError):
        return _missing(error)
    if isinstance(error, OSError):
        _drop_what_is_not_written()
        return _failed(f"cannot read or write: {error.strerror or error}", Exit.UNAVAILABLE)
    if type(error).__module__ == "django.db.utils":  # known here by name alone: no store, no Django
        return _failed(f"the store does not answer ({error}); try again", Exit.TRY_LATER)
    return _internal(error)


def _failed(sentence: str, code: Exit) -> int:
    click.echo(printable(f"siegel: {sentence}"), err=True)
    return int(code)


def _usage(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context is not None else "siegel"
    return f"{error.format_message().rstrip('.')}; help: {path} --help"


def _missing(error: ModuleNotFoundError) -> int:
    if (error.name or "").partition(".")[0] in _SERVER_PARTS:
        needed = "this verb needs the server part: pip install 'siegel[server]'"
        return _failed(f"{needed} (missing: {error.name})", Exit.CONFIGURATION)
    return _internal(error)


def _internal(error: Exception) -> int:
    """Where, but not what it said: the text of an unforeseen error may quote a secret."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119 - a name, no file
    sentence = f"internal error, please report it: {type(error).__name__} at {place}"
    return _failed(sentence, Exit.INTERNAL)
