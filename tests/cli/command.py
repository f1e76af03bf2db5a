"""Ways to run the command: as users do, and in a process that is warm already.

siegel("message", "open", "-", stdin=raw)    a process of its own, with real streams
quick("message", "open", "mail.eml")         the same entry, in this process
with Office(tmp_path) as office: ...         one installation; all its commands in one process
"""

import base64
import contextlib
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from siegel.cli.main import run
from tests.peers.installation import Hops, Installation

PATIENCE: Final = 120.0
importlib.import_module("siegel.serve.main")  # registers every verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one run of the command left behind."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def siegel(*arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Said:
    """``python -m siegel …`` with nothing of this process around it."""
    done = subprocess.run(
        [sys.executable, "-m", "siegel", *arguments],
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return Said(code=done.returncode, out=done.stdout, err=done.stderr.decode())


def quick(*arguments: str, stdin: bytes = b"") -> Said:
    """The same entry point in this process; for verbs without a store."""
    out, err = io.BytesIO(), io.BytesIO()
    with _streams(stdin, out, err):
        code = run(list(arguments))
    return Said(code=code, out=out.getvalue(), err=err.getvalue().decode())


@contextlib.contextmanager
def _streams(stdin: bytes, out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    before = sys.stdin, sys.stdout, sys.stderr
    texts = [io.TextIOWrapper(each, "utf-8") for each in (io.BytesIO(stdin), out, err)]
    sys.stdin, sys.stdout, sys.stderr = texts
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
        for each in texts:
            each.flush()
            each.detach()


class Office(Installation):
    """An installation whose commands run in one child process, one after the other."""

    def __init__(self, folder: Path, hops: Hops | None = None) -> None:
        self._console: subprocess.Popen[bytes] | None = None
        super().__init__(folder, hops or Hops.maildirs(folder))

    def ask(self, *arguments: str, stdin: bytes = b"") -> Said:
        """Run one command in the folder of the installation, whatever its exit code."""
        console = self._running()
        assert console.stdin is not None
        assert console.stdout is not None
        request = {
            "arguments": ["--config", str(self.config), *arguments],
            "stdin": base64.b64encode(stdin).decode(),
            "folder": str(self.folder),
        }
        console.stdin.write(json.dumps(request).encode() + b"\n")
        console.stdin.flush()
        line = console.stdout.readline()
        assert line, "the console ended"
        answer = json.loads(line)
        out = base64.b64decode(answer["out"])
        return Said(code=answer["code"], out=out, err=answer["err"])

    def siegel(self, *arguments: str, status: int = 0) -> str:
        said = self.ask(*arguments)
        assert said.code == status, f"{arguments}: {said.code}\n{said.text}\n{said.err}"
        return said.text

    def close(self) -> None:
        if self._console is not None:
            assert self._console.stdin is not None
            assert self._console.stdout is not None
            self._console.stdin.close()
            self._console.wait(PATIENCE)
            self._console.stdout.close()
            self._console = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._console is None:
            self._console = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.command"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
            )
        return self._console


def serve_requests() -> None:
    """The child of ``Office``: a request on each line, an answer on each line."""
    for line in sys.stdin.buffer:
        request = json.loads(line)
        os.chdir(request["folder"])
        said = quick(*request["arguments"], stdin=base64.b64decode(request["stdin"]))
        answer = {"code": said.code, "out": base64.b64encode(said.out).decode(), "err": said.err}
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    serve_requests()
