"""What it costs to import: each statement in a fresh interpreter, taking turns."""

import subprocess
import sys
from statistics import median
from typing import Final

YARDSTICK: Final = "import cryptography.x509"
LIBRARY: Final = (
    "import siegel",
    "from siegel import open_message",
    "from siegel import sign",
)
"""What a program imports that uses the library; ``goals.IMPORT_AT_MOST`` counts for these."""
STATEMENTS: Final = (
    "import cryptography",
    YARDSTICK,
    "import cryptography.hazmat.primitives.serialization.pkcs7",
    "import email.message",
    *LIBRARY,
    "import siegel.smime.open",  # the engine, which the library loads with the first message
    "import siegel.cli.main",
)
_PROGRAM: Final = """\
import sys, time
begin = time.process_time()
{statement}
spent = time.process_time() - begin
anonymous = next(line.split()[1] for line in open("/proc/self/status") if "RssAnon" in line)
print(spent, anonymous, len(sys.modules))
"""


def measured(rounds: int) -> dict[str, tuple[float, float, int]]:
    """Statement → (seconds of processor time, octets of anonymous memory, modules loaded)."""
    found: dict[str, list[tuple[float, int, int]]] = {statement: [] for statement in STATEMENTS}
    for _ in range(rounds):
        for statement in STATEMENTS:
            found[statement].append(_imported(statement))
    return {
        statement: (
            median(seconds for seconds, _, _ in each),
            median(octets for _, octets, _ in each),
            each[0][2],
        )
        for statement, each in found.items()
    }


def _imported(statement: str) -> tuple[float, int, int]:
    program = _PROGRAM.format(statement=statement)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    seconds, anonymous, loaded = done.stdout.split()
    return float(seconds), int(anonymous) * 1024, int(loaded)
