"""How much memory one operation takes above the message it is given, in a process of its own.

    python -m tools.bench.memory OPERATION FILE

FILE is the message the operation begins with. Counted is anonymous memory (RssAnon); its peak is
exact, because the kernel keeps it (VmHWM) and lets it be reset before the call.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools.bench.engine import CIPHERS, Inputs, Office, office
from tools.bench.messages import message

_STATUS: Final = Path("/proc/self/status")
_RESET_PEAK: Final = "5"  # proc(5), clear_refs
_WARM: Final = 10_000  # octets of the message that loads everything that is loaded once


def measured(operation: str, given: bytes, folder: Path) -> int:
    """Octets of the peak above the message, by a child process."""
    file = folder / "memory-input"
    file.write_bytes(given)
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.memory", operation, str(file)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return int(done.stdout)


def input_of(operation: str, inputs: Inputs) -> bytes:
    verb, _, mode = operation.partition(" ")
    if verb == "decrypt+verify":
        return inputs.encrypted[mode]
    return inputs.signed if verb == "verify" else inputs.plain


def main(operation: str, file: str) -> None:
    people = office()
    run = _runner(people, operation)
    run(input_of(operation, Inputs.of(message(_WARM), people)))
    given = Path(file).read_bytes()
    gc.collect()
    before = status("RssAnon")
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK)
    result = run(given)
    peak = status("VmHWM") - status("RssFile") - status("RssShmem")
    del result
    print(max(peak - before, 0))


def _runner(people: Office, operation: str) -> Callable[[bytes], object]:
    verb, _, mode = operation.partition(" ")
    if verb == "sign+encrypt":
        return lambda raw: people.sign_and_encrypt(raw, CIPHERS[mode])
    verbs: dict[str, Callable[[bytes], object]] = {
        "sign": people.sign,
        "verify": people.verify,
        "decrypt+verify": people.decrypt_and_verify,
    }
    return verbs[verb]


def status(field: str, of: Path = _STATUS) -> int:
    """A size of ``/proc/…/status``, in octets."""
    lines = of.read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:")) * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
