"""How the demo talks: a numbered headline, then short lines of what was found."""

import textwrap

import click

WIDTH = 96


class Deviation(Exception):
    """Something happened otherwise than it has to; the demo says so and fails."""


def headline(number: int, text: str) -> None:
    click.echo(f"\n{number}  {text}")


def line(label: str, text: str) -> None:
    start = f"   {label:<10} "
    click.echo(textwrap.fill(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start)))


def expect(happened: bool, what: str) -> None:
    """``what`` is the sentence that should be true."""
    if not happened:
        raise Deviation(f"this did not happen: {what}")
