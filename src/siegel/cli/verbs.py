"""Groups whose verbs are imported when they are called: ``siegel --help`` stays quick, and the
verbs that work without a store never meet the modules that need one.
"""

import importlib
from dataclasses import dataclass
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Late:
    """Where a command is, and its line in the list of verbs (the first of its own help)."""

    module: str
    attribute: str
    line: str

    def command(self) -> click.Command:
        command = getattr(importlib.import_module(self.module), self.attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - a table error of ours
        return command


OF_MESSAGE: dict[str, Late] = {}  # verbs of ``siegel message`` that other floors contribute


class Verbs(click.Group):
    """``late``: verbs beside those that are there already."""

    def __init__(self, *arguments: Any, late: dict[str, Late], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self._late, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        late = self._late.get(cmd_name)
        return late.command() if late is not None else super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._line(name)) for name in self.list_commands(ctx)])

    def _line(self, name: str) -> str:
        late = self._late.get(name)
        return late.line if late is not None else self.commands[name].get_short_help_str(limit=100)
