"""BouncyCastle in one Java process that stays warm: what S/MIME gateways in Java are built on.

The program is ``java/BouncyBench.java``, compiled by ``java`` itself when it starts. It is asked
over its standard input, one call at a time, and answers with the processor time of the thread that
worked: compiling and collecting garbage run on other threads and are not counted against it.
"""

import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tools.bench.engine import RECIPIENT, SIGNER, Inputs

HEAP: Final = "2g"
_WARM_CALLS: Final = 150  # of each operation with the smallest message, until the compiler is done
_SOURCE: Final = Path(__file__).with_name("java") / "BouncyBench.java"
_JARS: Final = ("bcmail", "bcpkix", "bcprov", "bcutil", "javax.mail", "javax.activation")
_PATHS: Final = tuple(Path(f"/usr/share/java/{name}.jar") for name in _JARS)


def missing() -> str | None:
    """What is not there of all that it needs; None when it can run."""
    lacking = [path.name for path in _PATHS if not path.exists()]
    lacking += [] if shutil.which("javac") else ["a JDK"]
    return ", ".join(lacking) or None


def version() -> str:
    with zipfile.ZipFile(_PATHS[0]) as jar:
        manifest = jar.read("META-INF/MANIFEST.MF").decode("utf-8")
    fields = dict(line.split(": ", 1) for line in manifest.splitlines() if ": " in line)
    java = subprocess.run(["java", "-version"], capture_output=True, check=True).stderr.decode()
    said = fields.get("Bundle-Version") or fields.get("Implementation-Version", "of no version")
    return f"BouncyCastle {said} on {java.splitlines()[0]}, heap {HEAP}"


class BouncyCastle:
    """One Java process with the keys of Alice and Huber; ``folder`` is its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        files = [
            self._file("signer.der", SIGNER.certificate_der),
            self._file("signer.p8", SIGNER.pkcs8),
            self._file("chain.pem", b"".join(one.pem for one in SIGNER.intermediates)),
            self._file("reader.der", RECIPIENT.certificate_der),
            self._file("reader.p8", RECIPIENT.pkcs8),
        ]
        path = ":".join(map(str, _PATHS))
        self._java = subprocess.Popen(
            ["java", f"-Xmx{HEAP}", "-cp", path, str(_SOURCE), *map(str, files)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def warm_up(self, inputs: Inputs) -> None:
        for operation in self.operations(inputs).values():
            for _ in range(_WARM_CALLS):
                operation()

    def operations(self, inputs: Inputs) -> Mapping[str, Callable[[], float]]:
        """The engine's names; each call answers with its seconds."""
        size = len(inputs.plain)
        plain = self._file(f"plain-{size}", inputs.plain)
        signed = self._file(f"signed-{size}", inputs.signed)
        encrypted = self._file(f"encrypted-{size}", inputs.encrypted["CBC"])
        given = {
            "sign": plain,
            "verify": signed,
            "sign+encrypt CBC": plain,
            "sign+encrypt GCM": plain,
            "decrypt+verify CBC": encrypted,
            "decrypt+verify GCM": plain,
        }
        return {name: partial(self._ask, name, path) for name, path in given.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._java:
            self._java.kill()

    def _ask(self, operation: str, path: Path) -> float:
        stdin, stdout = self._java.stdin, self._java.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{operation} {path}\n".encode())
        stdin.flush()
        answer = stdout.readline()
        assert answer, f"BouncyCastle ended at {operation}"
        return int(answer) / 1e9

    def _file(self, name: str, octets: bytes) -> Path:
        path = self._folder / name
        path.write_bytes(octets)
        return path
