"""docs/cli.md is complete: every verb, argument, option, exit code and key of the JSON."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from siegel.cli.exits import Exit
from siegel.cli.main import cli
from tests.cli import shapes

importlib.import_module("siegel.serve.main")  # registers every verb
PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
OBJECTS = {
    "Message": shapes.MESSAGE,
    "Errant layer": shapes.ERRANT,
    "Protected field": shapes.PROTECTED_FIELD,
    "Encrypted layer": shapes.ENCRYPTED,
    "Recipient": shapes.RECIPIENT,
    "Signed layer": shapes.SIGNED,
    "Signer": shapes.SIGNER,
    "Countersignature": shapes.COUNTERSIGNATURE,
    "Security label": shapes.SECURITY_LABEL,
    "Receipt": shapes.RECEIPT,
    "Compressed layer": shapes.COMPRESSED,
    "Identifier": {"issuer": str, "serial": str, "subject_key_identifier": str},
    "Certificate": shapes.CERTIFICATE,
    "Path": shapes.PATH,
    "Path reason": shapes.PATH_REASON,
}


def leaves(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield name, command
        return
    context = click.Context(command)
    for verb in command.list_commands(context):
        child = command.get_command(context, verb)
        assert child is not None
        yield from leaves(child, f"{name} {verb}")


COMMANDS = dict(leaves(cli, "siegel"))


def section(title: str) -> str:
    """From a heading of the third level to the next heading."""
    found = re.search(rf"^### {re.escape(title)}$(.*?)(?=^##|\Z)", PAGE, re.M | re.S)
    assert found, f"docs/cli.md has no section: {title}"
    return found[1]


def rows(text: str) -> list[str]:
    """The first column of the tables."""
    cells = re.findall(r"^\| ([^|]+) \|", text, re.M)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_verb_is_there_with_its_arguments_and_exactly_its_options(name: str) -> None:
    parameters = COMMANDS[name].params
    arguments = [p.human_readable_name for p in parameters if isinstance(p, click.Argument)]
    options = [
        o for p in parameters if isinstance(p, click.Option) for o in (*p.opts, *p.secondary_opts)
    ]
    assert rows(section(f"`{' '.join([name, *arguments])}`")) == options


def test_no_verb_is_described_that_does_not_exist() -> None:
    described = re.findall(r"^### `(siegel [a-z -]+)", PAGE, re.M)
    assert sorted(name.strip() for name in described) == sorted(COMMANDS)


def test_the_options_of_the_command_itself_are_there() -> None:
    for parameter in cli.params:
        for option in parameter.opts:
            assert f"`{option}`" in PAGE


def test_every_choice_is_named() -> None:
    for name, command in COMMANDS.items():
        for parameter in command.params:
            if isinstance(parameter.type, click.Choice):
                title = next(t for t in re.findall(r"^### (`siegel .*)$", PAGE, re.M)
                             if re.match(rf"`{name}(`| [A-Z])", t))  # fmt: skip
                for choice in parameter.type.choices:
                    assert f"`{choice}`" in section(title), f"{name}: {choice}"


def test_every_exit_code_is_in_the_table() -> None:
    table = re.findall(r"^\| (\d+) \| `([A-Z_]+)` \|", PAGE, re.M)
    assert {(int(code), name) for code, name in table} == {(one.value, one.name) for one in Exit}


@pytest.mark.parametrize("title", OBJECTS)
def test_every_key_of_the_json_is_explained_and_no_other(title: str) -> None:
    shape = OBJECTS[title]
    assert isinstance(shape, dict)
    assert rows(section(title)) == list(shape)


def test_every_outer_field_is_named() -> None:
    fields = shapes.MESSAGE["outer_fields"]
    assert isinstance(fields, dict)
    assert all(f"`{name}`" in section("Message") for name in fields)


@pytest.mark.parametrize("title", ["`siegel nonsense`", "Nonsense"])
def test_what_is_missing_is_noticed(title: str) -> None:
    with pytest.raises(AssertionError, match="no section"):
        section(title)
