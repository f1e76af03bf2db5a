"""How read verbs print: JSON for programs, aligned columns for people."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

import click


def as_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; hostile text cannot move the cursor."""
    lines = [tuple(header), *(tuple(_printable(cell) for cell in row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    for line in lines:
        click.echo(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)
