"""The annotated default file (``siegel config describe``), made from ``schema``.

What it prints is a configuration file itself: read back, it yields the defaults.
"""

import json
from collections.abc import Iterator
from dataclasses import Field, fields, is_dataclass
from textwrap import wrap

from siegel.config.schema import Settings

WIDTH = 96  # columns of the comments

HEAD = """\
# Configuration of Siegel: every key with its default. Keys you do not need may be left out;
# unknown keys are errors. Relative paths start at the folder of this file. Passwords and keys
# stand in files of their own (…_file). Check with: siegel config check
"""


def describe() -> str:
    return HEAD + "".join(f"\n{line}" for line in _section(Settings(), "")) + "\n"


def keys() -> tuple[tuple[str, str], ...]:
    """(dotted key, explanation) of every key, for the documentation."""
    return tuple(_keys(Settings(), ""))


def _section(section: object, prefix: str) -> Iterator[str]:
    plain, nested = _split(section)
    for key in plain:
        yield from (f"# {line}" for line in wrap(str(key.metadata["help"]), WIDTH))
        yield f"{key.name} = {_toml(getattr(section, key.name))}"
    for key in nested:
        inner = getattr(section, key.name)
        yield f"\n# {(inner.__doc__ or '').strip()}"
        yield f"[{prefix}{key.name}]"
        yield from _section(inner, f"{prefix}{key.name}.")


def _keys(section: object, prefix: str) -> Iterator[tuple[str, str]]:
    plain, nested = _split(section)
    for key in plain:
        yield f"{prefix}{key.name}", str(key.metadata["help"])
    for key in nested:
        yield from _keys(getattr(section, key.name), f"{prefix}{key.name}.")


def _split(section: object) -> tuple[list["Field[object]"], list["Field[object]"]]:
    """Plain keys first: in TOML a key after ``[a.b]`` would belong to ``a.b``."""
    assert is_dataclass(section)  # noqa: S101 - narrows the type for fields()
    every = fields(section)
    return [f for f in every if "help" in f.metadata], [
        f for f in every if "help" not in f.metadata
    ]


def _toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    return json.dumps(str(value), ensure_ascii=False)
