"""How the demo talks: a numbered headline, then short lines of what was found."""

import textwrap

import click

WIDTH = 96


class DeviationError(Exception):
    """Something happened otherwise than it has to; the demo says so and fails."""


def headline(number: int, text: str) -> None:
    click.echo(f"\n{number}  {text}")


def line(label: str, text: str) -> None:
    start = f"   {label:<10} "
    below = " " * len(start)
    for each in textwrap.wrap(
        text, WIDTH, initial_indent=start, subsequent_indent=below, break_long_words=False,
        break_on_hyphens=False,
    ):  # fmt: skip
        click.echo(each)


def copyable(label: str, text: str) -> None:
    """A command or a path: never broken, so that it can be copied."""
    click.echo(f"   {label:<10} {text}")


def expect(happened: bool, what: str) -> None:
    """``what`` is the sentence that should be true."""
    if not happened:
        raise DeviationError(f"this did not happen: {what}")
