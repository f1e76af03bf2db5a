"""Write (or with --check compare) every generated document.

python tools/generate_docs.py [--check]
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import django

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siegel.config.django")
django.setup()  # some limits stand beside queries

from tools import (  # noqa: E402 - path first
    make_algorithms,
    make_help,
    make_limits,
    make_regeln,
    make_requirements,
    make_specifications,
)

PAGES: dict[Path, Callable[[], str]] = {
    make_regeln.PAGE: make_regeln.page,
    make_requirements.PAGE: make_requirements.page,
    make_limits.PAGE: make_limits.page,
    make_algorithms.PAGE: make_algorithms.page,
    make_specifications.PAGE: make_specifications.page,
    **make_help.pages(),
}


def main() -> int:
    stale: list[str] = []
    for path, page in PAGES.items():
        text = page()
        if "--check" not in sys.argv:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            stale.append(str(path.relative_to(ROOT)))
    for name in stale:
        print(f"out of date: {name} (run: make docs)")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
