"""``python -m siegel`` is the command ``siegel``."""

from siegel.serve.main import main

main()
