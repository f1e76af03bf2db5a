"""The annotated default file is complete and true."""

import tomllib
from dataclasses import fields, is_dataclass
from pathlib import Path

from siegel.config.describe import describe, keys
from siegel.config.load import parse
from siegel.config.schema import Settings


def test_the_described_file_yields_the_defaults() -> None:
    assert parse(describe(), folder=Path("/anywhere")) == Settings()


def documented(table: dict[str, object], prefix: str = "") -> set[str]:
    names: set[str] = set()
    for name, value in table.items():
        inside = documented(value, f"{prefix}{name}.") if isinstance(value, dict) else set()
        names |= inside or {f"{prefix}{name}"}
    return names


def in_schema(section: object, prefix: str = "") -> set[str]:
    assert is_dataclass(section)
    names: set[str] = set()
    for each in fields(section):
        value = getattr(section, each.name)
        nested = "help" not in each.metadata
        names |= in_schema(value, f"{prefix}{each.name}.") if nested else {f"{prefix}{each.name}"}
    return names


def test_every_key_is_in_the_described_file() -> None:
    assert documented(tomllib.loads(describe())) == in_schema(Settings())
    assert {name for name, _ in keys()} == in_schema(Settings())


def test_every_key_has_a_sentence_above_it() -> None:
    text = " ".join(describe().replace("\n# ", " ").split())
    for name, explanation in keys():
        assert explanation.endswith("."), name
        assert " ".join(explanation.split()) in text, name


def test_every_section_says_what_it_is() -> None:
    lines = describe().splitlines()
    sections = [number for number, line in enumerate(lines) if line.startswith("[")]
    paths = [name.split(".")[:-1] for name, _ in keys()]
    named = {tuple(path[:depth]) for path in paths for depth in range(1, len(path) + 1)}
    assert len(sections) == len(named)
    assert all(lines[number - 1].startswith("# ") for number in sections)
    assert all(len(line) <= 100 for line in lines if line.startswith("#"))
