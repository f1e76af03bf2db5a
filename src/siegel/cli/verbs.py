"""Groups whose verbs are imported when they are asked for: ``siegel --help`` stays quick, and
the verbs that work without a store never meet the modules that need one.
"""

import importlib
from typing import Any

import click

Place = tuple[str, str]  # module, attribute

OF_MESSAGE: dict[str, Place] = {}  # verbs of ``siegel message`` that other floors contribute


class Verbs(click.Group):
    """``late``: verb -> where its command is."""

    def __init__(self, *arguments: Any, late: dict[str, Place], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self._late, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._late:
            return super().get_command(ctx, cmd_name)
        module, attribute = self._late[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - a table error of ours
        return command
