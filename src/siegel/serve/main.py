"""The command as installed: every verb of the command line, and those that run the doors."""

import sys
from typing import NoReturn

from siegel.cli.main import VERBS, run
from siegel.cli.verbs import OF_MESSAGE

VERBS["serve"] = ("siegel.serve.command", "serve")
VERBS["demo"] = ("siegel.serve.demo", "demo")
OF_MESSAGE["redeliver"] = ("siegel.serve.redelivering", "redeliver")


def main() -> NoReturn:
    """Entry point of ``siegel`` and ``python -m siegel``."""
    sys.exit(run(sys.argv[1:]))
