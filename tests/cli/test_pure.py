"""The pure verbs need no configuration, no Django, and nothing of the extra ``[server]``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from siegel.cli.main import VERBS
from siegel.cli.verbs import OF_MESSAGE
from tests.cli.desk import ALICE, HUBER, Desk

# An environment in which the extra was not installed: every import of its parts fails.
_WITHOUT_SERVER = """
import json, sys
from importlib.abc import MetaPathFinder
BLOCKED = {"aiosmtpd", "django", "gunicorn", "nh3", "psycopg"}
class Blocker(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Blocker())
import siegel.serve.main
from siegel.cli.main import run
code = run(sys.argv[1:])
loaded = sorted(BLOCKED & {name.partition(".")[0] for name in sys.modules})
print(json.dumps({"code": code, "loaded": loaded}), file=sys.stderr)
"""


def without_server(*arguments: str, folder: Path) -> tuple[int, bytes, str]:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT_SERVER, *arguments],
        capture_output=True,
        cwd=folder,
        check=True,
    )
    *said, last = done.stderr.decode().splitlines()
    report = json.loads(last)
    assert report["loaded"] == []
    return report["code"], done.stdout, "\n".join(said)


def test_the_pure_verbs_run_without_the_server_part(desk: Desk) -> None:
    key = ("--passphrase-file", desk.passphrase)
    code, written, said = without_server(
        "message", "protect", desk.plain(), "--sign", desk.p12(ALICE), *key,
        "--recipient", desk.certificate(HUBER), folder=desk.folder,
    )  # fmt: skip
    assert (code, said) == (0, "")
    message = desk.file("m.eml", written)
    arguments = ("message", "open", message, *desk.key(HUBER), *desk.trust)
    assert without_server(*arguments, folder=desk.folder)[0] == 0
    check = ("path", "check", desk.certificate(ALICE), *desk.trust, "--json")
    assert without_server(*check, folder=desk.folder)[0] == 0
    assert without_server("path", "check", desk.root, "--public", folder=desk.folder)[0] == 1


@pytest.mark.parametrize(
    "arguments",
    [(), ("--help",), ("--version",), ("message", "--help"), ("certificate", "import", "--help"),
     ("config", "describe"), ("serve", "--help")],
    ids=lambda given: "-".join(given) or "nothing",
)  # fmt: skip
def test_help_and_description_need_no_server_part(tmp_path: Path, arguments: tuple[str]) -> None:
    code, out, said = without_server(*arguments, folder=tmp_path)
    if arguments:
        assert (code, said) == (0, "")
        assert out


def test_a_verb_with_a_store_says_which_part_is_missing(tmp_path: Path) -> None:
    config = tmp_path / "siegel.toml"
    config.write_text('[organisation]\nname = "Amt"\n', "utf-8")
    code, _, said = without_server("--config", str(config), "account", "list", folder=tmp_path)
    assert code == 78
    assert said.startswith("siegel: this verb needs the server part: pip install 'siegel[server]'")


def test_the_pure_verbs_never_meet_django_even_where_it_is(desk: Desk) -> None:
    script = (
        "import sys, siegel.serve.main\nfrom siegel.cli.main import run\n"
        "code = run(sys.argv[1:])\nassert 'django' not in sys.modules\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "message", "open", desk.signed(), *desk.trust],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_command_starts_quickly(desk: Desk) -> None:
    """``--help`` must not import the engine's corners: a tenth of what Django alone would load."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "siegel", "--version"],
        capture_output=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert not {name for name in loaded if name.partition(".")[0] in ("django", "OpenSSL")}


def test_the_list_of_verbs_says_what_the_verbs_say() -> None:
    late = {**VERBS, **OF_MESSAGE}
    said = {name: each.command().get_short_help_str(limit=100) for name, each in late.items()}
    line = {name: each.line for name, each in late.items()}
    assert {n: text.rstrip(".") for n, text in said.items()} == {
        n: text.rstrip(".") for n, text in line.items()
    }
