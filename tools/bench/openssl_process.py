"""The yardstick everybody has: ``openssl cms``, one process for each step, files in and out.

Starting the program counts: that is what a caller pays. Two steps are two processes. The path of
the signer is not checked (``-noverify``), as it is not by the candidate.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.peers.programs import must, program

from tools.bench.engine import CIPHERS, RECIPIENT, SIGNER, Inputs

_CIPHER_OPTIONS = {"CBC": "-aes-256-cbc", "GCM": "-aes-256-gcm"}


class Files:
    """A folder with keys, certificates and the inputs of one size."""

    def __init__(self, folder: Path, inputs: Inputs) -> None:
        self._openssl = program("openssl")
        self._signer = SIGNER.write(folder)
        self._reader = RECIPIENT.write(folder)
        self._plain = _written(folder / "plain", inputs.plain)
        self._signed = _written(folder / "signed", inputs.signed)
        self._encrypted = {
            mode: _written(folder / mode, raw) for mode, raw in inputs.encrypted.items()
        }
        self._middle, self._out = folder / "middle", folder / "out"

    def sign(self, out: Path) -> None:
        files = self._signer
        keys = ["-signer", str(files.certificate), "-inkey", str(files.key)]
        options = [*keys, "-certfile", str(files.chain), "-md", "sha256", "-binary", "-crlfeol"]
        self._cms("-sign", self._plain, out, options)

    def verify(self, given: Path) -> None:
        self._cms("-verify", given, self._out, ["-noverify"])

    def sign_and_encrypt(self, mode: str) -> None:
        self.sign(self._middle)
        options = [_CIPHER_OPTIONS[mode], "-binary", "-recip", str(self._reader.certificate)]
        self._cms("-encrypt", self._middle, self._out, options)

    def decrypt_and_verify(self, mode: str) -> None:
        files = self._reader
        options = ["-recip", str(files.certificate), "-inkey", str(files.key)]
        self._cms("-decrypt", self._encrypted[mode], self._middle, options)
        self.verify(self._middle)

    def operations(self) -> dict[str, Callable[[], object]]:
        both: dict[str, Callable[[], object]] = {
            "sign": lambda: self.sign(self._out),
            "verify": lambda: self.verify(self._signed),
        }
        for mode in CIPHERS:
            both[f"sign+encrypt {mode}"] = partial(self.sign_and_encrypt, mode)
            both[f"decrypt+verify {mode}"] = partial(self.decrypt_and_verify, mode)
        return both

    def _cms(self, verb: str, given: Path, out: Path, options: list[str]) -> None:
        must([self._openssl, "cms", verb, "-in", str(given), "-out", str(out), *options])


def version() -> str:
    return must([program("openssl"), "version"]).decode().strip()


def _written(path: Path, octets: bytes) -> Path:
    path.write_bytes(octets)
    return path
