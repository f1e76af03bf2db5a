"""Run the fuzzer: ``make fuzz`` or ``python -m tests.fuzz [TARGET…] [--seconds N]``.

Every target runs in a process of its own under atheris (libFuzzer) with the committed seeds; what
it learns is kept in var/fuzz and used again. An input that takes ten seconds or two gigabytes is
a finding, too. Exit 1 when there was one; the input lies in var/fuzz/findings.
"""

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

from tests.fuzz import SEEDS

WORK = Path("var/fuzz")
SECONDS_PER_INPUT = 10  # the slowest real message of this size takes a hundredth
MEBIBYTES = 2048
LONGEST_INPUT = 65_536  # octets; longer ones find nothing new and are slow to change
PACKAGES = ["siegel.base", "siegel.mime", "siegel.cms", "siegel.pki", "siegel.smime"]


def main() -> int:
    options = _options()
    if options.inside:
        return _inside(options.inside, options.seconds)
    names = options.targets or sorted(path.name for path in SEEDS.iterdir())
    codes = {name: _run(name, options.seconds) for name in names}
    for name, code in codes.items():
        print(f"{name}: {'no finding' if code == 0 else f'FINDING (exit {code})'}")
    return 1 if any(codes.values()) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run(name: str, seconds: int) -> int:
    call = [sys.executable, "-m", "tests.fuzz", "--inside", name, "--seconds", str(seconds)]
    print(f"== {name}: {seconds} s", flush=True)
    return subprocess.run(call, check=False).returncode


def _inside(name: str, seconds: int) -> int:
    learnt, findings = WORK / name, WORK / "findings"
    for folder in (learnt, findings):
        folder.mkdir(parents=True, exist_ok=True)
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=PACKAGES):
        targets = importlib.import_module("tests.fuzz.targets")
    arguments = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS_PER_INPUT}",
        f"-rss_limit_mb={MEBIBYTES}",
        f"-max_len={LONGEST_INPUT}",
        f"-artifact_prefix={findings}/{name}-",
        "-print_final_stats=1",
        str(learnt),
        str(SEEDS / name),
    ]
    atheris.Setup(arguments, targets.TARGETS[name])
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
