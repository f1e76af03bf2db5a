"""Fuzzing: targets, seeds made by our own script, and the runner behind ``make fuzz``."""

from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"
