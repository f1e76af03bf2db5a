"""What it costs to import: each module in a fresh interpreter, taking turns."""

import subprocess
import sys
from statistics import median
from typing import Final

MODULES: Final = (
    "cryptography.x509",
    "cryptography.hazmat.primitives.serialization.pkcs7",
    "email.message",
    "siegel.smime.open",
    "siegel.smime.protect",
    "siegel.cli.main",
)
_PROGRAM: Final = """\
import sys, time
begin = time.process_time()
import {module}
spent = time.process_time() - begin
anonymous = next(line.split()[1] for line in open("/proc/self/status") if "RssAnon" in line)
print(spent, anonymous, len(sys.modules))
"""


def measured(rounds: int) -> dict[str, tuple[float, float, int]]:
    """Module → (seconds of processor time, octets of anonymous memory, modules loaded)."""
    found: dict[str, list[tuple[float, int, int]]] = {module: [] for module in MODULES}
    for _ in range(rounds):
        for module in MODULES:
            found[module].append(_imported(module))
    return {
        module: (
            median(seconds for seconds, _, _ in each),
            median(octets for _, octets, _ in each),
            each[0][2],
        )
        for module, each in found.items()
    }


def _imported(module: str) -> tuple[float, int, int]:
    program = _PROGRAM.format(module=module)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    seconds, anonymous, loaded = done.stdout.split()
    return float(seconds), int(anonymous) * 1024, int(loaded)
