"""``python -m siegel`` is the command ``siegel``."""

from siegel.cli.main import main

main()
