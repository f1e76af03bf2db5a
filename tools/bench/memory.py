"""How much memory one operation takes above the message it is given, in a process of its own.

    python -m tools.bench.memory FOLDER

FOLDER holds one file for each operation, by its name: the message that the operation begins with.
Counted is anonymous memory (RssAnon); its peak is exact, because the kernel keeps it (VmHWM) and
lets it be reset before the call.
"""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tools.bench.engine import CIPHERS, Inputs, Office, office, operations
from tools.bench.messages import message

_STATUS: Final = Path("/proc/self/status")
_RESET_PEAK: Final = "5"  # proc(5), clear_refs
_WARM: Final = 10_000  # octets of the message that loads everything that is loaded once


def measured(given: Mapping[str, bytes], folder: Path) -> dict[str, int]:
    """Octets of the peak above the message, for every operation."""
    for operation, raw in given.items():
        (folder / operation).write_bytes(raw)
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.memory", str(folder)],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    lines = done.stdout.decode().splitlines()
    return {name: int(octets) for name, octets in (line.rsplit(" ", 1) for line in lines)}


def input_of(operation: str, inputs: Inputs) -> bytes:
    verb, _, mode = operation.partition(" ")
    if verb == "decrypt+verify":
        return inputs.encrypted[mode]
    return inputs.signed if verb == "verify" else inputs.plain


def main(folder: Path) -> None:
    people = office()
    warm = Inputs.of(message(_WARM), people)
    for run in operations(people, warm).values():
        run()
    for operation in operations(people, warm):
        file = folder / operation
        if file.exists():
            print(operation, _forked(_runner(people, operation), file), flush=True)


def _forked(run: Callable[[bytes], object], file: Path) -> int:
    """The peak in a child that begins where we are, and leaves us as we were."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(send, str(_peak(run, file.read_bytes())).encode())
        finally:
            os._exit(0)
    os.close(send)
    with os.fdopen(receive) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return int(said)


def _peak(run: Callable[[bytes], object], given: bytes) -> int:
    gc.collect()
    before = status("RssAnon")
    Path("/proc/self/clear_refs").write_text(_RESET_PEAK)
    result = run(given)
    peak = status("VmHWM") - status("RssFile") - status("RssShmem")
    del result
    return max(peak - before, 0)


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
    main(Path(sys.argv[1]))
