"""The command as installed: every verb of the command line, and those that run the doors."""

import sys
from typing import NoReturn

from siegel.cli.main import VERBS, run
from siegel.cli.verbs import OF_MESSAGE, Late

VERBS["serve"] = Late(
    "siegel.serve.command", "serve", "Run the gateway, the pages and the worker until SIGTERM."
)
VERBS["demo"] = Late(
    "siegel.serve.demo",
    "demo",
    "Show Siegel at work: a demo office, its gateway, and mail with a partner.",
)
VERBS["mailbox"] = Late(
    "siegel.serve.mailbox_command",
    "mailbox",
    "Where the mail of accounts lies, and how fetching it goes.",
)
OF_MESSAGE["redeliver"] = Late(
    "siegel.serve.redelivering",
    "redeliver",
    "Open kept messages that came before their key, and deliver them again.",
)


def main() -> NoReturn:
    """Entry point of ``siegel`` and ``python -m siegel``."""
    sys.exit(run(sys.argv[1:]))
