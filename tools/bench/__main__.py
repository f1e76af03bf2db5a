"""``python -m tools.bench [--quick] [--engine-only] [--out FILE]``: measure, print, write the page.

With ``--quick`` nothing is written unless ``--out`` says where: its figures mean nothing.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.bench.page import page
from tools.bench.results import FULL, QUICK, measured

PAGE = Path(__file__).parents[2] / "docs" / "performance.md"


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.bench")
    parser.add_argument("--quick", action="store_true", help="tiny messages: does it run at all?")
    parser.add_argument("--engine-only", action="store_true", help="leave the gateway out")
    parser.add_argument("--out", type=Path, help=f"where to write (default: {PAGE.name})")
    asked = parser.parse_args(arguments)
    results = measured(
        QUICK if asked.quick else FULL,
        with_gateway=not asked.engine_only,
        say=lambda what: print(what, file=sys.stderr, flush=True),
    )
    text = page(results)
    print(text)
    complete = not (asked.quick or asked.engine_only)
    out = asked.out or (PAGE if complete else None)
    if out is not None:
        out.write_text(text, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
