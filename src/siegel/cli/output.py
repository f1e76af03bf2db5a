"""How read verbs print: JSON for programs, lines and aligned columns for people.

Names, subjects and addresses come from strangers: what could move a cursor, colour a line or turn
its direction never reaches a terminal.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import click


def as_json(value: object) -> None:
    """In ASCII: control and direction characters of strangers are escaped, umlauts too."""
    click.echo(json.dumps(value, indent=2, default=str))


def say(text: str) -> None:
    """One line for people."""
    click.echo(printable(text))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    lines = [tuple(header), *(tuple(printable(cell) for cell in row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    for line in lines:
        click.echo(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def printable(text: str) -> str:
    """One line without control and direction characters."""
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.splitlines()))
